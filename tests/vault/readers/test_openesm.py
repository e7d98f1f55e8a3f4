"""Studies of the openESM collection: tab-separated, NA for nothing, items named by the study."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from analytics.contracts import Contracts
from analytics.contracts.source import Source
from analytics.errors import FileRefusedError
from tests.specimens import openesm as specimen
from tests.support.reading import bad_of, entries_of, fresh_words, parts_in, path_of, source_of

Found = tuple[pl.DataFrame, dict[int, str]]
Reading = Callable[[bytes, Source], Found]

source = source_of(specimen)
path = path_of(specimen)


@pytest.fixture
def found(path: Path) -> Reading:
    def reading(content: bytes, source: Source) -> Found:
        path.write_bytes(content)
        parts = parts_in(path, source)
        return entries_of(parts), {line: rule for line, (rule, _) in bad_of(parts).items()}

    return reading


def test_a_study_is_read_by_its_declared_items(found: Reading, source: Source) -> None:
    """NA stays as it is: the declaration calls it missing, and so do the checks."""
    rows, bad = found(specimen.GOOD, source)
    assert rows.select("line", "person_id", "logged_at", "mood").rows() == [
        (2, "CANARY-ana", "2026-05-04 09:12:00", "5"),
        (3, "CANARY-ana", "2026-05-04 13:40:11", "NA"),
        (4, "CANARY-ana", "NA", "4"),
        (5, "CANARY-bea", "2026-05-04 09:12:00", "6.5"),
    ]
    assert bad == {}
    assert "NA" in source.missing


def test_a_study_without_dates_is_refused(found: Reading, source: Source) -> None:
    """Day numbers are no dates: such a set cannot enter measures of the calendar."""
    undated = specimen.GOOD.replace(b"\ttimestamp\t", b"\tweekday\t")
    with pytest.raises(FileRefusedError, match="lacks timestamp"):
        found(undated, source)


def test_another_study_s_columns_need_their_own_declaration(found: Reading, contracts: Contracts) -> None:
    """Set 0018 has such a one; a file of another study is refused under it."""
    with pytest.raises(FileRefusedError, match="lacks timestamp_answer, valence"):
        found(specimen.GOOD, contracts.sources["covidaffect"])


def test_one_record_s_damage_is_its_own(found: Reading, source: Source) -> None:
    """What ana's lines hold changes nothing about bea's and cai's."""
    alone, _ = found(specimen.file(specimen.OTHERS), source)
    mixed = [line for pair in zip(specimen.ANYTHING, specimen.OTHERS, strict=False) for line in pair]
    rows, bad = found(specimen.file(mixed + specimen.ANYTHING[len(specimen.OTHERS) :]), source)
    others = rows.filter(pl.col("person_id") != "CANARY-ana").drop("line")
    assert others.rows() == alone.drop("line").rows()
    assert {"ragged", "broken_quotes", "not_utf8", "nul_byte", "line_too_long"} <= set(bad.values())


def test_planted_words_stay_in_their_rows(found: Reading, source: Source) -> None:
    rows, bad = found(specimen.planted(fresh_words()), source)
    assert rows["mood"].is_in(["5", "4"]).sum() == 3  # one of them at no time
    assert set(rows.columns) == {"line", "person_id", "logged_at", "mood"}
    assert set(bad.values()) == {"ragged", "broken_quotes"}
