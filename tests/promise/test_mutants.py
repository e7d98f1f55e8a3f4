"""The planted faults are still faults of this code: each text that they change is where they say, once."""

import pytest

from tests.mutants.__main__ import ROOT
from tests.mutants.faults import FAULTS, Fault


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_can_be_planted(fault: Fault) -> None:
    """Its place is there, once, it is written otherwise, and the tests that should find it exist."""
    for edit in fault.edits:
        assert (ROOT / edit.file).read_text("utf-8").count(edit.old) == 1, edit.file
        assert edit.old != edit.new
    assert fault.tests
    for test in fault.tests:
        file, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text("utf-8") or not name, test


def test_faults_have_names_of_their_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
