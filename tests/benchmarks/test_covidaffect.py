"""The real entries on which modelled figures are tried are counted as the vault counts them."""

from pathlib import Path

import polars as pl
import pytest

from analytics.contracts import read_contracts, shipped_contracts
from analytics.periods import Period
from benchmarks.modelled.covidaffect import exact
from tests.support.people import Desk, granted

COVIDAFFECT = Path(__file__).parents[3] / "shared/data/covidaffect/entries.tsv"

HEADER = "id\ttimestamp_issued\ttimestamp_answer\tvalence\n"
ENTRIES = (
    "1\tx\t2020-04-19T21:30:00Z\t-50\n"  # 23:30 in Spain, on the Sunday with which P04 ends: very low
    "1\tx\t2020-04-19T22:30:00Z\t-50\n"  # 00:30 on the Monday with which P05 begins
    "1\tx\t2020-04-20T10:00:00Z\t0\n"  # the same day: its mean is 25, which is low
    "1\tx\t2020-04-21T10:00:00Z\t50\n"  # very good
    "2\tx\t2020-04-22T10:00:00Z\t-13\n"  # 37 is under 37.5: low
    "2\tx\t2020-04-22T10:00:00Z\t-13\n"  # the same row once more
    "2\tx\t2020-04-22T11:00:00Z\t-12\n"  # the mean of the day is now 37.5: middling
    "3\tx\t2020-04-23T10:00:00Z\tNA\n"  # no mood
)


def test_days_are_local_and_have_the_band_of_their_mean(tmp_path: Path) -> None:
    """Eight invented rows of three people; the age of all is unknown."""
    path = tmp_path / "entries.tsv"
    path.write_text(HEADER + ENTRIES, encoding="utf-8")
    periods, sums = exact(path)
    assert periods == ["2020-P04", "2020-P05"]
    assert sums[()].tolist() == [[1_000_000, 0, 0, 0, 0], [0, 500_000, 1_000_000, 0, 500_000]]
    assert sums["age_band",][:, -1].tolist() == sums[()].tolist()
    assert not sums["age_band",][:, :-1].any()


@pytest.mark.skipif(not COVIDAFFECT.is_file(), reason="the real data set is not on this machine")
def test_the_real_cells_are_those_of_the_vault(desk: Desk) -> None:
    """In every four-week period in which somebody logged, to the micro-person."""
    people = pl.read_csv(COVIDAFFECT, separator="\t", columns=["id"], schema_overrides={"id": pl.String})["id"].unique()
    small = desk.under(read_contracts(shipped_contracts(), "small"))
    small.consents(*(granted(person, "2020-01-01", "2020-01-01") for person in people))
    small.take_entries(COVIDAFFECT, "covidaffect")
    periods, sums = exact(COVIDAFFECT)
    counted = [small.everyone(Period.parse(name)) for name in periods]
    assert [[each.get(band, 0) for band in range(5)] for each in counted] == sums[()].tolist()
