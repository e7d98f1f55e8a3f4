"""`release_plan*.yaml`: the privacy policy as a checked, frozen value. Nothing here has seen a row."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from analytics.canonical import canonical_json, sha256_hex
from analytics.contracts.grid import Grid, Label, Name
from analytics.contracts.reading import Frozen
from analytics.periods import MOST_DAYS, MOST_IN_53_WEEKS, Cadence, Period

MICRO = 1_000_000
"""Micro-persons in a person: every person's shares of one measure and period sum to at most this."""

NANO = 1_000_000_000
"""Nano-rho in rho: losses are integers."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\n\r]*$")]

Rho = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=9)]


class Headline(Frozen):
    """One figure derived from a measure's cells.

    `people`: the sum over categories, in persons. `share`: 100 · weights·x / of·x, both 0 or 1, in percent.
    `mean`: weights·x / sum x, on the weights' own scale from 0 to 100.
    """

    label: Label
    kind: Literal["people", "share", "mean"]
    weights: tuple[Annotated[int, Field(ge=0, le=100)], ...]
    """One per category."""
    of: tuple[Annotated[int, Field(ge=0, le=1)], ...] = ()
    """Of a share: the categories that are the whole, one number each; empty means all of them."""
    among: Annotated[str, Field(max_length=120, pattern=r"^[^\n\r]*$")] = ""
    """Of a share: what it is a part of, in words that follow the number."""
    unit: Literal["persons", "percent", "0-100"]
    importance: Annotated[Decimal, Field(gt=0)]
    """What its error weighs when the noise is chosen, as a multiple of its error under the identity basis."""

    @property
    def whole(self) -> tuple[int, ...]:
        """One number per category: 1 where it belongs to what a ratio is of."""
        return self.of or (1,) * len(self.weights)

    @property
    def functional(self) -> tuple[float, ...]:
        """One number per category: what of a cell's noise moves the figure.

        Of a share its numerator's, as for a small share; of a mean its sum's about the middle of the scale, in halves
        of the scale.
        """
        middle = 50 if self.kind == "mean" else 0
        return tuple((weight - middle) / (middle or 1) for weight in self.weights)

    @model_validator(mode="after")
    def _weights_fit_the_kind(self) -> "Headline":
        unit = {"people": "persons", "share": "percent", "mean": "0-100"}[self.kind]
        if self.unit != unit:
            msg = f"a {self.kind} is told in {unit}"
            raise ValueError(msg)
        if self.kind == "people" and set(self.weights) != {1}:
            msg = "people count every category once"
            raise ValueError(msg)
        if self.kind == "share" and (
            set(self.weights) != {0, 1}
            or len(self.whole) != len(self.weights)
            or sum(self.whole) <= sum(self.weights)
            or any(part > whole for part, whole in zip(self.weights, self.whole, strict=True))
        ):
            msg = "a share counts some categories of its whole once and the others not at all"
            raise ValueError(msg)
        if self.kind != "share" and (self.of or self.among):
            msg = "only a share is of something"
            raise ValueError(msg)
        return self


class Typical(Frozen):
    """What `murmuration plan` expects of 100 people who log in a period: a public assumption, used for nothing else."""

    counted: Annotated[int, Field(ge=1, le=1000)]
    """How many of them a measure counts; over 100 where it counts people who stayed away."""
    spread: tuple[Annotated[int, Field(ge=0)], ...]
    """How they are spread over the categories, as parts of any whole."""


class Measure(Frozen):
    """How a person's period is sorted into public categories: the shares are `vault/sql/shares/<name>.sql`."""

    label: Label
    definition: Text
    """What it counts, in words; published with every release."""
    least_data: Text
    """How much a person must have logged to be counted, in words; published with every release."""
    looks_back_weeks: Annotated[int, Field(ge=0, le=104)] = 0
    """How many weeks before the period its SQL may read."""
    parameters: dict[Name, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    """The numbers of its definition, as its SQL names them."""
    categories: dict[Name, Label] = Field(min_length=1)
    headlines: dict[Name, Headline] = Field(min_length=1)
    typical: Typical | None = Field(default=None, exclude_if=lambda value: value is None)
    category_importance: Annotated[Decimal, Field(gt=0)]
    """What the error of each single category weighs beside the headlines': no category is left unmeasured."""

    @model_validator(mode="before")
    @classmethod
    def _names_become_weights(cls, value: Any) -> Any:  # noqa: ANN401 -- not yet checked
        """Let a plan name categories: `[newly_low]` instead of `[1, 0, 0, 0]`; `people` need no weights."""
        if not isinstance(value, dict) or not isinstance(value.get("headlines"), dict):
            return value
        categories = list(value.get("categories") or ())
        headlines = {name: _weighted(told, categories) for name, told in value["headlines"].items()}
        return {**value, "headlines": headlines}

    @model_validator(mode="after")
    def _weights_cover_the_categories(self) -> "Measure":
        for name, headline in self.headlines.items():
            if len(headline.weights) != len(self.categories):
                msg = f"headline '{name}' has {len(headline.weights)} weights for {len(self.categories)} categories"
                raise ValueError(msg)
        if self.typical and (len(self.typical.spread) != len(self.categories) or not sum(self.typical.spread)):
            msg = f"what is typical is spread over {len(self.categories)} categories, and not all of them are empty"
            raise ValueError(msg)
        if "people" not in self.headlines or self.headlines["people"].kind != "people":
            msg = "every measure has a headline 'people' of kind people: the display rule needs it"
            raise ValueError(msg)
        return self


def _weighted(told: Any, categories: list[str]) -> Any:  # noqa: ANN401 -- not yet checked
    if not isinstance(told, dict):
        return told
    weighted = dict(told)
    if told.get("kind") == "people":
        weighted.setdefault("weights", [1] * len(categories))
    for field in ("weights", "of"):
        named = weighted.get(field)
        if isinstance(named, list) and any(isinstance(one, str) for one in named):
            unknown = [one for one in named if one not in categories]
            if unknown or len(set(named)) != len(named):
                msg = f"'{field}' names categories that the measure does not have, or one twice: {named}"
                raise ValueError(msg)
            weighted[field] = [int(one in named) for one in categories]
    return weighted


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
    def allowance_nano(self) -> int:
        """The loss that one release may have, in nano-rho: the part over the most that one person can be in."""
        most = MOST_IN_53_WEEKS[self.cadence]
        return int(self.part_rho * NANO) // min(most, self.most_releases_per_person or most)

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

    @property
    def allowance_nano(self) -> int:
        """The loss that one revision may have, in nano-rho; 0 where none is allowed."""
        return int(self.part_rho * NANO) // self.most_in_53_weeks if self.most_in_53_weeks else 0


class Rebase(Frozen):
    """A declared break: from a period on, a product's series are judged by new limits (signals, outlook)."""

    from_: str = Field(alias="from")
    """The first period of the new limits, like `2026-W20`."""
    reason: Label


class Plan(Frozen):
    """The whole policy. Its fingerprint goes into every ledger entry."""

    name: Name
    description: Label
    policy_version: Annotated[str, Field(pattern=r"^[0-9A-Za-z.-]{1,20}$")]
    unit: Literal["participant"]
    cap_rho: Annotated[Rho, Field(gt=0)]
    grace_days: Annotated[int, Field(ge=0, le=366)]
    retention_days: Annotated[int, Field(ge=1, le=36_600)]
    """Entries older than this are deleted, once every release that needs them is drawn."""
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

    def first_day_read(self, product: str, period: Period) -> date:
        """Return the first local date whose entries a release of `period` may read."""
        back = max(self.measures[measure].looks_back_weeks for measure in self.products[product].tables)
        return period.first_day - timedelta(weeks=back)

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
        """Return (path, reason) of the first table over a dimension that `grid` lacks, if any."""
        for name, product in self.products.items():
            for measure, listed in product.tables.items():
                for position, dimensions in enumerate(listed):
                    for dimension in dimensions:
                        if dimension not in grid.dimensions:
                            return (
                                f"products.{name}.tables.{measure}.{position}",
                                f"the dimension '{dimension}' is not declared in cohorts.yaml",
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
