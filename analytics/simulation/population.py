"""The entry point: invent a population, and write its files and its truth."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import polars as pl

from analytics.contracts import Grid
from analytics.errors import UsageError
from analytics.simulation.diary import keep_diaries
from analytics.simulation.dirt import NOT_UTF8, SCOPE, bad_consents, bad_register_rows, soil
from analytics.simulation.draws import stream
from analytics.simulation.people import People, invent_people
from analytics.simulation.truth import exact_cells
from analytics.simulation.wording import TEXT_COLUMNS, write_entries

EARLIEST, LATEST = date(2001, 1, 1), date(2900, 1, 1)
"""Consents begin up to a year before the start, and the contract takes none from before 2000; dirt lies in 2999."""


@dataclass(frozen=True)
class Simulated:
    """What was written."""

    files: tuple[Path, ...]
    """participants.csv, consents.csv, mood_entries.csv, truth.parquet."""
    people: int
    entries: int
    """Lines of mood_entries.csv below its header, dirty ones included."""


def simulate(  # noqa: PLR0913 - each is a thing that the caller chooses, and all are named
    *,
    people: int,
    weeks: int,
    seed: int,
    start: date,
    out: Path,
    grid: Grid,
) -> Simulated:
    """Invent `people` participants who log for `weeks` weeks from the Monday `start`, and write their files to `out`.

    The same arguments give the same bytes. In the first region of the grid mood falls by about 12 points (of 100)
    once `weeks * 2 // 3` weeks are over.

    Raises:
        UsageError: if there are no people or weeks, the seed is negative, or `start` is not a Monday it can begin on.
    """
    _check(people, weeks, seed, start)
    folk = invent_people(stream(seed, 0), people, 7 * weeks, grid)
    entries = write_entries(stream(seed, 2), keep_diaries(stream(seed, 1), folk, weeks), folk, start)
    lines = soil(stream(seed, 3), entries, start)
    del entries
    dirt = stream(seed, 4)
    out.mkdir(parents=True, exist_ok=True)
    files = tuple(out / name for name in ("participants.csv", "consents.csv", "mood_entries.csv", "truth.parquet"))
    files[0].write_bytes(_csv(_register_texts(folk, start, bad_register_rows(dirt, folk))))
    files[1].write_bytes(_csv(_consent_texts(folk, start, bad_consents(dirt, folk, 7 * weeks))))
    files[2].write_bytes(
        _csv(lines.select(pl.col("line").alias(",".join(TEXT_COLUMNS)))).replace(NOT_UTF8.encode(), b"\xff")
    )
    exact_cells(lines, folk, grid, start, weeks).write_parquet(files[3], compression="uncompressed")
    return Simulated(files=files, people=people, entries=lines.height)


def _check(people: int, weeks: int, seed: int, start: date) -> None:
    for wrong, message in (
        (people < 1, "A population has at least one participant."),
        (weeks < 1, "A simulation takes at least one week."),
        (seed < 0, "A seed is a whole number, zero or more."),
        (start.weekday() != 0, f"A simulation starts on a Monday; {start:%Y-%m-%d} is a {start:%A}."),
    ):
        if wrong:
            raise UsageError(message, "Correct the arguments and run the command again.")
    if start < EARLIEST or LATEST - start < timedelta(weeks=weeks):
        message = f"A simulation must lie between {EARLIEST:%Y-%m-%d} and {LATEST:%Y-%m-%d}."
        raise UsageError(message, "Choose another start or fewer weeks.")


def _register_texts(people: People, start: date, bad: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of participants.csv."""
    good = people.register.with_columns(_day("valid_from", start))
    return _named(pl.concat([good, bad.select(good.columns)]), people)


def _consent_texts(people: People, start: date, bad: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of consents.csv."""
    midnight = int(datetime.combine(start, time(), UTC).timestamp())
    recorded = pl.from_epoch(pl.col("recorded") + midnight, time_unit="s").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    columns = ("person", "event", "recorded", "covers_from", "scope", "policy_version")
    rows = pl.concat([people.consents.with_columns(scope=pl.lit(SCOPE)).select(columns), bad.select(columns)])
    rows = rows.sort("recorded", "person", maintain_order=True)
    return _named(rows.with_columns(recorded.alias("recorded"), _day("covers_from", start)), people).rename(
        {"recorded": "recorded_at"},
    )


def _day(column: str, start: date) -> pl.Expr:
    """Return days since the start as dates like `2026-01-05`."""
    return (pl.lit(start) + pl.duration(days=pl.col(column))).dt.strftime("%Y-%m-%d").alias(column)


def _named(rows: pl.DataFrame, people: People) -> pl.DataFrame:
    """Return `rows` with the id instead of the person's number."""
    return rows.with_columns(people.ids.gather(rows["person"]).alias("person")).rename({"person": "person_id"})


def _csv(rows: pl.DataFrame) -> bytes:
    """Return a header and lines; what needs quotes has them already."""
    written = BytesIO()
    rows.write_csv(written, quote_style="never")
    return written.getvalue()
