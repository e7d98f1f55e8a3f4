"""Sequences that moved others before: each is the cause alone, as short as it was found."""

from tests.sequences.commands import RETRY, Command, Declare, Factors, Ingest, IngestInbox, Sequence, Settle, Withdraw
from tests.sequences.meaning import LEAVES, NO_TIME, OTHERWISE, REFUSED, UNCLEAR, UNCLEAR_NOW
from tests.sequences.records import File, Row
from tests.sequences.rows import ADAS_OWN, ANYBODY, Template
from tests.sequences.world import ADAS, BEA, CAI, CAI_OF_APP, DEE, EVE, Person

_WIDER = (("scale", {"lo": 1, "hi": 10, "better": "higher"}),)
_MOOD, _CORRECTED = ANYBODY["fhir moods"][:2]


def _file(shape: str, *rows: Row) -> File:
    return File(shape, rows)


def _leave(*people: Person | None) -> Withdraw:
    """Return a withdrawal of these (None: Ada)."""
    return Withdraw(_file("withdrawals", *(Row(LEAVES, person) for person in people)))


def _consents(template: Template, person: Person) -> Ingest:
    return Ingest((_file("consents", Row(template, person)),))


def _of(*commands: Command, ada: int = 0) -> Sequence:
    return Sequence(ADAS[ada], consented=True, commands=commands)


KNOWN: dict[str, Sequence] = {
    "a row of hers that was refused, and a corrected scale": _of(
        Ingest((_file("canonical", Row(OTHERWISE, BEA), Row(NO_TIME)),)),
        Declare("canonical", _WIDER),
        RETRY,
    ),
    "a row of hers that was refused, and consents that came late": _of(
        Ingest((_file("canonical", Row(OTHERWISE, EVE), Row(NO_TIME)),)),
        Ingest((_file("consents", Row(ANYBODY["consents"][0], EVE)),)),
        RETRY,
    ),
    "her id is a word of others' files, and she leaves": _of(
        Ingest((_file("canonical", Row(NO_TIME, CAI)),)),
        Withdraw(_file("withdrawals", Row(LEAVES, DEE), Row(LEAVES))),
        ada=1,
    ),
    "a refused row of hers lay beside others', and she leaves": _of(
        Ingest((_file("canonical", Row(NO_TIME, CAI), Row(NO_TIME)),)),
        Withdraw(_file("withdrawals", Row(LEAVES, DEE), Row(LEAVES))),
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
    "whoever withdraws while a wrong list waits, and the list is cancelled": _of(
        _leave(BEA, CAI, DEE),
        _leave(BEA),
        Settle("--cancel"),
    ),
    "only with her does a deletion wait, and a leaver says something unclear again": _of(
        _consents(UNCLEAR, BEA),
        _leave(BEA, DEE, None),
        _consents(UNCLEAR_NOW, BEA),
    ),
    "an entry's own id, in a column called person_id, is somebody's number": _of(
        Ingest((_file("app", Row(ANYBODY["app"][0], CAI_OF_APP), Row(ANYBODY["app"][6])),)),
        Declare("app", _WIDER),
        RETRY,
        ada=3,
    ),
    "somebody unknown is suspended, and she leaves while a wrong list waits": _of(
        _consents(UNCLEAR, EVE),
        _leave(BEA, CAI, DEE, EVE),
        _leave(None),
        Settle("--cancel"),
    ),
    "a refused record of somebody who is suspended since": _of(
        Ingest((_file("canonical", Row(REFUSED["canonical"][1], BEA)),)),
        _consents(UNCLEAR_NOW, BEA),
        Declare("canonical", _WIDER),
        RETRY,
    ),
}
