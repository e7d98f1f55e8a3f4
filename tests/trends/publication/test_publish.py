"""Published files follow from the ledger alone, and say nothing that may not be said."""

import io
import json
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from analytics.contracts import NANO, Contract, Contracts
from analytics.errors import ContractRefusedError
from analytics.odds import odds, promise_in_words
from analytics.release.noise import epsilon
from analytics.trends.estimation.figures import figures_of, people_floor
from analytics.trends.publication.publish import publish
from analytics.trends.publication.rendering import MEASURES_SCHEMA
from analytics.trends.publication.verify import verify_home
from tests.support.releases import GRID, HEADLINES, Home, new_home, plan_of

FIGURES = [name for name, kind in MEASURES_SCHEMA.items() if kind == pl.Float64 and not name.startswith("instead_")]
"""Of the row's own cohort and period."""


def published(home: Home, contracts: Contracts) -> list[str]:
    """Publish what the ledger holds."""
    with home.open() as ledger:
        return publish(ledger.entries(), ledger.cells, home.published, contracts.published)


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def measures(home: Home, week: str) -> pl.DataFrame:
    """Return a release's measures."""
    data = (home.published / "releases" / "weekly" / f"{week}-r0" / "measures.parquet").read_bytes()
    return pl.read_parquet(io.BytesIO(data))


@pytest.fixture
def home(tmp_path: Path, contracts: Contracts) -> Home:
    """Return a home with two published releases."""
    made = new_home(tmp_path / "home")
    made.draw("2024-W10", "2024-W11")
    published(made, contracts)
    return made


def test_publishing_again_gives_the_same_bytes(home: Home, contracts: Contracts) -> None:
    """Twice, after a deletion, and after a later release, a release's files are the same to the byte."""
    before = files(home.published)
    assert published(home, contracts) == sorted(before)
    assert files(home.published) == before
    (home.published / "releases" / "weekly" / "2024-W10-r0" / "card.json").unlink()
    published(home, contracts)
    assert files(home.published) == before
    home.draw("2024-W12")
    published(home, contracts)
    after = files(home.published)
    assert {name: after[name] for name in before if name != "current.json"} == {
        name: data for name, data in before.items() if name != "current.json"
    }


@pytest.mark.parametrize("rho", [0.25, 0.1])
def test_the_card_and_its_page_tell_the_odds_that_follow_from_the_cap(
    rho: float, tmp_path: Path, contracts: Contracts
) -> None:
    """Both kinds of odds and epsilon are computed from the entry's cap, never typed: another cap, other odds."""
    home = new_home(tmp_path / "home")
    home.draw("2024-W10", plan=plan_of(cap=rho))
    published(home, contracts)
    folder = home.published / "releases" / "weekly" / "2024-W10-r0"
    promise = json.loads((folder / "card.json").read_text("utf-8"))["promise"]
    page = " ".join((folder / "README.md").read_text("utf-8").split())
    cap = round(rho * NANO)
    assert promise["rho_cap"] == rho
    assert promise["odds"] == [asdict(each) for each in odds(cap)]
    assert promise["epsilon"] == {"1e-06": epsilon(cap, 1e-6), "1e-09": epsilon(cap, 1e-9)}
    assert promise_in_words(cap) == promise["words"]
    assert promise["words"] in page
    one, three, five = (each.recognised_in_100_by_zcdp_alone for each in odds(cap))
    assert f"they would be {one}, {three} and {five} in 100" in page
    for delta, value in promise["epsilon"].items():
        assert f"{value} at delta {delta}" in page


def test_what_no_release_made_is_removed(home: Home, contracts: Contracts) -> None:
    """Whatever lies among the releases and is none, file or folder, is gone after a publish."""
    before = files(home.published)
    product = home.published / "releases" / "weekly"
    (product / "stray.txt").write_text("x")
    (product / ".2024-W10-r0.new").mkdir()
    (product / "2024-W10-r0" / "more").mkdir()
    (product / "2024-W10-r0" / "more" / "stray.txt").write_text("x")
    published(home, contracts)
    assert files(home.published) == before
    assert all(check.ok for check in verify_home(home.ledger, home.head, home.published))


def test_every_expected_row_is_there(home: Home) -> None:
    """Every cohort of every table has each headline, in the grid's order, empty cohorts too."""
    expected = [
        ("_by_".join(table) or "all", "/".join(cohort) or "all", headline)
        for table in ((), ("region",), ("region", "age"))
        for cohort in GRID.cohorts(table)
        for headline in HEADLINES
    ]
    for week in ("2024-W10", "2024-W11"):
        frame = measures(home, week)
        assert frame.select("table", "cohort", "headline").rows() == expected
        csv = (home.published / "releases" / "weekly" / f"{week}-r0" / "measures.csv").read_bytes()
        assert csv == frame.write_csv().encode()


def test_withheld_rows_hold_no_figure(home: Home) -> None:
    """A withheld row has a reason and no number; a row that is not withheld has its estimate and both intervals."""
    frame = pl.concat([measures(home, week) for week in ("2024-W10", "2024-W11")])
    withheld = frame.filter(pl.col("reliability") == "withheld")
    result = frame.filter(pl.col("reliability") != "withheld")
    assert withheld.height > 0
    assert result.height > 0
    assert all(withheld[name].null_count() == withheld.height for name in FIGURES)
    assert set(withheld["reason"].str.len_chars() > 0) == {True}
    assert all(result[name].null_count() == 0 for name in ("estimate", "noise_low", "shown_high", "people"))
    assert (
        result.filter((pl.col("table") == "region") & (pl.col("cohort") == "north"))["since_previous"].null_count() == 3
    )


def test_low_floors_do_not_let_figures_without_ends_out(tmp_path: Path, contracts: Contracts) -> None:
    """Where a plan shows all cohorts, a ratio whose interval has no ends is withheld with all its numbers."""
    plan = plan_of()
    display = plan.display.model_copy(update={"floor_people": Decimal(-10_000), "floor_noise_sds": Decimal(0)})
    home = new_home(tmp_path / "low")
    home.draw("2024-W10", "2024-W11", plan=plan.model_copy(update={"display": display}))
    published(home, contracts)
    frame = measures(home, "2024-W11")
    withheld = frame.filter(pl.col("reliability") == "withheld")
    assert withheld.height > 0
    assert "people" not in set(withheld["headline"])
    assert all(withheld[name].null_count() == withheld.height for name in FIGURES)


def test_the_display_rule_looks_at_the_noisy_number_alone(home: Home) -> None:
    """A cohort is shown exactly where its noisy number of people reaches the floor that the noise law gives."""
    with home.open() as ledger:
        for entry in ledger.entries():
            (figures,) = figures_of(entry, ledger.cells(entry))
            people = figures.measure.headline("people")
            for (table, _), cell in figures.cells.items():
                floor = people_floor(figures.layout, table, entry.body.display)
                assert (figures.result(cell, people) is not None) == (cell.people.estimate >= floor)
                assert cell.people.noise is not None
                noise_sd = cell.people.noise.half_width / 1.959963984540054
                assert floor == pytest.approx(9 + 3.72 * noise_sd)


def test_the_figures_are_near_the_truth(home: Home) -> None:
    """The invented cohorts come out within seven noise standard deviations: 1 in 10¹¹."""
    frame = measures(home, "2024-W10").filter(pl.col("cohort") == "all")
    people, low, mean = frame["estimate"].to_list()
    half_width = (frame["noise_high"] - frame["noise_low"]).to_list()
    for value, true, width in zip((people, low, mean), (3902, 50, 37.5), half_width, strict=True):
        assert abs(value - true) < 7 / 1.96 * width / 2 + 1e-6


def without(contract: Contract, name: str) -> Contract:
    """Return the contract without a column."""
    return Contract(contract.file, {key: column for key, column in contract.columns.items() if key != name})


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("measures", "people"),
        ("measures", "against_all"),
        ("measures", "reason"),
        ("pairs", "difference_at_once_low"),
        ("signals", "lower_limit"),
        ("outlook", "value"),
        ("representation", "less_plain"),
    ],
)
def test_only_listed_columns_are_published(home: Home, contracts: Contracts, table: str, column: str) -> None:
    """A column that its table's contract does not list stops the publish, and what was there stays."""
    before = files(home.published)
    allowed = {**contracts.published, table: without(contracts.published[table], column)}
    with home.open() as ledger, pytest.raises(ContractRefusedError, match=column):
        publish(ledger.entries(), ledger.cells, home.published, allowed)
    assert files(home.published) == before


def test_only_listed_values_are_published(home: Home, contracts: Contracts) -> None:
    """A unit or a reliability that published_measure does not list stops the publish."""
    listed = contracts.published_measure
    narrowed = replace(listed["reliability"], allowed=frozenset({"ok", "caution"}))
    contract = Contract(listed.file, {**listed.columns, "reliability": narrowed})
    with home.open() as ledger, pytest.raises(ContractRefusedError, match="reliability"):
        publish(ledger.entries(), ledger.cells, home.published, {**contracts.published, "measures": contract})


def test_an_empty_ledger_publishes_no_release(tmp_path: Path, contracts: Contracts) -> None:
    """Before the first draw there is a pointer to nothing."""
    home = new_home(tmp_path / "empty")
    assert published(home, contracts) == ["current.json"]
    assert all(check.ok for check in verify_home(home.ledger, home.head, home.published))
