"""`release_plan*.yaml`: the privacy policy as a checked, frozen value. Nothing here has seen a row."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from analytics.canonical import canonical_json, sha256_hex
from analytics.contracts.assumptions import Assumptions
from analytics.contracts.grid import Grid, Label, Name
from analytics.contracts.measure import Measure
from analytics.contracts.reading import Frozen
from analytics.periods import MOST_DAYS, Cadence, Period, most_touched

MICRO = 1_000_000
"""Micro-persons in a person: every person's shares of one measure and period sum to at most this."""

NANO = 1_000_000_000
"""Nano-rho in rho: losses are integers."""

MOST_ERASED_AT_ONCE = 25
"""People, where a plan does not say: more than a small service loses in a week, fewer than a wrong file names."""

Rho = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=9)]

PolicyVersion = Annotated[str, Field(pattern=r"^[0-9A-Za-z.-]{1,20}$")]


class Product(Frozen):
    """One series of releases with a fixed part of the yearly cap."""

    label: Label
    cadence: Cadence
    from_: date = Field(alias="from")
    part_rho: Rho
    most_releases_per_person: Annotated[int, Field(ge=1)] | None = None
    """In how many releases of any 53 consecutive weeks a participant counts at most, first come; none: in all."""
    tables: dict[Name, tuple[tuple[Name, ...], ...]] = Field(min_length=1)
    """For each measure, its tables as tuples of dimensions; `[]` is everyone."""
    strata: dict[Name, tuple[Name, ...]] = Field(default={}, exclude_if=lambda value: not value)
    """For each measure that is weighted to public sizes, the table whose cohorts are the strata, fixed before a row."""

    @field_validator("tables")
    @classmethod
    def _each_table_once(cls, tables: dict[str, tuple[tuple[str, ...], ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
        for measure, listed in tables.items():
            names = [frozenset(dimensions) for dimensions in listed]
            if not listed or len(set(names)) != len(names):
                msg = f"measure '{measure}' needs at least one table, and each only once"
                raise ValueError(msg)
            if any(len(set(dimensions)) != len(dimensions) for dimensions in listed):
                msg = f"measure '{measure}' crosses a dimension with itself"
                raise ValueError(msg)
        return tables

    @model_validator(mode="after")
    def _strata_are_tables(self) -> "Product":
        for measure, dimensions in self.strata.items():
            if not dimensions or dimensions not in self.tables.get(measure, ()):
                msg = f"the strata of '{measure}' must be one of its tables here, over at least one dimension"
                raise ValueError(msg)
        return self

    @property
    def part_nano(self) -> int:
        """The most that all its releases may cost whoever logs on any 366 days, in nano-rho."""
        return int(self.part_rho * NANO)

    def measured(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return every (measure, dimensions) of one release, in the plan's order."""
        return [(measure, dimensions) for measure, listed in self.tables.items() for dimensions in listed]


class Display(Frozen):
    """When a cohort's figures are shown: by the noise law alone, never by a true count."""

    floor_people: Annotated[Decimal, Field(ge=0)]
    floor_noise_sds: Annotated[Decimal, Field(ge=0)]
    caution_half_width: Annotated[Decimal, Field(gt=0)]
    """In points of a scale from 0 to 100."""


class FrozenMeasure(Frozen):
    """What `plan --freeze` solved for one product's measure: integers, never solved again at a draw."""

    basis: tuple[tuple[int, ...], ...]
    sigma: dict[Name, Annotated[int, Field(gt=0)]]
    """Per table, the noise's standard deviation in micro-persons."""


class RevisionReserve(Frozen):
    """The fixed part of the cap that revisions may use."""

    part_rho: Rho
    most_in_53_weeks: Annotated[int, Field(ge=0)]
    """The most revisions in any 53 weeks, and the most that may read a day of any 366 days of logging."""

    @property
    def allowance_nano(self) -> int:
        """The loss that one revision may have, in nano-rho; 0 where none is allowed."""
        return int(self.part_rho * NANO) // self.most_in_53_weeks if self.most_in_53_weeks else 0


class PromiseVersion(Frozen):
    """What people agreed to from a day on: a version of the promise, and the cap that it promised."""

    version: PolicyVersion
    cap_rho: Annotated[Rho, Field(gt=0)]
    from_: date = Field(alias="from")
    """The first day (UTC) on which a yes was to this version. A yes of before the first version counts as to that."""

    @property
    def cap_nano(self) -> int:
        """The promised cap, in nano-rho."""
        return int(self.cap_rho * NANO)


class Rebase(Frozen):
    """A declared break: from a period on, a product's series are judged by new limits (signals, outlook)."""

    from_: str = Field(alias="from")
    """The first period of the new limits, like `2026-W20`."""
    reason: Label


class Plan(Frozen):
    """The whole policy. Its fingerprint goes into every ledger entry."""

    name: Name
    description: Label
    policy_version: PolicyVersion
    promise_versions: tuple[PromiseVersion, ...] = Field(default=(), exclude_if=lambda value: not value)
    """Every version of the promise so far, by first day; the last is `policy_version` at `cap_rho`. None: only that."""
    unit: Literal["participant"]
    cap_rho: Annotated[Rho, Field(gt=0)]
    grace_days: Annotated[int, Field(ge=0, le=366)]
    retention_days: Annotated[int, Field(ge=1, le=36_600)]
    """Entries older than this are deleted, once every release that needs them is drawn."""
    most_erased_at_once: Annotated[int, Field(ge=0)] = Field(default=MOST_ERASED_AT_ONCE, exclude=True)
    """Where one command would erase more people, their deletion waits for a confirmation. It changes no release, so it
    is not in the plan's fingerprint."""
    assumes: Assumptions = Field(default=Assumptions(), exclude=True)
    """What the half-widths of modelled figures and the split of the noise are computed from, before there is any data.
    It changes no release but by the noise that is frozen, so it is not in the plan's fingerprint."""
    display: Display
    measures: dict[Name, Measure]
    products: dict[Name, Product] = Field(min_length=1)
    revision_reserve: RevisionReserve
    rebase: dict[Name, tuple[Rebase, ...]] = Field(default={})
    """Per product; goes into the entries that are drawn from then on, and changes no release that is published."""
    frozen: dict[Name, dict[Name, FrozenMeasure]] | None = None

    @model_validator(mode="after")
    def _parts_fit_the_cap(self) -> "Plan":
        parts = sum((product.part_rho for product in self.products.values()), self.revision_reserve.part_rho)
        if parts > self.cap_rho:
            msg = f"the parts of products and revisions sum to {parts}, over the cap of {self.cap_rho}"
            raise ValueError(msg)
        for name, product in self.products.items():
            for measure in product.tables:
                if measure not in self.measures:
                    msg = f"product '{name}' names a measure '{measure}' that is not declared"
                    raise ValueError(msg)
            back = max(self.measures[measure].looks_back_weeks for measure in product.tables)
            needed = MOST_DAYS[product.cadence] + self.grace_days + 7 * back
            if self.retention_days < needed:
                msg = f"retention_days is {self.retention_days}, and product '{name}' needs entries for {needed} days"
                raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _promise_versions_end_with_this_one(self) -> "Plan":
        listed = self.promise_versions
        if any(after.from_ <= before.from_ for before, after in pairwise(listed)):
            msg = "promise_versions must be ordered by their first day, each later than the one before"
            raise ValueError(msg)
        if len({one.version for one in listed}) < len(listed):
            msg = "promise_versions names a version twice; a changed promise needs a new name"
            raise ValueError(msg)
        if listed and (listed[-1].version, listed[-1].cap_rho) != (self.policy_version, self.cap_rho):
            msg = "the last of promise_versions must be policy_version with cap_rho"
            raise ValueError(msg)
        return self

    def first_day_read(self, product: str, period: Period) -> date:
        """Return the first local date whose entries a release of `period` may read."""
        return min(self.reads_from(measure, period) for measure in self.products[product].tables)

    def reads_from(self, measure: str, period: Period) -> date:
        """Return the first local date whose entries `measure` may read for a release of `period`."""
        return period.first_day - timedelta(weeks=self.measures[measure].looks_back_weeks)

    # L7: a table's loss is charged so often as 366 days of logging can reach it (docs/privacy/proof.md)
    def touches(self, product: Product, measure: str) -> int:
        """Return in how many releases of `product` any 366 days of logging can count for `measure`, at most."""
        return most_touched(product.cadence, self.measures[measure].looks_back_weeks, product.most_releases_per_person)

    @model_validator(mode="after")
    def _rebases_name_periods(self) -> "Plan":
        for name, listed in self.rebase.items():
            if name not in self.products:
                msg = f"rebase names a product '{name}' that is not declared"
                raise ValueError(msg)
            if any(Period.parse(one.from_).cadence != self.products[name].cadence for one in listed):
                msg = f"rebase of '{name}' names a period that its cadence does not have"
                raise ValueError(msg)
        return self

    def undeclared(self, grid: Grid) -> tuple[str, str] | None:
        """Return (path, reason) of the first table or assumption that does not fit `grid`, if any."""
        for name, product in self.products.items():
            for measure, listed in product.tables.items():
                for position, dimensions in enumerate(listed):
                    for dimension in dimensions:
                        if dimension not in grid.dimensions:
                            return (
                                f"products.{name}.tables.{measure}.{position}",
                                f"the dimension '{dimension}' is not declared in cohorts.yaml",
                            )
        for dimension, parts in self.assumes.parts.items():
            if dimension not in grid.dimensions:
                return f"assumes.parts.{dimension}", "the dimension is not declared in cohorts.yaml"
            if set(parts) != set(grid.keys(dimension)) or not sum(parts.values()):
                return (
                    f"assumes.parts.{dimension}",
                    "every key of the dimension needs a part, and not all of them are 0",
                )
        return None

    @property
    def cap_nano(self) -> int:
        """The most that may be lost about one ISO year, in nano-rho."""
        return int(self.cap_rho * NANO)

    def fingerprint(self, grid: Grid) -> str:
        """Return the SHA-256 of plan and grid in one spelling."""
        return sha256_hex(
            canonical_json({"plan": self.model_dump(mode="json", by_alias=True), "grid": grid.model_dump(mode="json")})
        )
