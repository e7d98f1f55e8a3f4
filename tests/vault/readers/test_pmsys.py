"""PMSys wellness reports (PMData): one person's file, and only mood and sleep of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from analytics.contracts.source import Source
from analytics.errors import FileRefusedError
from analytics.vault.times import with_times
from tests.specimens import pmsys as specimen
from tests.support.reading import bad_of, entries_of, fresh_words, parts_in, path_of, source_of

source = source_of(specimen)
path = path_of(specimen)

Found = tuple[pl.DataFrame, dict[int, tuple[str, str]]]
Reading = Callable[[bytes], Found]


@pytest.fixture
def found(path: Path, source: Source) -> Reading:
    def reading(content: bytes) -> Found:
        path.write_bytes(content)
        parts = parts_in(path, source)
        return entries_of(parts), bad_of(parts)

    return reading


def test_a_report_is_mood_and_sleep(found: Reading) -> None:
    """A list inside a cell splits nothing; a day's second report is another row; zeros are the checks' affair."""
    rows, bad = found(specimen.GOOD)
    assert bad == {}
    assert rows.select("line", "mood", "sleep_hours", "sleep_quality").rows() == [
        (2, "4", "7", "3"),
        (3, "3", "6", "4"),
        (4, "2", "6", "4"),
        (5, "0", "0", "0"),
    ]


def test_the_file_names_no_person_and_other_columns_stay_behind(found: Reading) -> None:
    rows, _ = found(specimen.GOOD)
    assert set(rows["person_id"]) == {""}
    assert set(rows.columns) == {"line", "person_id", "logged_at", "mood", "sleep_hours", "sleep_quality"}


def test_a_zero_is_no_value_of_the_scale(source: Source) -> None:
    """PMData holds a few; nobody could answer it."""
    assert 0 < source.scale.lo == 1
    assert source.scale.hi == 5
    assert source.sleep_quality == source.scale


def test_an_instant_late_in_the_evening_is_the_next_day_in_norway(found: Reading, source: Source) -> None:
    rows, _ = found(specimen.GOOD)
    days = with_times(rows, "logged_at", source.clock, datetime(2026, 6, 1, tzinfo=UTC))["local_date"]
    assert [day.day for day in days] == [4, 6, 6, 6]  # 22:30 and 23:10 in UTC are after midnight there


@pytest.mark.parametrize("lost", ["effective_time_frame", "mood"])
def test_a_file_without_a_column_is_refused(found: Reading, lost: str) -> None:
    with pytest.raises(FileRefusedError, match=f"lacks {lost}"):
        found(specimen.GOOD.replace(lost.encode(), b"CANARY"))


def test_planted_words_stay_in_their_rows(found: Reading) -> None:
    """Two rows at least are taken in; soreness areas, the extra column and other scales are in none of them."""
    rows, bad = found(specimen.planted(fresh_words()))
    assert rows["mood"].is_in(["4", "3"]).sum() == 3  # one of them at no time
    assert {rule for rule, _ in bad.values()} == {"ragged", "broken_quotes"}
    assert rows["mood"].str.contains("CANARY").sum() == 1
    assert rows.height == 4
