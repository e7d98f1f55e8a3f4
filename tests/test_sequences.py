"""One person never moves another, whatever the sequence of commands (L9): two neighbouring homes, one without Ada."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from analytics.contracts import Contracts
from analytics.vault.store import Vault
from tests.people import CANARY, Desk, entry, granted, query
from tests.sequences.commands import Ingest, Nothing, Run, Sequence, commands
from tests.sequences.comparing import differences, tables_of
from tests.sequences.exploring import explore
from tests.sequences.homes import Templates, without_engine_and_noise
from tests.sequences.reducing import reduced
from tests.sequences.records import ANYBODY, File, Row
from tests.sequences.running import DifferentError, Story, Tally
from tests.sequences.world import ADAS, BEA

SECONDS = 60.0
"""Of sequences here; `make sequences` runs them for an hour."""

MOST = 400
"""More than that many sequences are not chosen here, however fast the machine is."""


@pytest.mark.timeout(600)
def test_one_person_never_moves_another_whatever_the_sequence_of_commands() -> None:
    """After every command everything of everybody else is equal in both homes: the same sequences on each run."""
    tally = explore(0, MOST, SECONDS)
    assert tally.commands.total() > 0


