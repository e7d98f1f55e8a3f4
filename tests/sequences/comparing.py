"""What everybody but Ada has in a home, read from the vault's tables: by person, whatever table somebody adds later.

A table that has people in it (a person's number, pseudonym or mark) is compared row by row, without Ada's rows. Of
batch numbers only the order counts, among those of everybody else's rows; a person's number only joins (L3). A table
without people is either named in `NOT_OF_PEOPLE`, with the reason why it need not be equal, or found by the test.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from analytics.contracts import Contracts, read_contracts, shipped_contracts
from analytics.contracts.plan import PromiseVersion
from analytics.home import Home
from analytics.periods import Period
from analytics.vault import agreed_versions
from analytics.vault.database import Vault
from analytics.vault.erasure.suppression_list import read_suppression_list
from analytics.vault.shares import _declare_grid, parameters_of
from tests.sequences.rules import Leavers, Read, Table, suspended_who_count
from tests.support.people import query

NOT_OF_PEOPLE = {
    "vault": "what the vault says of itself; `purged_before` is compared below",
    "batch": "one row per file, and Ada has files of her own; others' order is compared by the rows that name them",
    "quarantine": "one row per refused row, hers too; that others' are all there is compared below",
    "source": "numbers of sources in the order in which they came; rows are compared by the name",
    "factor": "bits of factors; rows are compared by the words",
    "participation_release": "of before counts had numbers; nothing is added",
    "participation_count": "random numbers of counts; which releases were drawn is compared by the ledger",
    "home_key": "of the key alone",
}

WAITING = "waiting_person"
"""The table of people whose withdrawal closed everything, and whose rows an operator may still look at."""

_OF_PEOPLE = ("person_no", "pseudonym", "mark")

_ORDERED = {"batch_no": "batch", "order_no": "batch", "list_no": "list"}
"""Columns whose numbers are given out by file, or by batch of the suppression list: their order counts."""

WEEK, MONTH = Period.parse("2026-W19"), Period.parse("2026-P05")

_ONLY_HERS = "DELETE FROM share WHERE person_no NOT IN (SELECT person_no FROM person WHERE pseudonym = unhex('{}'))"

Rows = Counter[tuple[Any, ...]]


@dataclass(frozen=True)
class Seen:
    """One home as its commands left it."""

    tables: dict[str, Rows]
    """What each table of people has of everybody but Ada."""
    refused: Rows
    """Refused rows of files: source, rule, column; hers too."""
    shares: Rows
    """Everybody else's shares of the measures that were asked for."""
    cells: dict[str, list[int]]
    """Exact cells of these measures, without what Ada adds to them."""
    wrongly: list[str]
    """Why somebody counts who must not, whatever the other home has."""
    listed: list[tuple[bytes, int, int]]
    """Who else is on the suppression list: suppression hash, when, and the order in which it was received."""
    purged_before: str


Counted = tuple[Rows, dict[str, list[int]]]
"""Others' shares, and exact cells without Ada's own."""


@dataclass
class Eyes:
    """Looks at one home after each of its commands."""

    home: Home
    pseudonym: bytes
    """Ada's."""
    mark: bytes
    contracts: Contracts
    """Whose plan has every measure."""
    _columns: dict[str, list[str]] = field(default_factory=dict)
    read: Read = field(default_factory=dict)
    """What the tables of people had when it looked last."""
    leavers: Leavers = field(default_factory=Leavers)
    _known: dict[tuple[str, str], Counted] = field(default_factory=dict)
    """What was counted from these tables; shares are a function of them."""

    def under(self, promise: str | None) -> None:
        """Count from now on under a plan that lists these versions of its promise."""
        listed = () if promise is None else tuple(map(PromiseVersion.model_validate, json.loads(promise)))
        plan = self.contracts.plan.model_copy(update={"promise_versions": listed})
        self.contracts = replace(self.contracts, plan=plan)
        self._known.clear()

    def look(self, measures: list[tuple[str, str]]) -> Seen:
        """Read the home's vault, and count these measures; no command may be at work."""
        with duckdb.connect(str(self.home.vault), read_only=True, config={"threads": "1"}) as connection:
            vault = Vault(connection, read_suppression_list(self.home.suppression_list))
            self._columns = self._columns or tables_of(vault)
            read: Read = {
                table: (columns, query(vault, f"SELECT {', '.join(columns)} FROM {table}"))  # noqa: S608 -- our names
                for table, columns in self._columns.items()
                if table not in NOT_OF_PEOPLE
            }
            tables = _others(vault, read, self.pseudonym, self.mark)
            counted = self._counted(vault, read, measures)
            wrongly = [
                *suspended_who_count(read, {row[1] for row in counted[0]}),
                *self.leavers.who_are_back(read),
            ]
            refused = query(vault, "SELECT source, rule, column_name FROM quarantine JOIN batch USING (batch_no)")
            purged_before = str(vault.state().purged_before)
        received = [(each, at) for each, at in vault.suppression_list.last_received() if each != self.mark]
        when = dict(vault.suppression_list.people())
        places = {at: place for place, at in enumerate(sorted({at for _, at in received}))}
        listed = sorted((each, when[each], places[at]) for each, at in received)
        return Seen(tables, Counter(refused), *counted, wrongly, listed, purged_before)

    def _counted(self, vault: Vault, read: Read, measures: list[tuple[str, str]]) -> Counted:
        """Return shares and cells of these measures, counted where the tables have changed since."""
        if read != self.read:
            self.read = read
            self._known.clear()
        shares: Rows = Counter()
        cells: dict[str, list[int]] = {}
        lacking = [measure for measure in measures if measure not in self._known]
        if lacking:
            with vault.transaction():
                agreed_versions.find(vault, self.contracts.plan, self.contracts.plan.cap_nano)
                for measure in lacking:
                    self._known[measure] = _counted(vault, self.pseudonym, self.contracts, [measure])
        for measure in measures:
            shares.update(self._known[measure][0])
            cells |= self._known[measure][1]
        return shares, cells


def tables_of(vault: Vault) -> dict[str, list[str]]:
    """Return each table's columns.

    Raises:
        AssertionError: if there is one that is neither of people nor named in `NOT_OF_PEOPLE`.
    """
    found: dict[str, list[str]] = {}
    for table, column in query(
        vault,
        "SELECT columns.table_name, column_name FROM duckdb_columns() AS columns JOIN duckdb_tables() AS tables "
        "USING (database_oid, table_oid) WHERE NOT tables.temporary AND NOT tables.internal ORDER BY ALL",
    ):
        found.setdefault(table, []).append(column)
    for table, columns in found.items():
        if not set(_OF_PEOPLE) & set(columns) and table not in NOT_OF_PEOPLE:
            message = (
                f"table {table} is not compared: it names nobody, and NOT_OF_PEOPLE does not say why it may differ"
            )
            raise AssertionError(message)
    return found


def _others(vault: Vault, read: Read, pseudonym: bytes, mark: bytes) -> dict[str, Rows]:
    """Return every table of people without Ada's rows, the vault's own numbers put in order."""
    columns, rows = read["person"]
    numbered = {row[columns.index("person_no")]: row[columns.index("pseudonym")] for row in rows}
    hers = {number for number, known in numbered.items() if known == pseudonym}
    gone = _waiting(read)
    people = {number: known for number, known in numbered.items() if known != pseudonym and number not in gone}
    is_hers: dict[str, set[Any]] = {"person_no": hers | gone, "pseudonym": {pseudonym}, "mark": {mark}}
    kept = {
        table: (columns, [row for row in rows if not _is_hers(columns, row, is_hers)])
        for table, (columns, rows) in read.items()
        if table != WAITING
    }
    kept["suspension"] = _in_force(kept["suspension"], dict(vault.suppression_list.people()))
    sources = dict(query(vault, "SELECT source_no, source FROM source"))
    bits = query(vault, "SELECT bit, factor FROM factor")
    known: dict[str, Callable[[Any], Any]] = {
        "person_no": lambda number: people.get(number, b"nobody"),
        "source_no": sources.get,
        "factors": lambda result: tuple(sorted(word for bit, word in bits if result >> bit & 1)),
        **_orders(kept),
    }
    return {
        table: Counter(
            tuple(_plain(known.get(column, _same)(value)) for column, value in zip(columns, row, strict=True))
            for row in _relined(columns, rows)
        )
        for table, (columns, rows) in kept.items()
    }


def _in_force(suspensions: Table, withdrawn: dict[bytes, int]) -> Table:
    """Return suspensions that no withdrawal came after: the others go with the rows, whose deletion may wait."""
    columns, rows = suspensions
    mark, since = columns.index("mark"), columns.index("suspended_at")
    return columns, [row for row in rows if row[since] > withdrawn.get(row[mark], row[since] - 1)]


def _waiting(read: Read) -> set[int]:
    """Return the numbers of people whose rows wait for deletion: nothing counts them, and they are left out."""
    columns, rows = read.get(WAITING, ([], []))
    return {row[columns.index("person_no")] for row in rows}


def _orders(kept: Read) -> dict[str, Callable[[Any], Any]]:
    """Return what puts a number that the vault gave out in its order among those of everybody else's rows."""
    numbers: dict[str, set[int]] = {kind: set() for kind in _ORDERED.values()}
    for columns, rows in kept.values():
        for place, column in enumerate(columns):
            if column in _ORDERED:
                numbers[_ORDERED[column]].update(row[place] for row in rows)
    orders = {kind: {number: place for place, number in enumerate(sorted(known))} for kind, known in numbers.items()}
    return {column: orders[kind].get for column, kind in _ORDERED.items()}


def _relined(columns: list[str], rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows with their lines counted among everybody else's of the same batch: Ada's stand between them."""
    if not {"batch_no", "line"} <= set(columns):
        return rows
    batch, line = columns.index("batch_no"), columns.index("line")
    lines = sorted({(row[batch], row[line]) for row in rows})
    first = {number: min(place for place, key in enumerate(lines) if key[0] == number) for number, _ in lines}
    return [(*row[:line], lines.index((row[batch], row[line])) - first[row[batch]], *row[line + 1 :]) for row in rows]


def _is_hers(columns: list[str], row: tuple[Any, ...], is_hers: dict[str, set[Any]]) -> bool:
    return any(value in is_hers.get(column, ()) for column, value in zip(columns, row, strict=True))


def _same(value: Any) -> Any:  # noqa: ANN401 -- a column holds anything
    return value


def _plain(value: Any) -> Any:  # noqa: ANN401 -- as above
    return str(sorted(value.items())) if isinstance(value, dict) else value


def measures_of(contracts: Contracts) -> list[tuple[str, str]]:
    """Return every product with each of its measures."""
    return [(name, measure) for name, product in contracts.plan.products.items() for measure in product.tables]


def _counted(vault: Vault, pseudonym: bytes, contracts: Contracts, wanted: list[tuple[str, str]]) -> Counted:
    """Return others' shares of these measures, and the measures' exact cells without Ada's own."""
    shares: Rows = Counter()
    cells: dict[str, list[int]] = {}
    for name, measure in wanted:
        product, declared = contracts.plan.products[name], contracts.plan.measures[measure]
        period = WEEK if product.cadence == "week" else MONTH
        vault.fill_share(measure, parameters_of(declared, period))
        agreed_versions.remove_others(vault)
        rows = query(vault, "SELECT pseudonym, category_no, micro_persons FROM share JOIN person USING (person_no)")
        shares.update((measure, *row) for row in rows if row[0] != pseudonym)
        _declare_grid(vault, contracts.grid, product.tables[measure], len(declared.categories))
        everybody = [row[1] for row in vault.rows("exact_cell", {"last_day": period.last_day})]
        hers = [0] * len(everybody)
        if any(row[0] == pseudonym for row in rows):
            query(vault, _ONLY_HERS.format(pseudonym.hex()))
            hers = [row[1] for row in vault.rows("exact_cell", {"last_day": period.last_day})]
        cells[f"{name} {measure}"] = [one - other for one, other in zip(everybody, hers, strict=True)]
    return shares, cells


def differences(with_ada: Seen, without: Seen) -> list[str]:
    """Say in what everybody else differs between the two homes; nothing where they do not."""
    found: list[str] = []
    for table in sorted({*with_ada.tables, *without.tables}):
        found += _differing(table, with_ada.tables.get(table, Counter()), without.tables.get(table, Counter()))
    lacking = without.refused - with_ada.refused
    if lacking:
        found.append(f"refused rows of others that are gone with Ada: {_some(lacking)}")
    found += [*with_ada.wrongly, *without.wrongly]
    found += _differing("shares", with_ada.shares, without.shares)
    if with_ada.listed != without.listed:
        found.append("the suppression list differs in others")
    for measure, cells in without.cells.items():
        if with_ada.cells[measure] != cells:
            most = max(abs(one - other) for one, other in zip(with_ada.cells[measure], cells, strict=True))
            found.append(f"exact cells of {measure}, without Ada's own, differ by {most / 1e6} persons")
    if with_ada.purged_before != without.purged_before:
        found.append(f"entries are known to be deleted before {with_ada.purged_before}, or {without.purged_before}")
    return found


def _differing(what: str, one: Rows, other: Rows) -> Iterable[str]:
    if one != other:
        yield f"{what}: only with Ada {_some(one - other)}; only without {_some(other - one)}"


def _some(rows: Rows) -> str:
    shown = [" ".join(value.hex()[:6] if isinstance(value, bytes) else str(value) for value in row) for row in rows]
    return f"{rows.total()} rows, like ({min(shown)})" if shown else "nothing"


def plan_of_everything() -> Contracts:
    """Return contracts whose plan has every measure."""
    return read_contracts(shipped_contracts(), "standard")
