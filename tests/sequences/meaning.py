"""Rows by what they mean: stories and tests name them so."""

from tests.sequences.rows import ADAS_OWN, ANYBODY, Template

GOOD, OTHERWISE = ANYBODY["canonical"][:2]
NO_TIME = ANYBODY["canonical"][7]
GRANTED, WITHDREW, UNCLEAR = (ANYBODY["consents"][place] for place in (0, 2, 8))
UNCLEAR_NOW, WITHDRAWS_NOW = ANYBODY["consents"][9:]
LEAVES = ANYBODY["withdrawals"][0]

SOUND: dict[str, tuple[Template, ...]] = {
    "canonical": ANYBODY["canonical"][:5],
    "canonical ndjson": ANYBODY["canonical ndjson"][:4],
    "app": ANYBODY["app"][:4],
    "mydatahelps": ANYBODY["mydatahelps"][:3],
    "fhir moods": ANYBODY["fhir moods"][:5],
}
"""Entries that are accepted at first."""

REFUSED: dict[str, tuple[Template, ...]] = {
    "canonical": ANYBODY["canonical"][7:11],
    "canonical ndjson": ANYBODY["canonical ndjson"][4:],
    "app": ANYBODY["app"][4:],
    "mydatahelps": ANYBODY["mydatahelps"][3:],
    "fhir moods": ANYBODY["fhir moods"][6:],
}
"""Entries that are refused at first, and may be accepted under another declaration."""

OLD: tuple[Template, ...] = ANYBODY["canonical"][4:7]
"""Entries of which some are past retention once releases are drawn, the others some weeks later."""

SAYS_CONSENT: tuple[Template, ...] = ADAS_OWN["fhir moods"][:3]
"""Ada's moods that hold a word by which a file of consents might be known."""
