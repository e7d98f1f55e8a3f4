"""Methods and downloads: definitions from the card, files as published, what to cite, and what the service says."""

import dataclasses
import io
import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.canonical import canonical_json, sha256_hex
from analytics.trends.publication.labels import HeadlineCard
from analytics.trends.publication.published import Published
from dashboard.reading.downloads import TABLES, periods_shown, release_file, trend_file
from dashboard.reading.figures import Choice
from dashboard.texts.words import LANGUAGES, Language, Words
from dashboard.views.definitions import chance_level, definitions
from dashboard.views.facts import NOTHING_KNOWN
from dashboard.views.methods import TERMS, Methods, methods
from tests.support.glossary import forbidden_words
from tests.support.known_facts import full_facts, open_with_facts, released
from tests.support.paging import open_page, text
from tests.support.promises import too_strong
from tests.support.published_fake import Service, publish_fake

PRODUCT = Service().product
EN = Words("en")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return three weeks of a service with two measures."""
    service = Service(weeks=3, measures=("mood_bands", "mood_again"))
    return publish_fake(tmp_path_factory.mktemp("ordinary"), service)


@pytest.fixture(scope="module")
def published(ordinary: Path) -> Published:
    return Published.open(ordinary)


def chosen(published: Published, measure: str = "mood_bands", **card: Any) -> Choice:  # noqa: ANN401 -- parts of a card
    """Return low mood in the north in the newest release, its card changed in parts."""
    release = published.latest(PRODUCT)
    changed = published.card(release).model_copy(update=card)
    return Choice(PRODUCT, release, changed, measure, "low_share", "region", "north")


def found(published: Published, choice: Choice | None = None) -> Methods:
    return methods(EN, published, choice or chosen(published), full_facts())


# -- Definitions ------------------------------------------------------------------------------------------------------


def test_every_figure_of_the_series_is_defined(published: Published) -> None:
    """What is counted, of what it is a share, unit and level by chance of each; the chosen measure is first."""
    one, other = definitions(EN, chosen(published, "mood_again"))
    assert (one.label, other.label) == ("Mood, a second time", "Mood over the days logged")
    assert one.definition == "Each logged day goes to the band of its mean score."
    assert one.included == "One entry in the period."
    of_days = "of logged days, each person counting once"
    low = "Very low (under 12.5) and Low (12.5 to under 37.5)"
    assert [[cell.text for cell in row] for row in one.figures.rows] == [
        ["People who logged", "everyone included, once", "not a share", "people", "none"],
        ["Low mood", low, of_days, "percent", "none"],
        ["Mean mood", "the mean over everyone included", "not a share", "points from 0 to 100", "none"],
    ]


def test_a_share_of_very_many_classes_is_counted(published: Published) -> None:
    """Five classes of one share are a number, four are named; a share of everyone says so."""
    measure = chosen(published).card.measures["mood_bands"]
    low = measure.headlines["low_share"]
    for weights, said in (((1, 1, 1, 1, 1), "5 of 5 classes"), ((1, 1, 1, 1, 0), "Very low (under 12.5), Low")):
        wide = low.model_copy(update={"weights": weights, "among": None})
        changed = measure.model_copy(update={"headlines": {"wide": wide}})
        one, *_ = definitions(EN, chosen(published, measures={"mood_bands": changed}))
        assert one.figures.rows[0][1].text.startswith(said)
        assert one.figures.rows[0][2].text == "of everyone included, each counting once"


@pytest.mark.parametrize(
    ("label", "level"),
    [
        ("Mondays (chance 50, best 100)", 50),
        ("Days with work (chance 50, higher mood 100)", 50),
        ("Low mood", None),  # no level by chance: never 0
    ],
)
def test_the_level_by_chance_is_the_label_s(label: str, level: int | None) -> None:
    assert chance_level(HeadlineCard(label=label, kind="mean", unit="0-100", weights=(0, 100))) == level


def test_a_measure_that_looks_back_says_so(published: Published) -> None:
    """Weeks before the period are named; an older card without definition says that it has none."""
    measure = chosen(published).card.measures["mood_bands"]
    back = measure.model_copy(update={"looks_back_weeks": 8, "definition": None, "least_data": None})
    one, *_ = definitions(EN, chosen(published, measures={"mood_bands": back}))
    assert one.looks_back == "It also reads up to 8 weeks before the period."
    assert one.definition == EN("methods.not_in_card")
    assert one.included == EN("methods.included_unknown")
    assert found(published).chosen.looks_back == ""


# -- How they are made, limits, glossary ------------------------------------------------------------------------------


def test_the_page_says_what_it_cannot_and_how_figures_are_made(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Four to six sentences on each subject, what the figures cannot show, ten terms; all on the page."""
    whole = text(open_page(monkeypatch, ordinary, "methods", group="region.north"))
    view = found(Published.open(ordinary))
    assert all(4 <= len(one.sentences) <= 6 for one in view.how)
    for line in [*view.can, *view.cannot, *(line for one in view.how for line in one.sentences)]:
        assert line in whole
    assert "Whether one service is better than another." in view.cannot
    assert len(TERMS) == len(view.glossary.rows) == 10
    assert not re.search(r"\b(None|null|nan)\b", whole)
    assert not forbidden_words().search(whole)


def test_the_named_pages_of_the_documentation_exist(published: Published) -> None:
    """A name of a page that is not there sends a reader nowhere; nothing outside is linked."""
    pages = [re.findall(r"docs/\S+\.md", one.more) for one in found(published).how]
    assert all(len(named) == 1 and (ROOT / named[0]).is_file() for named in pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_promised_beyond_the_card(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path, published: Published, language: Language
) -> None:
    """No claim without a doubt; the rates of intervals are no odds of being recognised, and larger than those."""
    whole = text(open_with_facts(monkeypatch, ordinary, "methods", full_facts(), language=language))
    assert not too_strong(whole, chosen(published).card.promise)


# -- Files ------------------------------------------------------------------------------------------------------------


def test_the_csv_of_plain_figures_is_the_published_file(published: Published, ordinary: Path) -> None:
    """Byte for byte, so that its hash is the manifest's."""
    release = published.latest(PRODUCT)
    on_disk = ordinary / "releases" / PRODUCT / f"{release.period}-r0" / "measures.csv"
    assert release_file(published, release, "measures", "csv") == on_disk.read_bytes()


@pytest.mark.parametrize("name", TABLES)
def test_parquet_has_the_published_rows(published: Published, ordinary: Path, name: str) -> None:
    """All rows of the chosen period, and of no other; a table that was not published yet has none."""
    release = published.releases(PRODUCT)[1]
    made = pl.read_parquet(io.BytesIO(release_file(published, release, name, "parquet")))
    path = ordinary / "releases" / PRODUCT / f"{release.period}-r0" / f"{name}.parquet"
    if path.is_file():
        assert_frame_equal(made, pl.read_parquet(path), check_dtypes=False)
    else:
        assert made.is_empty()
    assert release_file(published, release, name, "csv").startswith(made.columns[0].encode())


def test_the_trend_has_the_chosen_figure_and_group_only(published: Published) -> None:
    """One row a period, of low mood in the north."""
    frame = pl.read_csv(trend_file(published, chosen(published)))
    rows = frame.select("period", "measure", "headline", "table", "cohort").rows()
    expected = [(f"2026-W0{week}", "mood_bands", "low_share", "region", "north") for week in (3, 4, 5)]
    assert rows == expected


def test_no_file_has_a_number_where_a_figure_is_withheld(published: Published) -> None:
    """Files hold what was published: nothing of a withheld figure but its reason."""
    made = pl.read_parquet(io.BytesIO(release_file(published, published.latest(PRODUCT), "measures", "parquet")))
    held = made.filter(pl.col("reliability") == "withheld")
    assert held.height
    assert held.select("estimate", "people", "shown_low", "shown_high").null_count().row(0) == (held.height,) * 4


def test_a_period_is_shown_where_one_figure_is(published: Published, tmp_path: Path) -> None:
    """Of 40 people nothing reaches its floor; of thousands each period has figures, though small groups are held."""
    assert periods_shown(published, PRODUCT) == {"2026-W03", "2026-W04", "2026-W05"}
    small = Published.open(publish_fake(tmp_path, Service(people=40, weeks=2)))
    assert periods_shown(small, PRODUCT) == set()


def test_the_page_offers_every_table_in_both_forms(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """The trend, then plain and modelled figures; names say what is inside."""
    page = open_page(monkeypatch, ordinary, "methods", group="region.north")
    labels = [button.proto.label for button in page.get("download_button")]
    assert labels[:3] == ["Low mood, North: all periods (CSV)", "Plain figures (CSV)", "Plain figures (Parquet)"]
    assert len(labels) == 1 + 2 * len(TABLES)
    view = found(Published.open(ordinary))
    assert view.trend_name == f"{PRODUCT}-mood_bands.low_share-region.north.csv"
    assert view.stem == f"{PRODUCT}-2026-W05-r0"


def test_a_crossed_group_s_file_has_a_name_without_a_slash(published: Published) -> None:
    """A slash would be a folder."""
    crossed = chosen(published).of("mood_bands", "low_share", "region_by_age_band", "north/65+")
    assert found(published, crossed).trend_name == f"{PRODUCT}-mood_bands.low_share-region_by_age_band.north-65+.csv"


# -- Citing, revisions, calendar, faults ------------------------------------------------------------------------------


def test_a_citation_names_revision_manifest_and_program(published: Published) -> None:
    """With it a reader finds the same bytes again; the whole hash is below it."""
    release = published.latest(PRODUCT)
    view = found(published)
    assert view.citation == (
        "Mood Together: Weekly mood, 2026-W05, revision 0 (26 January to 1 February 2026). Murmuration 0.1.0, "
        f"manifest {release.manifest_sha256[:12]}. About people who chose to log; figures with noise."
    )
    assert any(release.manifest_sha256 in line for line in view.identity)
    assert any("standard, version 1" in line for line in view.identity)


def test_an_older_card_has_a_citation(published: Published) -> None:
    """Neither publisher nor version is invented."""
    citation = methods(EN, published, chosen(published, versions=None), NOTHING_KNOWN).citation
    assert citation.startswith("Publisher not stated: Weekly mood")
    assert "Murmuration not stated in this release" in citation


def test_revised_periods_are_listed_with_their_days(published: Published, tmp_path: Path) -> None:
    """Each revision of a period that has more than one, with the day of its draw where the service says it."""
    assert found(published).revisions is None
    folder = publish_fake(tmp_path, Service(weeks=2))
    revise(folder, "2026-W03")
    facts = dataclasses.replace(full_facts(), released=(released(PRODUCT, "2026-W03", 1, date(2026, 1, 27)),))
    again = Published.open(folder)
    table = methods(EN, again, chosen(again), facts).revisions
    assert table is not None
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["12 to 18 January 2026", "0", "not stated by the service"],
        ["12 to 18 January 2026", "1", "27 January 2026"],
    ]


def revise(folder: Path, period: str) -> None:
    """Publish a period a second time, as revision 1."""
    before = folder / "releases" / PRODUCT / f"{period}-r0"
    after = before.with_name(f"{period}-r1")
    shutil.copytree(before, after)
    card = json.loads((after / "card.json").read_text("utf-8")) | {"revision": 1}
    (after / "card.json").write_text(json.dumps(card), "utf-8")
    manifest = json.loads((after / "manifest.json").read_text("utf-8"))
    manifest["files"]["card.json"] = sha256_hex((after / "card.json").read_bytes())
    (after / "manifest.json").write_text(canonical_json(manifest), "utf-8")
    current = json.loads((folder / "current.json").read_text("utf-8"))
    (listed,) = [each for each in current["releases"] if each["period"] == period]
    again = {
        "revision": 1,
        "folder": after.relative_to(folder).as_posix(),
        "manifest_sha256": sha256_hex((after / "manifest.json").read_bytes()),
    }
    current["releases"].append(listed | again)
    (folder / "current.json").write_text(canonical_json(current), "utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_service_says_is_on_the_page(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path, language: Language
) -> None:
    """The calendar with its next periods, and the dated faults; with nothing known the page says that it is not."""
    words = Words(language)
    whole = text(open_with_facts(monkeypatch, ordinary, "methods", full_facts(), language=language))
    for first, last, expected in ((6, 12, 14), (13, 19, 21)):
        day = full_facts().calendar[0].next[0].first_day
        assert words.days(day.replace(day=first), day.replace(day=last)) in whole
        assert words.day(day.replace(day=expected)) in whole
    assert "Two regions had each other's labels." in whole
    assert words("methods.revisions.none") in whole
    whole = text(open_with_facts(monkeypatch, ordinary, "methods", NOTHING_KNOWN, language=language))
    assert words("methods.calendar.not_stated") in whole
    assert words("methods.faults.not_stated") in whole
    assert words("methods.faults.none") not in whole


def test_no_fault_is_said_only_where_the_service_says_so(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    whole = text(open_with_facts(monkeypatch, ordinary, "methods", dataclasses.replace(full_facts(), faults=())))
    assert EN("methods.faults.none") in whole
