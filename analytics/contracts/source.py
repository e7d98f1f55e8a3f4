"""One declaration per source: what a file of mood entries does not know about itself (never a person)."""

from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, field_validator, model_validator

from analytics.contracts.grid import Name
from analytics.contracts.reading import Frozen

ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=120)]


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
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            msg = "not a time zone of the IANA database"
            raise ValueError(msg) from None
        return zone


class SourceColumns(Frozen):
    """The file's names for what is read; anything else in the file is never looked at."""

    person: ColumnName
    time: ColumnName
    mood: ColumnName
    source_id: ColumnName | None = None
    """The source's own id of an entry, where it has one."""
    factors: ColumnName | None = None
    sleep_hours: ColumnName | None = None
    free_text: tuple[ColumnName, ...] = ()
    """Columns whose non-empty fields are counted and dropped in the reader."""

    @model_validator(mode="after")
    def _are_distinct(self) -> "SourceColumns":
        named = [self.person, self.time, self.mood, self.source_id, self.factors, self.sleep_hours, *self.free_text]
        used = [name for name in named if name is not None]
        if len(set(used)) != len(used):
            msg = "one column of the file is named for two things"
            raise ValueError(msg)
        return self


class Source(Frozen):
    """`sources/<name>.yaml`."""

    name: Name
    description: str
    delimiter: Literal[",", "\t", ";"]
    kind: Literal["momentary", "daily"]
    id_domain: Name
    missing: tuple[str, ...] = Field(default=("",))
    """Texts that mean `no value`, besides an empty field."""
    scale: Scale
    clock: Clock
    columns: SourceColumns
