"""The stored JSON of a ledger entry as frozen values: read once and checked.

One text has two views. `EntryAccounting` has the facts that the caps need, and asks for so little that it reads every
entry of every kind. `ReleaseBody` has the facts that publishing needs, too. A fact that older entries do not hold is
None. Hashes are of the text itself, never of these values.
"""

from datetime import date
from enum import StrEnum

from analytics.canonical import canonical_json
from analytics.periods import Cadence
from analytics.stored_json import Stored

RESTORE = "Restore ledger/ and secret/ledger_head.json together from one backup; nothing is drawn until then."

RENDERER = 3
"""The number of this program's wording and columns of published files; 1 is of programs that named none.

It goes up with the first change after a version of the program that people have: their files keep their bytes. It is
here, and not among the published files' code, because a draw writes it into its entry and may not look at figures.
"""


class HeadlineKind(StrEnum):
    """How a headline is made of a cell's categories."""

    PEOPLE = "people"
    SHARE = "share"
    MEAN = "mean"


class AccountedTable(Stored):
    """The cost of one table of a release."""

    measure: str
    dimensions: tuple[str, ...]
    loss_nano: int
    reads_from: date | None = None
    """The first day that it reads; entries before `release/3` do not hold it."""


class AccountedMeasure(Stored):
    """How far one measure of a release looked back."""

    name: str
    looks_back_weeks: int | None = None


class EntryAccounting(Stored):
    """The facts that the caps need of a release: integers for losses (nano-rho)."""

    product: str
    period: str
    revision: int
    loss_nano: int
    cap_nano: int
    charge_year: int
    last_week: int
    plan_cap_nano: int | None = None
    most_releases_per_person: int | None = None
    count_id: str | None = None
    counted_versions: tuple[str, ...] | None = None
    policy_version: str
    spent_nano: int | None = None
    drawn_at: str | None = None
    """The day of the draw; older entries hold a time of day, too."""
    measures: tuple[AccountedMeasure, ...] = ()
    tables: tuple[AccountedTable, ...] = ()
    cells_sha256: str | None = None

    @property
    def drawn_on(self) -> date | None:
        """The day of the draw."""
        return None if self.drawn_at is None else date.fromisoformat(self.drawn_at[:10])


class ReleasedHeadline(Stored):
    """One figure of a measure, as it was defined at the draw."""

    name: str
    label: str
    kind: HeadlineKind
    unit: str
    weights: tuple[int, ...]
    """One per category."""
    whole: tuple[int, ...]
    """One per category: 1 where it belongs to the denominator."""
    among: str | None = None
    """Of a share: the denominator in words."""


class ReleasedMeasure(AccountedMeasure):
    """One measure, as it was defined at the draw."""

    label: str
    definition: str | None = None
    least_data: str | None = None
    parameters: dict[str, int] | None = None
    basis: tuple[tuple[int, ...], ...]
    categories: tuple[tuple[str, str], ...]
    """Names and labels."""
    headlines: tuple[ReleasedHeadline, ...]

    def headline(self, name: str) -> ReleasedHeadline:
        """Return the headline of that name, which must be one of its own."""
        return next(one for one in self.headlines if one.name == name)


class ReleasedDimension(Stored):
    """One way of grouping people; keys with their labels, in the grid's order."""

    name: str
    label: str
    keys: tuple[tuple[str, str], ...]


class NoisyTable(AccountedTable):
    """One table of noisy cells."""

    integers: int | None = None
    d_in: int | None = None
    """The sensitivity in micro-persons."""
    sigma: int
    """The noise's standard deviation in micro-persons."""


class ReleasedPopulation(Stored):
    """The public sizes that were given at the draw."""

    dimensions: tuple[str, ...]
    source: str
    as_of: str
    people: tuple[tuple[str, int], ...]
    """Cohorts by public name."""


class ReleaseBody(EntryAccounting):
    """Everything public about a release that accounting and publishing need."""

    kind: str
    spent_nano: int
    unit: str
    horizon: str | None = None
    accounting: str | None = None
    mechanism: str
    product_label: str
    cadence: Cadence
    first_day: date
    last_day: date
    plan: str
    plan_fingerprint: str
    rebase: tuple[tuple[str, str], ...] | None = None
    """Declared breaks: the first period of the new limits, and the reason."""
    display: dict[str, str]
    dimensions: tuple[ReleasedDimension, ...]
    population: ReleasedPopulation | None = None
    strata: dict[str, tuple[str, ...]] | None = None
    """For each measure that is weighted to public sizes, the dimensions of the table that has the strata."""
    measures: tuple[ReleasedMeasure, ...]
    tables: tuple[NoisyTable, ...]
    epsilon_cap: dict[str, float]
    """By delta."""
    epsilon_spent: dict[str, float]
    versions: dict[str, str]
    """Of the programs that drew."""
    renderer: int | None = None
    """The renderer of the program that drew: no file of this release was made by an earlier one."""

    @property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """The keys of each dimension, in the grid's order."""
        return {one.name: tuple(key for key, _ in one.keys) for one in self.dimensions}

    def measure(self, name: str) -> ReleasedMeasure:
        """Return the measure of that name, which must be one of the release."""
        return next(one for one in self.measures if one.name == name)

    @property
    def text(self) -> str:
        """The JSON text that is stored and hashed; a fact that is None is not in it."""
        return canonical_json(self.model_dump(mode="json", exclude_none=True))
