"""PMSys wellness reports (PMData): one person's file, and only mood and sleep of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from analytics.contracts import Contracts
from analytics.contracts.source import Source
from analytics.errors import FileRefusedError
from analytics.vault.readers import reader_of
from analytics.vault.readers.shared.rows import RawRows
from analytics.vault.times import with_times
from tests.specimens import pmsys as specimen


@pytest.fixture
def source(contracts: Contracts) -> Source:
    return contracts.sources[specimen.SOURCE]


@pytest.fixture
def found(tmp_path: Path, source: Source) -> Callable[[bytes], RawRows]:
    def reading(content: bytes) -> RawRows:
        path = tmp_path / specimen.FILE_NAME
        path.write_bytes(content)
        parts = list(reader_of(source)(path, source))
        return RawRows(
            pl.concat([part.rows for part in parts]).sort("line"), pl.concat([part.bad for part in parts]), 0
        )

    return reading


def test_a_report_is_mood_and_sleep(found: Callable[[bytes], RawRows]) -> None:
    """A list inside a cell splits nothing; a day's second report is another row; zeros are the checks' affair."""
    raw = found(specimen.GOOD)
    assert raw.bad.is_empty()
    assert raw.rows.select("line", "mood", "sleep_hours", "sleep_quality").rows() == [
        (2, "4", "7", "3"),
        (3, "3", "6", "4"),
        (4, "2", "6", "4"),
        (5, "0", "0", "0"),
    ]


def test_the_file_names_no_person_and_other_columns_stay_behind(found: Callable[[bytes], RawRows]) -> None:
    rows = found(specimen.GOOD).rows
    assert set(rows["person_id"]) == {""}
    assert set(rows.columns) == {"line", "person_id", "logged_at", "mood", "sleep_hours", "sleep_quality"}


def test_a_zero_is_no_value_of_the_scale(source: Source) -> None:
    """PMData holds a few; nobody could answer it."""
    assert 0 < source.scale.lo == 1
    assert source.scale.hi == 5
    assert source.sleep_quality == source.scale


def test_an_instant_late_in_the_evening_is_the_next_day_in_norway(
    found: Callable[[bytes], RawRows], source: Source
) -> None:
    rows = found(specimen.GOOD).rows
    days = with_times(rows, "logged_at", source.clock, datetime(2026, 6, 1, tzinfo=UTC))["local_date"]
    assert [day.day for day in days] == [4, 6, 6, 6]  # 22:30 and 23:10 in UTC are after midnight there


@pytest.mark.parametrize("lost", ["effective_time_frame", "mood"])
def test_a_file_without_a_column_is_refused(found: Callable[[bytes], RawRows], lost: str) -> None:
    with pytest.raises(FileRefusedError, match=f"lacks {lost}"):
        found(specimen.GOOD.replace(lost.encode(), b"CANARY"))


def test_planted_words_stay_in_their_rows(found: Callable[[bytes], RawRows]) -> None:
    """Two rows at least are taken in; soreness areas, the extra column and other scales are in none of them."""
    words = [f"CANARY-{number}" for number in range(100)]
    left = iter(words)
    raw = found(specimen.planted(lambda: next(left)))
    assert raw.rows["mood"].is_in(["4", "3"]).sum() == 3  # one of them at no time
    assert set(raw.bad["rule"]) == {"ragged", "broken_quotes"}
    assert raw.rows["mood"].str.contains("CANARY").sum() == 1
    assert raw.rows.height == 4
