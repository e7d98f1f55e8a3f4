"""What releases cost a person who logs on some days only: a release that reads none of these days costs nothing.

Dates are whole ISO weeks here: periods begin on Mondays, end on Sundays, and look back by weeks.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, Self

from analytics.periods import MOST_LOOK_BACK_WEEKS, week_ordinal
from analytics.store.body import AccountedTable
from analytics.store.chain import Entry
from analytics.store.charges import Charge, charge_of

RUN = 53
"""The weeks of an allowance per person."""

_LONGEST_PERIOD_BEFORE = 5
"""The weeks of the longest period: the first measures that looked back could read the whole period before theirs."""


class Trace(NamedTuple):
    """What one release costs, by the weeks that it reads."""

    charge: Charge
    last_week: int
    """The ordinal of the last week that it reads."""
    reaches: tuple[tuple[int, int], ...]
    """(Ordinal of the first week that its tables read, their loss in nano-rho); sums to the charge's loss at least."""

    @classmethod
    def of(cls, charge: Charge, last_week: int, tables: Iterable[tuple[int, int]]) -> Self:
        """Return the trace of a release, given (ordinal of the first week that it reads, loss) of each table."""
        losses: dict[int, int] = defaultdict(int)
        for since, loss in tables:
            losses[since] += loss
        return cls(charge, last_week, tuple(sorted(losses.items())))

    @property
    def first_week(self) -> int:
        """The ordinal of the first week that it reads."""
        return self.reaches[0][0]

    def reads(self, first: int, last: int) -> bool:
        """Say whether it reads a day of the weeks from `first` to `last`."""
        return first <= self.last_week and self.first_week <= last

    def loss_within(self, first: int, last: int) -> int:
        """Return what it costs a person who logs only in the weeks from `first` to `last`, in nano-rho."""
        return sum(loss for since, loss in self.reaches if first <= self.last_week and since <= last)


# L7: what was logged in some weeks is counted by the tables that read one of them (docs/privacy/proof.md)
def lost_within(traces: Iterable[Trace], first: int, last: int) -> int:
    """Return the most that releases can have cost a person who logs in the weeks `first` to `last` alone, in nano-rho.

    All that read one of these weeks; of a product that counts a person in at most so many releases of any 53 weeks the
    dearest so many of each run of 53 weeks, from the product's first release on that reads one.
    """
    total = 0
    groups: dict[tuple[str, int], list[Trace]] = defaultdict(list)
    for trace in traces:
        if trace.charge.most_per_person is None:
            total += trace.loss_within(first, last)
        elif trace.reads(first, last):
            groups[trace.charge.product, trace.charge.most_per_person].append(trace)
    for (_, most), group in groups.items():
        begin = min(trace.last_week for trace in group)
        runs: dict[int, list[int]] = defaultdict(list)
        for trace in group:
            runs[(trace.last_week - begin) // RUN].append(trace.loss_within(first, last))
        total += sum(sum(sorted(losses, reverse=True)[:most]) for losses in runs.values())
    return total


def trace_of(entry: Entry) -> Trace:
    """Return the trace of an entry.

    Since `release/3` each table says from which day on it reads. Of older entries it follows from how far the table's
    measure looked back; where an entry does not say that, or its tables cost less than the whole, from how far any can.
    """
    begin = week_ordinal(entry.period_.first_day)
    back = {one.name: one.looks_back_weeks for one in entry.accounting.measures}
    reaches = [_reach(table, begin, back) for table in entry.accounting.tables]
    unstated = entry.loss_nano - sum(loss for _, loss in reaches)
    if unstated > 0 or not reaches:
        reaches.append((begin - MOST_LOOK_BACK_WEEKS, unstated))
    return Trace.of(charge_of(entry), entry.last_week, reaches)


def _reach(table: AccountedTable, begin: int, back: dict[str, int | None]) -> tuple[int, int]:
    if table.reads_from is not None:
        return week_ordinal(table.reads_from), table.loss_nano
    known = back.get(table.measure)
    weeks = MOST_LOOK_BACK_WEEKS if known is None else known
    return begin - (max(weeks, _LONGEST_PERIOD_BEFORE) if weeks else 0), table.loss_nano
