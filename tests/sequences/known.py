"""Sequences that moved others before: each is the cause alone, as short as it was found."""

from tests.sequences.commands import Command, Declare, Factors, Ingest, IngestInbox, Run, Sequence, Withdraw
from tests.sequences.records import File, Row
from tests.sequences.rows import ADAS_OWN, ANYBODY
from tests.sequences.world import ADAS, BEA, CAI, DEE, EVE

_GOOD, _NO_TIME = ANYBODY["canonical"][1], ANYBODY["canonical"][5]
_LEAVES = ANYBODY["withdrawals"][0]
_MOOD, _CORRECTED = ANYBODY["fhir moods"][:2]
_RETRY = Run(("quarantine", "retry"))


def _file(shape: str, *rows: Row) -> File:
    return File(shape, rows)


def _of(*commands: Command, ada: int = 0) -> Sequence:
    return Sequence(ADAS[ada], consented=True, commands=commands)


KNOWN: dict[str, Sequence] = {
    "a row of hers that was refused, and a corrected scale": _of(
        Ingest((_file("canonical", Row(_GOOD, BEA), Row(_NO_TIME)),)),
        Declare("canonical", (("scale", {"lo": 1, "hi": 10, "better": "higher"}),)),
        _RETRY,
    ),
    "a row of hers that was refused, and consents that came late": _of(
        Ingest((_file("canonical", Row(_GOOD, EVE), Row(_NO_TIME)),)),
        Ingest((_file("consents", Row(ANYBODY["consents"][0], EVE)),)),
        _RETRY,
    ),
    "her id is a word of others' files, and she leaves": _of(
        Ingest((_file("canonical", Row(_NO_TIME, CAI)),)),
        Withdraw(_file("withdrawals", Row(_LEAVES, DEE), Row(_LEAVES))),
        ada=1,
    ),
    "a refused row of hers lay beside others', and she leaves": _of(
        Ingest((_file("canonical", Row(_NO_TIME, CAI), Row(_NO_TIME)),)),
        Withdraw(_file("withdrawals", Row(_LEAVES, DEE), Row(_LEAVES))),
    ),
    "a note of hers says Consent in the newer of two files": _of(
        IngestInbox(
            (
                (_file("fhir moods", Row(_MOOD, BEA)), 300),
                (_file("fhir moods", Row(_CORRECTED, BEA), Row(ADAS_OWN["fhir moods"][0])), 60),
            )
        )
    ),
    "a row of hers names so many factors": _of(
        Factors((("f", 63),)),
        Ingest(
            (
                _file(
                    "canonical factors",
                    Row(ANYBODY["canonical factors"][0], BEA),
                    Row(ADAS_OWN["canonical factors"][0]),
                ),
            )
        ),
    ),
}
