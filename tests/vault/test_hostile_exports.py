"""Exports that are torn, huge on purpose or of another time zone: what is good in them is kept, at a bounded cost."""

import io
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.contracts import Contracts, Source
from analytics.contracts.source import Clock
from analytics.vault.readers.shared import rows as shared_rows
from analytics.vault.readers.shared.documents import parsed
from analytics.vault.readers.shared.rows import Row, RowRefusedError, gather
from analytics.vault.readers.shared.tables import one_person_s_table
from analytics.vault.readers.shared.timeforms import clock_text
from analytics.vault.times import with_times
from analytics.vault.validation.rule_names import RuleName
from tests.specimens import bearable, daylio_backup, daylio_csv, mydatahelps
from tests.support.reading import entries_of, found_in, parts_in

Written = Callable[..., Path]
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LOS_ANGELES = "America/Los_Angeles"
INSTANT = 1_777_870_800
"""05:00 in UTC on 4 May 2026, when it was still 22:00 on 3 May in Los Angeles."""


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def writing(content: bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return writing


@pytest.fixture(params=["wall", "instant"])
def los_angeles(contracts: Contracts, request: pytest.FixtureRequest) -> Source:
    """Return the template, for people of Los Angeles, under both ways in which times can be written."""
    return _at(contracts.sources["generic"], LOS_ANGELES, request.param)


def _at(source: Source, zone: str, written: Literal["wall", "instant"] = "wall", form: str = "iso") -> Source:
    return source.model_copy(update={"clock": Clock(zone=zone, written=written), "time_form": form})


def _days(path: Path, source: Source) -> list[tuple[object, object, object]]:
    """Return date, clock and instant of each entry, as they will be checked."""
    rows = with_times(entries_of(parts_in(path, source)), "logged_at", source.clock, NOW)
    return rows.select("local_date", pl.col("local_time").cast(pl.String).str.head(8), "utc_at").rows()


def _table(*times: str) -> bytes:
    return "".join(["person_id,logged_at,mood\n", *(f"CANARY-ana,{at},4\n" for at in times)]).encode()


def _parquet(times: pa.Array) -> bytes:
    columns = {"person_id": ["CANARY-ana"] * len(times), "logged_at": times, "mood": ["4"] * len(times)}
    packed = io.BytesIO()
    pq.write_table(pa.table(columns), packed)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("form", "text"), [("epoch_s", f"{INSTANT}"), ("epoch_ms", f"{INSTANT}000"), ("epoch_s", f" {INSTANT} ")]
)
def test_an_epoch_is_of_the_day_that_it_was_where_people_live(
    written: Written, los_angeles: Source, form: str, text: str
) -> None:
    """Otherwise evenings in America would count for the next day."""
    source = los_angeles.model_copy(update={"time_form": form})
    path = written(_table(text))
    assert _days(path, source) == [(date(2026, 5, 3), "22:00:00", INSTANT * 10**6)]
    assert entries_of(parts_in(path, source))["logged_at"].to_list() == ["2026-05-03T22:00:00.000000-07:00"]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("encoded", [False, True])
def test_a_parquet_instant_is_of_the_day_that_it_was_where_people_live(
    written: Written, los_angeles: Source, unit: str, *, encoded: bool
) -> None:
    """A timestamp with a zone is UTC inside, whatever the zone is called."""
    stamps = pa.array([INSTANT, None], pa.int64()).cast(pa.timestamp("s", "Asia/Tokyo")).cast(pa.timestamp(unit, "UTC"))
    path = written(_parquet(stamps.dictionary_encode() if encoded else stamps), "m.parquet")
    assert _days(path, los_angeles) == [(date(2026, 5, 3), "22:00:00", INSTANT * 10**6), (None, None, None)]


def test_a_parquet_time_without_a_zone_stays_the_wall_clock(written: Written, contracts: Contracts) -> None:
    stamps = pa.array([INSTANT], pa.timestamp("s"))
    path = written(_parquet(stamps), "m.parquet")
    assert _days(path, _at(contracts.sources["generic"], LOS_ANGELES))[0][:2] == (date(2026, 5, 4), "05:00:00")


def test_an_instant_beyond_our_years_costs_its_row_only(written: Written, los_angeles: Source) -> None:
    """Libraries cannot print such years; the checks refuse what is no time."""
    far = [2**63 - 1, -(2**63), INSTANT * 10**6, 253_402_300_800 * 10**6]
    path = written(_parquet(pa.array(far, pa.int64()).cast(pa.timestamp("us", "UTC"))), "m.parquet")
    assert [day for day, _, _ in _days(path, los_angeles)] == [None, None, date(2026, 5, 3), None]


@pytest.mark.parametrize("name", ["m.csv", "m.parquet"])
def test_instants_keep_their_order_over_a_change_of_clocks(written: Written, los_angeles: Source, name: str) -> None:
    """On 1 November 2026 one o'clock comes twice in Los Angeles; on 8 March two o'clock never comes."""
    changes = {
        datetime(2026, 11, 1, 6, 30, tzinfo=UTC): (date(2026, 10, 31), "23:30:00"),
        datetime(2026, 11, 1, 8, 30, tzinfo=UTC): (date(2026, 11, 1), "01:30:00"),
        datetime(2026, 11, 1, 9, 30, tzinfo=UTC): (date(2026, 11, 1), "01:30:00"),  # an hour later
        datetime(2026, 11, 2, 7, 30, tzinfo=UTC): (date(2026, 11, 1), "23:30:00"),  # the 25th hour of the day
        datetime(2026, 3, 8, 10, 30, tzinfo=UTC): (date(2026, 3, 8), "03:30:00"),
        datetime(2026, 3, 9, 6, 30, tzinfo=UTC): (date(2026, 3, 8), "23:30:00"),
    }
    seconds = [int(at.timestamp()) for at in changes]
    source = los_angeles.model_copy(update={"time_form": "epoch_s" if name == "m.csv" else "iso"})
    content = _table(*map(str, seconds)) if name == "m.csv" else _parquet(pa.array(seconds, pa.timestamp("s", "UTC")))
    assert _days(written(content, name), source) == [
        (*result, second * 10**6) for result, second in zip(changes.values(), seconds, strict=True)
    ]


@pytest.mark.parametrize(
    ("form", "text", "result"),
    [
        ("%d.%m.%Y %H:%M", " 04.05.2026 09:00", "2026-05-04T09:00:00"),  # as tables with aligned columns have it
        ("%d.%m.%Y %H:%M", "04.05.2026 09:00 \t", "2026-05-04T09:00:00"),
        ("%d.%m.%Y", "  ", ""),
        ("epoch_s", " ", ""),
    ],
)
def test_blanks_around_a_time_do_not_spoil_it(
    written: Written, contracts: Contracts, form: str, text: str, result: str
) -> None:
    source = _at(contracts.sources["generic"], "Etc/UTC", form=form)
    rows, bad, _, _ = found_in(written(_table(text)), source)
    assert ([row["logged_at"] for row in rows], bad) == ([result], {})


def test_a_clock_time_of_blanks_costs_no_more_than_another() -> None:
    """Two runs of blanks side by side were tried in every division: minutes for one cell."""
    begun = time.process_time()
    assert [clock_text(f"7:30{' ' * 200_000}x"), clock_text("7:30" + "\u00a0" * 200_000 + "pm")] == [None, "19:30"]
    assert clock_text("7:30 " + "1" * 40) is None
    assert time.process_time() - begun < 1


def _daylio(number: int) -> str:
    """Return a good row of three lines."""
    return daylio_csv.entry("good", day="2026-05-04", time=f"{number // 60}:{number % 60:02}", note="CANARY\nb\nc")


def test_a_torn_row_costs_itself_among_rows_of_several_lines(written: Written, contracts: Contracts) -> None:
    """Notes have line breaks, and every file may end in the middle of one."""
    good = [_daylio(number) for number in range(20)]
    torn = '2026-05-04,May 4,Monday,07:15,meh,"CANARY'
    source = contracts.sources["daylio_csv"]
    for rows in ([*good[:10], torn, *good[10:]], [*good, torn]):
        found = found_in(written(daylio_csv.file(*rows)), source)
        assert len(found.rows) == 20
        assert list(found.bad.values()) == [("broken_quotes", "")]
    last = found_in(written(daylio_csv.file(*good, torn)), source).bad
    assert list(last) == [1 + 3 * 20 + 1]  # by its own line, as an operator finds it


def test_rows_between_two_lost_quotes_are_not_swallowed(written: Written, contracts: Contracts) -> None:
    """The quotes of two damaged rows together would make one long note of all that lies between."""
    lost = '2026-05-04,May 4,Monday,07:15,meh,"CANARY'
    late = '2026-05-04,May 4,Monday,07:16,meh,CANARY","","",""'
    rows = [_daylio(1), lost, *(daylio_csv.entry("rad", time=f"8:0{minute}") for minute in range(5)), late, _daylio(2)]
    found = found_in(written(daylio_csv.file(*rows)), contracts.sources["daylio_csv"])
    assert [row["mood"] for row in found.rows] == ["good", *["rad"] * 5, "meh", "good"]  # the last has all its cells
    assert found.bad[5] == ("broken_quotes", "")


def test_a_note_with_a_line_of_fewer_cells_than_the_header_is_a_note(written: Written) -> None:
    """Commas occur in what people write; in a table of two columns they say nothing."""
    _, records = one_person_s_table(written(b'a,b,c\n1,2,"CANARY\nsaid, twice\nend"\n3,4,5\n'))
    assert [cells["c"] for _, cells in records if isinstance(cells, dict)] == ["CANARY\nsaid, twice\nend", "5"]
    _, records = one_person_s_table(written(b'a,b\n1,"CANARY\nsaid, twice\nend"\n3,4\n'))
    assert [cells["b"] for _, cells in records if isinstance(cells, dict)] == ["CANARY\nsaid, twice\nend", "4"]


def test_lost_quotes_on_every_line_have_a_bounded_cost(written: Written) -> None:
    """Each is a look at all that follows, so that after a hundred no quote is believed beyond its line."""
    lines = 20_000
    begun = time.process_time()
    _, records = one_person_s_table(written(b"a,b,c\n" + b'1,2,"CANARY\n' * lines + b'1,"2",3\n'))
    found = [isinstance(cells, RowRefusedError) for _, cells in records]
    # Two lost quotes can pair to a record of two lines, which is ragged: no line is lost, none is taken.
    assert (found[-1], found.count(False)) == (False, 1)
    assert time.process_time() - begun < 20


def _bearable(written: Written, contracts: Contracts, *config: str) -> tuple[list[tuple[str, str, str]], Any]:
    found = found_in(written(bearable.file(*config)), contracts.sources["bearable"])
    return [(row["mood"], row["sleep_hours"], row["sleep_quality"]) for row in found.rows], found.bad


@pytest.mark.parametrize(
    ("fact", "broken"),
    [
        (bearable.fact("Sleep", "26:30"), ("out_of_range", "sleep_hours")),
        (bearable.fact("Sleep", "24.000000001"), ("out_of_range", "sleep_hours")),
        (bearable.fact("Sleep quality", "5"), ("off_scale", "sleep_quality")),  # the declared scale ends at 4
        (bearable.fact("Sleep quality", "0.999999999"), ("off_scale", "sleep_quality")),
    ],
)
def test_an_impossible_night_does_not_refuse_the_moods_of_its_day(
    written: Written, contracts: Contracts, fact: str, broken: tuple[str, str]
) -> None:
    """It goes with every mood of the date, and each would break the rule."""
    moods = [bearable.fact("Mood", "4"), bearable.fact("Mood", "2", time="pm")]
    rows, bad = _bearable(written, contracts, *moods, fact)
    assert (rows, bad) == ([("4", "", ""), ("2", "", "")], {4: broken})


def test_the_ends_of_a_night_s_bounds_are_inside(written: Written, contracts: Contracts) -> None:
    for hours, result, quality in (("24:00", "24", "4"), ("0:00", "0", "1.0")):
        night = [bearable.fact("Sleep", hours), bearable.fact("Sleep quality", quality)]
        assert _bearable(written, contracts, bearable.fact("Mood", "4"), *night) == ([("4", result, quality)], {})


def test_a_day_of_many_factors_costs_time_by_their_number_and_keeps_its_moods(
    written: Written, contracts: Contracts
) -> None:
    """Nobody has so many; they are cut where they would make the text too long, which would refuse the moods."""
    many = [bearable.fact("Factors", detail=" | ".join(f"CANARY{row}x{at}" for at in range(500))) for row in range(200)]
    begun = time.process_time()
    path = written(bearable.file(*many, bearable.fact("Factors", detail="CANARY-last"), bearable.fact("Mood", "4")))
    (row,), bad, _, _ = found_in(path, contracts.sources["bearable"])
    assert (row["mood"], bad) == ("4", {})
    assert row["factors"].startswith("CANARY0x0|CANARY0x1|")
    assert 500 < len(row["factors"].split("|")) <= 1000
    assert time.process_time() - begun < 20


def test_many_short_factors_end_at_a_thousand(written: Written, contracts: Contracts) -> None:
    detail = " | ".join(f"{number:x}" for number in range(1, 3000))
    path = written(bearable.file(bearable.fact("Factors", detail=detail), bearable.fact("Mood", "4")))
    (row,), _, _, _ = found_in(path, contracts.sources["bearable"])
    assert len(row["factors"].split("|")) == 1000


def test_a_tag_that_is_named_again_and_again_is_one_word(written: Written, contracts: Contracts) -> None:
    """Two bytes each stood for a name of any length: gigabytes of one small file."""
    tags = [{"id": 1, "name": "CANARY" * 20_000}, {"id": 2, "name": "work"}, {"id": 3, "name": "CANARY" + "x" * 194}]
    content = daylio_backup.backup(*[daylio_backup.entry(tags=[1, 2, 2, 3] * 5000) for _ in range(20)], tags=tags)
    path = written(daylio_backup.zipped(content), "b.daylio")
    tracemalloc.start()
    rows, bad, _, _ = found_in(path, contracts.sources["daylio_backup"])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert bad == {}
    assert {row["factors"] for row in rows} == {f"work|{tags[2]['name']}"}  # a name of 200 characters is one
    assert most < 30 * len(content)


def test_an_entry_has_a_thousand_tags_at_most(written: Written, contracts: Contracts) -> None:
    tags = [{"id": number, "name": f"{number:x}"} for number in range(1, 3000)]
    content = daylio_backup.backup(daylio_backup.entry(tags=[tag["id"] for tag in tags]), tags=tags)
    (row,), bad, _, _ = found_in(written(content, "b.daylio"), contracts.sources["daylio_backup"])
    assert (len(row["factors"].split("|")), bad) == (1000, {})


def test_records_that_are_no_rows_come_in_parts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of nothing but garbage, or of other facts, would otherwise be held as one."""
    monkeypatch.setattr(shared_rows, "CHUNK_ROWS", 10)

    def records(what: str) -> Iterator[tuple[int, str | RowRefusedError]]:
        for line in range(1, 26):
            yield line, RowRefusedError(RuleName.RAGGED) if what == "bad" else what

    def one(what: str) -> list[Row]:
        return [] if what == "other" else [Row("entry", {"mood": what})]

    assert [part.bad.height for part in gather(records("bad"), one)] == [10, 10, 5]
    assert [part.passed_over for part in gather(records("other"), one)] == [10, 10, 5]
    assert [part.rows.height for part in gather(records("4"), one)] == [10, 10, 5]


def test_a_part_ends_early_where_its_texts_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few bytes of a record may stand for long texts elsewhere in the file."""
    monkeypatch.setattr(shared_rows, "CHUNK_CHARACTERS", 1000)
    records = [(line, "CANARY" * 100) for line in range(1, 5)]
    parts = list(gather(records, lambda words: [Row("entry", {"factors": words})]))
    assert [part.rows.height for part in parts] == [2, 2, 0]


def test_a_document_of_small_numbers_is_not_much_larger_in_memory() -> None:
    """Each number as an object of its own would take sixty times its place in the file."""
    data = b"[" + b"1," * 500_000 + b"1]"
    tracemalloc.start()
    value = parsed(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(value), value[0]) == (500_001, "1")
    assert most < 12 * len(data)


@pytest.mark.parametrize(
    ("word", "rule"), [(b"CANARY\x00", "nul_byte"), (b"CANARY\xff", "not_utf8"), (b"x" * 10_001, "too_long")]
)
@pytest.mark.parametrize("first", [False, True])
def test_half_of_an_entry_s_associations_are_none(
    written: Written, contracts: Contracts, word: bytes, rule: str, *, first: bool
) -> None:
    """Days without a factor are compared with days with it: a lost word would say that it was not there."""
    good = [b"CANARY-k1,CANARY-ana,x,Work", b"CANARY-k1, CANARY-ana,x,Family"]
    broken = b"CANARY-k1,CANARY-ana,x," + word
    others = [b"CANARY-k2,CANARY-ana,x,Work", b"CANARY-k1,CANARY-bea,x,Travel"]  # another key, another person
    lines = [broken, *good, *others] if first else [*good, broken, *others]
    path = written(mydatahelps.file(lines, mydatahelps.ASSOCIATIONS_HEADER))
    rows, bad, _, _ = found_in(path, contracts.sources["mydatahelps"])
    assert [(row["person_id"], row["factors"]) for row in rows] == [("CANARY-ana", "Work"), ("CANARY-bea", "Travel")]
    assert bad == {2 if first else 4: (rule, "factors")}


def _times(path: Path, source: Source) -> dict[str, str]:
    return {row["logged_at"]: row["mood"] for row in found_in(path, source).rows}


def test_moods_of_one_minute_are_several_entries_of_a_csv(written: Written, contracts: Contracts) -> None:
    """Its times have no seconds; entries without a number of their own would replace each other."""
    source = contracts.sources["daylio_csv"]
    bad = daylio_csv.entry("CANARY", time="CANARY")
    older = [daylio_csv.entry(mood, time="10:00") for mood in ("meh", "bad", "awful")]  # newest first
    other = [daylio_csv.entry("good", time="9:59"), daylio_csv.entry("good", time="", day="2026-05-03")]
    earlier = _times(written(daylio_csv.file(bad, *older, *other)), source)
    day = "2026-05-04T"
    assert earlier == {
        f"{day}10:00:02": "meh",
        f"{day}10:00:01": "bad",
        f"{day}10:00": "awful",
        f"{day}09:59": "good",
        "2026-05-03": "good",
    }
    newer = daylio_csv.entry("rad", time="10:00 AM")
    assert _times(written(daylio_csv.file(newer, bad, *older, *other)), source) == {f"{day}10:00:03": "rad", **earlier}


def test_a_line_that_comes_twice_is_one_entry(written: Written, contracts: Contracts) -> None:
    """Files joined end to end hold the same entry again; that is a resend, and no second mood of its minute."""
    line = daylio_csv.entry("good", time="10:00")
    found = found_in(written(daylio_csv.file(line, line)), contracts.sources["daylio_csv"]).rows
    assert [row["logged_at"] for row in found] == ["2026-05-04T10:00", "2026-05-04T10:00"]


def test_entries_of_a_day_without_a_time_stay_as_they_are(written: Written, contracts: Contracts) -> None:
    """Which of a day's moods counts is decided where entries are kept."""
    rows = [daylio_csv.entry("good", time=""), daylio_csv.entry("bad", time="")]
    found = found_in(written(daylio_csv.file(*rows)), contracts.sources["daylio_csv"]).rows
    records = [daylio_backup.entry(id=number, hour=-1, minute=-1) for number in (1, 2)]
    found += found_in(written(daylio_backup.backup(*records)), contracts.sources["daylio_backup"]).rows
    assert [row["logged_at"] for row in found] == ["2026-05-04"] * 4


@pytest.mark.parametrize(
    ("ids", "seconds"),
    [
        ([9, 10, 11], ["", ":01", ":02"]),  # the smallest is the oldest, as a number
        ([11, 9, "10"], [":02", "", ":01"]),
        ([11, None, 9], [":02", ":01", ""]),  # without one, the last of the list is
        (["CANARY", 9, 10], [":02", ":01", ""]),
        ([True, 9, 10], ["unreadable", "", ":01"]),
    ],
)
def test_moods_of_one_minute_are_several_entries_of_a_backup(
    written: Written, contracts: Contracts, ids: list[object], seconds: list[str]
) -> None:
    """An entry keeps its time whatever newer ones stand beside it in a later backup."""
    source = contracts.sources["daylio_backup"]
    records = [daylio_backup.entry(id=own, mood=mood) for own, mood in zip(ids, (1, 2, 3), strict=True)]
    other = daylio_backup.entry(id=1, minute=31)
    for newer in ([], [daylio_backup.entry(id=12, mood=5)]):
        found = _times(written(daylio_backup.backup(*newer, *records, other)), source)
        assert {at: mood for at, mood in found.items() if mood != "5"} == {
            **{f"2026-05-04T19:30{end}+02:00": str(mood) for mood, end in enumerate(seconds, 1) if end != "unreadable"},
            "2026-05-04T19:31+02:00": "2",
        }
        assert len(found) == 4 - seconds.count("unreadable") + len(newer)
