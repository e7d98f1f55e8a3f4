"""Coverage and weighted figures as they are published: beside the plain ones, made of noisy cells alone."""

import copy
import io
import json
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError
from streamlit.testing.v1 import AppTest

from analytics.contracts import Contracts, Plan, read_contracts, read_plan, shipped_contracts
from analytics.errors import ContractRefusedError
from analytics.periods import Period
from analytics.release.draw import draw
from analytics.simulation.residents import SOURCE, residents
from analytics.trends.publication.publish import publish
from analytics.trends.publication.representation import REPRESENTATION_SCHEMA
from analytics.trends.publication.verify import verify_home
from analytics.trends.representation.coverage import coverage
from analytics.trends.representation.strata import Cohort
from dashboard.texts.words import Words
from tests.support.bodies import body_of
from tests.support.forbidden import FORBIDDEN
from tests.support.paging import open_page, text
from tests.support.releases import NOW, PRODUCT, Home, new_home
from tests.support.sized import (
    KEYS,
    POPULATION,
    PUBLIC,
    SIZES,
    STRATA,
    exact,
    grid_of,
    layout_of,
    noisy_release,
    plan_of,
)

ENGLISH = Words("en")
PEOPLE: dict[Cohort, tuple[int, int, int]] = {
    # two groups of the north log much, and are low more seldom
    ("north", "young"): (400, 800, 800),
    ("north", "old"): (200, 400, 400),
    # the young of the south log little: their size outweighs all others
    ("south", "young"): (300, 100, 100),
    # too few to be shown alone, and of a stratum in which few live: it counts with the young
    ("south", "old"): (6, 3, 3),
    # of unknown place: in the plain figures only
    ("unknown", "young"): (300, 0, 0),
    ("north", "unknown"): (150, 0, 0),
}


def drawn(home: Home, plan: Plan, population: dict[str, Any] | None, *weeks: str) -> None:
    """Draw weeks of the invented people."""
    with home.open() as ledger:
        for week in weeks:
            draw(ledger, plan, grid_of(population), PRODUCT, Period.parse(week), lambda _: exact(PEOPLE), NOW)


def published(home: Home, contracts: Contracts) -> list[str]:
    """Publish what the ledger holds."""
    with home.open() as ledger:
        return publish(ledger.entries(), ledger.cells, home.published, contracts.published)


def result(home: Home, week: str, name: str = "representation") -> pl.DataFrame:
    """Return a table of a release."""
    return pl.read_parquet(io.BytesIO((folder(home, week) / f"{name}.parquet").read_bytes()))


def folder(home: Home, week: str) -> Path:
    """Return where a release lies."""
    return home.published / "releases" / PRODUCT / f"{week}-r0"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, contracts: Contracts) -> Home:
    """Return a home with a release beside public sizes and, before it, one beside none."""
    made = new_home(tmp_path_factory.mktemp("sized") / "home")
    drawn(made, plan_of(), None, "2024-W10")
    drawn(made, plan_of(), POPULATION, "2024-W11")
    published(made, contracts)
    return made


WITHOUT = {name: people for name, people in SIZES.items() if name != "north/old"}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"people": WITHOUT}, "the size of 'north/old' is missing"),
        ({"people": {**WITHOUT, "north/old": 0}}, "greater than or equal to 1"),
        ({"people": {**WITHOUT, "north/old": 10.5}}, "valid integer"),
        ({"people": {**WITHOUT, "north/old": "30000"}}, "valid integer"),
        ({"people": {**SIZES, "north/unknown": 9}}, "'north/unknown' is no combination of known keys"),
        ({"people": {**SIZES, "east/old": 9}}, "'east/old' is no combination of known keys"),
        ({"dimensions": ["region", "shoe_size"]}, "the dimension 'shoe_size' is not declared"),
        ({"dimensions": ["region", "region"]}, "the dimension 'region' is named twice"),
        ({"dimensions": []}, "at least 1 item"),
        ({"source": ""}, "at least 1 character"),
        ({"of": "2025"}, "Extra inputs"),
    ],
)
def test_public_sizes_that_do_not_fit_the_grid_are_refused(changed: dict[str, Any], reason: str) -> None:
    """Every combination of known keys has one whole size of at least 1, and nothing else has one."""
    with pytest.raises(ValidationError, match=reason):
        grid_of({**POPULATION, **changed})


def test_the_file_and_the_place_in_it_are_named(tmp_path: Path) -> None:
    """The example that ships in cohorts.yaml is right as it is, and without one of its sizes is refused."""
    contracts = Path(shutil.copytree(shipped_contracts(), tmp_path / "contracts"))
    path = contracts / "cohorts.yaml"
    lines = path.read_text("utf-8").splitlines()
    start = lines.index("# population:")
    lines[start:] = [line.removeprefix("# ") for line in lines[start:]]
    path.write_text("\n".join(lines), "utf-8")
    population = read_plan(contracts, "small")[1].population
    assert population is not None
    assert (population.dimensions, population.as_of) == (("age_band",), "2025-12-31")
    path.write_text(path.read_text("utf-8").replace("16-24: 31200, ", ""), "utf-8")
    with pytest.raises(ContractRefusedError, match=r"cohorts\.yaml: population: the size of '16-24' is missing"):
        read_contracts(contracts, "standard")


def test_who_gives_none_has_the_entries_and_fingerprints_of_before(home: Home) -> None:
    """Without sizes and strata neither word is in what is hashed; with both the noise is the same, and its price."""
    plain, sized = plan_of({}), plan_of()
    assert "population" not in grid_of(None).model_dump()
    assert "strata" not in plain.model_dump(by_alias=True)["products"][PRODUCT]
    assert plain.frozen == sized.frozen
    assert len({plain.fingerprint(grid_of(None)), plain.fingerprint(grid_of()), sized.fingerprint(grid_of())}) == 3
    with home.open() as ledger:
        before, after = ledger.entries()
    assert body_of(after).keys() - body_of(before).keys() == {"population", "strata"}
    without = [[{**table, "reads_from": None} for table in body_of(entry)["tables"]] for entry in (before, after)]
    assert without[0] == without[1]  # but for the first day that each reads: they are of two weeks


def test_publishing_again_gives_the_same_bytes_and_verifies(home: Home, contracts: Contracts) -> None:
    """Everything follows from the ledger: contracts of today are not looked at."""
    before = {path: path.read_bytes() for path in home.published.rglob("*") if path.is_file()}
    published(home, contracts)
    assert {path: path.read_bytes() for path in home.published.rglob("*") if path.is_file()} == before
    assert all(check.ok for check in verify_home(home.ledger, home.head, home.published))


def test_the_contract_lists_what_is_published(home: Home, contracts: Contracts) -> None:
    """Column by column; where no sizes were given the table is there with all of them, and empty."""
    assert list(contracts.published_representation.columns) == list(REPRESENTATION_SCHEMA)
    for week, rows in (("2024-W10", 0), ("2024-W11", 9 + 10)):
        assert result(home, week).schema == pl.Schema(REPRESENTATION_SCHEMA)
        assert result(home, week).height == rows


def test_every_known_cohort_has_its_rows(home: Home) -> None:
    """Coverage wherever there is a size; weights wherever a table lies within the strata; of unknown keys nothing."""
    frame = result(home, "2024-W11")
    known = {name: [key for key in keys if key != "unknown"] for name, keys in KEYS.items()}
    crossed = [f"{region}/{age}" for region in known["region"] for age in known["age"]]
    covered = frame.filter(pl.col("kind") == "coverage")
    assert covered["cohort"].to_list() == ["all", *known["region"], *known["age"], *crossed]
    assert covered["public_size"].to_list() == [100_000, 40_000, 60_000, 65_000, 35_000, *SIZES.values()]
    weighted = frame.filter(pl.col("kind") == "weighted")
    names = [
        (cohort, name) for cohort in ("all", "north", "south", "young", "old") for name in ("low_share", "mean_mood")
    ]
    assert sorted(weighted.select("cohort", "headline").rows()) == sorted(names)
    assert set(weighted["strata_table"]) == {"region_by_age"}


def test_the_figures_are_what_the_invented_people_give(home: Home) -> None:
    """Within six noise standard deviations; the old of the south count with its young, whose low mood they share."""
    rows = {(one["cohort"], one["headline"]): one for one in result(home, "2024-W11").to_dicts()}
    everyone = rows["all", "low_share"]
    weighted = 100 * (0.4 * 0.2 + 0.6 * 306 / 512)
    for name, true in (("estimate", weighted), ("less_plain", weighted - 100 * 1356 / 3962)):
        ends = "" if name == "estimate" else f"{name}_"
        sd = (everyone[f"{ends}noise_high"] - everyone[f"{ends}noise_low"]) / 2 / 1.96
        assert abs(everyone[name] - true) < 6 * sd
    assert everyone["less_plain"] == pytest.approx(everyone["estimate"] - everyone["plain"], abs=2e-6)
    assert (everyone["strata"], everyone["strata_joined"]) == (4, 2)
    assert abs(everyone["unplaced"] - 450) < 3 * (everyone["unplaced_noise_high"] - everyone["unplaced_noise_low"])
    assert rows["south/old", "people"]["reliability"] == "withheld"
    per = rows["all", "people"]
    assert abs(per["estimate"] - 35.12) < 3 * (per["noise_high"] - per["noise_low"])


def test_the_plain_figure_is_the_one_that_is_published(home: Home) -> None:
    """To the last digit, with both of its intervals."""
    plain = {
        (row["table"], row["cohort"], row["headline"]): row for row in result(home, "2024-W11", "measures").to_dicts()
    }
    weighted = result(home, "2024-W11").filter(pl.col("kind") == "weighted", pl.col("reliability") != "withheld")
    assert weighted.height >= 8
    for row in weighted.to_dicts():
        own = plain[row["table"], row["cohort"], row["headline"]]
        assert row["plain"] == own["estimate"]
        for end in ("noise_low", "noise_high", "shown_low", "shown_high"):
            assert row[f"plain_{end}"] == own[end]


def test_every_figure_has_its_intervals_and_a_withheld_one_nothing(home: Home) -> None:
    """What is shown has both ends of both intervals, and of simultaneous ones too; the rest has a reason."""
    numbers = [name for name, kind in REPRESENTATION_SCHEMA.items() if kind == pl.Float64]
    for row in result(home, "2024-W11").to_dicts():
        if row["reliability"] == "withheld":
            assert row["reason"]
            assert all(row[name] is None for name in numbers)
            continue
        for name in ("", "people", "plain", "less_plain", "against_all", "unplaced"):
            prefix = f"{name}_" if name else ""
            wanted = row[name or "estimate"] is not None
            ends = [row[f"{prefix}{kind}_{end}"] for kind in ("noise", "shown") for end in ("low", "high")]
            ends += (
                [row[f"{prefix}at_once_{end}"] for end in ("low", "high")]
                if name in {"less_plain", "against_all"}
                else []
            )
            assert all((end is not None) == wanted for end in ends), (name, row["cohort"])


def test_sentences_say_direction_size_interval_and_what_they_cannot(home: Home) -> None:
    """No word of the list, no minus zero; the unknown, the joined and what weights cannot do are in them."""
    rows = result(home, "2024-W11").filter(pl.col("reliability") != "withheld").to_dicts()
    for row in rows:
        assert not FORBIDDEN.search(row["sentence"]), row["sentence"]
        assert not re.search(r"-0(\.0+)?(?![\d.])|% of the", row["sentence"])
        assert row["cannot_say"]
    everyone = {(row["kind"], row["headline"]): row["sentence"] for row in rows if row["cohort"] == "all"}
    assert re.fullmatch(
        r"Low among all participants, weighted to the public sizes by region and age: [\d.]+% \(between [\d.]+% and "
        r"[\d.]+%\)\. Compared: [\d.]+ percentage points higher than the plain figure \(between [\d.]+ and [\d.]+ "
        r"percentage points\)\. About [\d,]+ people have a weight, and count as much as [\d,]+ people with equal "
        r"weights\. About [\d,]+ people have no weight: their area is unknown\. 2 of 4 strata are small by "
        r"the public sizes and share a weight with a neighbour\.",
        everyone["weighted", "low_share"],
    )
    assert "per 1,000 (between" in everyone["coverage", "people"]
    assert (
        "of the 100,000 people who live there, by the public sizes. People whose area is unknown are left out."
        in (everyone["coverage", "people"])
    )


def test_the_release_names_its_source(home: Home) -> None:
    """Card and README say where the sizes come from and of when they are; or that there are none."""
    card = json.loads((folder(home, "2024-W11") / "card.json").read_text("utf-8"))
    assert card["population"]["people"] == SIZES
    assert card["population"]["strata"] == {"mood": ["region", "age"]}
    page = " ".join((folder(home, "2024-W11") / "README.md").read_text("utf-8").split())
    assert "The public sizes: Registry of residents, as of 2025-12-31." in page
    assert "population" not in json.loads((folder(home, "2024-W10") / "card.json").read_text("utf-8"))
    assert "no public sizes were given" in (folder(home, "2024-W10") / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("dimensions", "people", "kinds"),
    [
        # ages alone do not reach strata over region and age: no weights, but coverage by age
        (["age"], {"young": 65_000, "old": 35_000}, {"coverage"}),
        # the same sizes in another order of dimensions
        (
            ["age", "region"],
            {"/".join(name.split("/")[::-1]): n for name, n in SIZES.items()},
            {"coverage", "weighted"},
        ),
    ],
)
def test_strata_need_sizes_over_all_of_their_dimensions(
    tmp_path: Path, contracts: Contracts, dimensions: list[str], people: dict[str, int], kinds: set[str]
) -> None:
    """Where the sizes are over fewer, figures are not weighted."""
    home = new_home(tmp_path / "home")
    drawn(home, plan_of(), {**POPULATION, "dimensions": dimensions, "people": people}, "2024-W10")
    published(home, contracts)
    frame = result(home, "2024-W10")
    assert set(frame["kind"]) == kinds
    everyone = frame.filter(pl.col("kind") == "coverage", pl.col("cohort") == "all")
    assert everyone["public_size"].to_list() == [100_000]


def test_sizes_over_more_dimensions_than_the_strata_are_summed(tmp_path: Path, contracts: Contracts) -> None:
    """Strata of age alone take the sizes of all regions together."""
    home = new_home(tmp_path / "home")
    drawn(home, plan_of({"mood": ["age"]}), POPULATION, "2024-W10")
    published(home, contracts)
    weighted = result(home, "2024-W10").filter(pl.col("kind") == "weighted")
    assert weighted["cohort"].to_list() == ["all", "all"]
    assert weighted["strata"].to_list() == [2, 2]
    low = weighted.filter(pl.col("headline") == "low_share").row(0, named=True)
    true = 100 * (0.65 * 1000 / 2800 + 0.35 * 206 / 1012)
    assert abs(low["estimate"] - true) < 3 * (low["noise_high"] - low["noise_low"])


def test_low_floors_let_no_figure_out_that_is_none(tmp_path: Path, contracts: Contracts) -> None:
    """Where a plan shows all cohorts, empty ones too, what is shown is a number, and the rest is withheld."""
    plan = plan_of()
    display = plan.display.model_copy(update={"floor_people": Decimal(-10_000), "floor_noise_sds": Decimal(0)})
    home = new_home(tmp_path / "home")
    drawn(home, plan.model_copy(update={"display": display}), POPULATION, "2024-W10", "2024-W11")
    published(home, contracts)
    for week in ("2024-W10", "2024-W11"):
        numbers = result(home, week).select(pl.col(pl.Float64))
        assert numbers.select(pl.all().is_finite().all()).row(0) == (True,) * numbers.width
    assert all(check.ok for check in verify_home(home.ledger, home.head, home.published))


def test_everyone_s_coverage_counts_known_places_only() -> None:
    """People of unknown region or age are in no public size; those of a region count whatever their age."""
    array = np.zeros((3, 3, 3))
    array[:2, :2, 1], array[2, 0, 1], array[0, 2, 1] = 500, 70, 30
    release = noisy_release(layout_of(1e-4), array)
    assert coverage(release, PUBLIC, ())[()].people.estimate == pytest.approx(2000)
    assert coverage(release, PUBLIC, ())[()].per_thousand.estimate == pytest.approx(20)
    north = coverage(release, PUBLIC, ("region",))["north",]
    assert north.people.estimate == pytest.approx(1030)
    assert north.against_all is not None
    assert north.against_all.figure.estimate == pytest.approx(1030 / 40 - 20)
    assert set(coverage(release, PUBLIC, STRATA)) == set(PUBLIC.people)


def test_a_group_is_a_part_of_all_groups_together() -> None:
    """The north's people vary in both rates at once: by hand, as Poisson numbers, without noise."""
    array = np.zeros((3, 3, 3))
    array[0, :2, 1], array[1, :2, 1] = 500, 150
    north = coverage(noisy_release(layout_of(1e-4), array), PUBLIC, ("region",))["north",].against_all
    assert north is not None
    assert north.figure.shown is not None
    sd = 1000 * (1000 * (1 / 40_000 - 1 / 100_000) ** 2 + 300 / 100_000**2) ** 0.5
    assert north.figure.shown.half_width == pytest.approx(1.959964 * sd, rel=1e-5)


def test_the_demo_s_place_is_invented_and_fits_the_shipped_plans() -> None:
    """It says so itself, has more people in every group than participants, and fewer of the old log."""
    _, grid = read_plan(shipped_contracts(), "standard")
    result = residents(grid, 20_000, "2026-01-05")
    assert "invented" in SOURCE
    sized = type(grid).model_validate(grid.model_dump() | {"population": result.model_dump()})
    assert sized.population == result
    assert sum(result.people.values()) > 20 * 20_000
    assert result == residents(copy.deepcopy(grid), 20_000, "2026-01-05")


def tables_of(page: AppTest) -> dict[str, list[list[str]]]:
    """Return every table of a page, by its caption: its columns, then its rows."""
    found = "".join(str(block.proto.body) for block in page.get("html"))
    return {
        re.sub("<.*?>", "", caption): [
            [re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)]
            for row in re.findall(r"<tr>(.*?)</tr>", rows)
        ]
        for caption, rows in re.findall(r"<caption>(.*?)</caption>(.*?)</table>", found)
    }


@pytest.mark.parametrize("week", ["2024-W10", "2024-W11"])
def test_the_page_shows_it_with_the_plain_figures(monkeypatch: pytest.MonkeyPatch, home: Home, week: str) -> None:
    """Coverage with source and day, the weighted figure with its verdict, the weights' cost; without sizes nothing."""
    page = open_page(monkeypatch, home.published, "people", period=week, figure="mood.low_share")
    said = "\n".join([text(page), *(part.label for part in page.expander)])
    tables = tables_of(page)
    columns = [rows[0] for rows in tables.values()]
    shown = (
        "Public sizes: Registry of residents, as of 2025-12-31." in said,
        bool(re.search(r"Low, weighted: [\d.]+%, higher than the plain figure", said)),
        ENGLISH("represented.weighted") in said and ENGLISH("represented.weights") in said,
        ["Group", "Plain", "Weighted", "Weighted compared with plain"] in columns,
        ["Group", "Design effect", "Effective people", "Area unknown, no weight"] in columns,
        "Per 1,000 who live there" in str(columns),
    )
    assert set(shown) == {week == "2024-W11"}
    assert not any(part.proto.expanded for part in page.expander)
    assert max(map(len, columns)) <= 4
    assert not re.search(r"\b(None|nan|inf)\b|-0(\.0+)?(?![\d.])", str(tables))


def test_each_weighted_group_is_next_to_its_plain_figure(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    """Everyone, regions and ages; the weights' cost of each, and where strata are joined."""
    tables = tables_of(open_page(monkeypatch, home.published, "people", period="2024-W11", figure="mood.low_share"))
    names = ["All participants", "North", "South", "Young", "Old"]
    assert [row[0] for row in tables["Low: plain and weighted"][1:]] == names
    assert all(re.match(r"[\d.]+% \(", cell) for row in tables["Low: plain and weighted"][1:] for cell in row[1:3])
    assert tables["What the weights do"][1][0] == "All participants (2 of 4 strata joined)"
    assert [row[0] for row in tables["How weighted groups compare"][1:]] == names[1:]


def test_a_figure_without_strata_says_so_on_the_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, contracts: Contracts
) -> None:
    """Where the plan weights a figure by nothing, the page says that instead of staying silent."""
    home = new_home(tmp_path / "home")
    drawn(home, plan_of({}), POPULATION, "2024-W10")
    published(home, contracts)
    no_strata = ENGLISH("represented.no_strata", figure="Low")
    assert no_strata in text(open_page(monkeypatch, home.published, "people", figure="mood.low_share"))
    people = text(open_page(monkeypatch, home.published, "people", figure="mood.people"))
    assert "names no strata" not in people
    assert "names no strata" in no_strata
