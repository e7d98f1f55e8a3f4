"""One declaration per source: what a file of mood entries does not know about itself (never a person)."""

import itertools
import re
import unicodedata
from contextlib import suppress
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, field_validator, model_validator

from analytics.contracts.grid import Key, Name
from analytics.contracts.patterns import fault_of_pattern
from analytics.contracts.reading import Frozen

ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=120)]

_OLDEST = 999
"""Above every age: where a band without an end ends."""


class Scale(Frozen):
    """The native mood scale, ends included."""

    lo: Decimal
    hi: Decimal
    better: Literal["higher", "lower"]

    @model_validator(mode="after")
    def _is_a_range(self) -> "Scale":
        if not (self.lo.is_finite() and self.hi.is_finite() and self.lo < self.hi):
            msg = "lo must lie below hi"
            raise ValueError(msg)
        return self


class Clock(Frozen):
    """How to read the source's times."""

    zone: str
    """Where its participants live, as an IANA name."""
    written: Literal["wall", "instant"]
    """`wall`: the text is the participant's own clock, an offset only fixes the instant. `instant`: the text is an
    instant (its offset, or the zone), and the local date is that instant's in the zone."""

    @field_validator("zone")
    @classmethod
    def _exists(cls, zone: str) -> str:
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            ZoneInfo(zone)
            return zone
        msg = "not a time zone of the IANA database"
        raise ValueError(msg)


class SourceColumns(Frozen):
    """The file's names for what is read; anything else in the file is never looked at.

    Formats whose layout is fixed need none of these; their readers know the names.
    """

    person: ColumnName | None = None
    """Absent: the whole file belongs to one person; the inbox folder or `--people` names that person."""
    time: ColumnName | None = None
    time_of_day: ColumnName | None = None
    """The clock time, where the file keeps it apart from the date."""
    mood: ColumnName | None = None
    source_id: ColumnName | None = None
    """The source's own id of an entry, where it has one."""
    factors: ColumnName | None = None
    sleep_hours: ColumnName | None = None
    sleep_quality: ColumnName | None = None
    free_text: tuple[ColumnName, ...] = ()
    """Columns whose non-empty fields are counted and dropped in the reader."""

    @model_validator(mode="after")
    def _are_distinct(self) -> "SourceColumns":
        used = [*self.free_text]
        for name in ("person", "time", "time_of_day", "mood", "source_id", "factors", "sleep_hours", "sleep_quality"):
            column = getattr(self, name)
            used += [] if column is None else [column]
        if len(set(used)) != len(used):
            msg = "one column of the file is named for two things"
            raise ValueError(msg)
        return self


class Instrument(Frozen):
    """A questionnaire whose totals are taken, never its items."""

    codes: tuple[str, ...]
    """The codes of its total score: LOINC's, or `system|code`."""
    lo: int
    hi: int
    better: Literal["higher", "lower"]


class Cohort(Frozen):
    """Where a register of people (FHIR Patient) says what a dimension of the grid asks for."""

    field: ColumnName
    """A path into the record, like `address.state`."""
    keys: dict[str, Key] = Field(default={})
    """The record's words to the grid's keys; another word never leaves a reader of FHIR, and is off the grid."""
    bands: tuple[Key, ...] = ()
    """The field is a date of birth, and these are the grid's bands of age: `16-24`, or `65+` without an end."""

    @field_validator("bands")
    @classmethod
    def _lie_apart(cls, bands: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"[0-9]{1,3}(?:-[0-9]{1,3}|\+)", band) for band in bands):
            msg = "a band of age is written like 16-24 or 65+"
            raise ValueError(msg)
        ages = sorted(_ages(band) for band in bands)
        if any(first > last for first, last in ages) or any(one[1] >= two[0] for one, two in itertools.pairwise(ages)):
            msg = "a band ends before it begins, or two bands share an age"
            raise ValueError(msg)
        return bands

    def band(self, age: int) -> str | None:
        """Return the band that holds an age in whole years."""
        return next((band for band in self.bands if _ages(band)[0] <= age <= _ages(band)[1]), None)


def _ages(band: str) -> tuple[int, int]:
    """Return the first and last age of a band."""
    first, _, last = band.removesuffix("+").partition("-")
    return int(first), _OLDEST if band.endswith("+") else int(last)


class ConsentWords(Frozen):
    """Which of a FHIR server's consents is the one to population statistics."""

    codes: tuple[str, ...] = Field(min_length=1)
    """Codes of `category`, `policyRule` or `provision.purpose` that mean it, as `code` of any system or `system|code`;
    a consent with other codes is passed over."""
    purposes: tuple[str, ...] = ()
    """Codes of a nested `provision.purpose` that mean it, besides `codes`."""
    permit_codes: tuple[str, ...] = ()
    """Codes of a nested `provision.code` that mean it: of forms that say no at the root and yes to single purposes."""


class Source(Frozen):
    """`sources/<name>.yaml`."""

    name: Name
    description: str
    format: Name = "generic"
    """The reader's name."""
    person: Literal["row", "file"] = "row"
    """Whether each row names its person (`row`), or the whole file belongs to one person (`file`)."""
    kind: Literal["momentary", "daily"]
    """What a row reports where it does not say so itself."""
    mixed: bool = False
    """Whether a file may hold consents or participants beside what depends on them."""
    id_domain: Name
    id_pattern: str | None = None
    """What the whole id of a person must match, as a regular expression, like `[0-9]{15}`; others refuse their row."""
    delimiter: Literal[",", "\t", ";"] = ","
    missing: tuple[str, ...] = Field(default=("",))
    """Texts that mean `no value`, besides an empty field."""
    scale: Scale
    clock: Clock
    time_form: str = "iso"
    """`iso`, `epoch_s`, `epoch_ms`, or a pattern like `%d.%m.%Y %H:%M`."""
    words: dict[str, Decimal] | None = None
    """Mood words to values on the scale, where the source writes words; any other word is quarantined."""
    word_separator: str | None = None
    """Where a cell may hold several words: their mean counts, if all of them are in the map."""
    factors: dict[str, Name] | None = None
    """The source's words to the contract's factors; others are dropped and counted. Without a map, the words must be
    the contract's own, and others refuse the row."""
    factor_separator: str = "|"
    sleep_quality: Scale | None = None
    columns: SourceColumns = SourceColumns()
    instruments: dict[Name, Instrument] = Field(default={})
    cohorts: dict[Name, Cohort] = Field(default={})
    consent: ConsentWords | None = None

    @field_validator("id_pattern")
    @classmethod
    def _can_be_used(cls, pattern: str | None) -> str | None:
        fault = None if pattern is None else fault_of_pattern(pattern)
        if fault is not None:
            raise ValueError(fault)
        return pattern

    @field_validator("words", "factors")
    @classmethod
    def _is_one_spelling(cls, words: dict[str, Any] | None) -> dict[str, Any] | None:
        if words is None:
            return None
        folded = {folded_word(word): value for word, value in words.items()}
        if len(folded) != len(words):
            msg = "two words of the map are one when upper case, outer white space and Unicode form are set aside"
            raise ValueError(msg)
        return folded

    @model_validator(mode="after")
    def _names_what_a_map_needs(self) -> "Source":
        needed = {"mood": self.columns.mood, "time": self.columns.time}
        if self.person == "row":
            needed["person"] = self.columns.person
        missing = [name for name, column in needed.items() if column is None]
        if self.format == "generic" and missing:
            msg = f"columns must name {', '.join(missing)}"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _words_lie_on_the_scale(self) -> "Source":
        if any(not self.scale.lo <= value <= self.scale.hi for value in (self.words or {}).values()):
            msg = "a word's value lies outside the scale"
            raise ValueError(msg)
        return self


def folded_word(word: str) -> str:
    """Return a word as maps compare it: NFKC, lower case, single blanks, none outside."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())
