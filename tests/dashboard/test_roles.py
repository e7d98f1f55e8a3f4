"""The demo from end to end: invented people, a home, its pages in a real browser, and whether each reader finds theirs.

The demo is run once, here: everything that looks at a whole home of it is in this module.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from analytics.trends.publication.service_facts import read_facts
from dashboard.screens.frame import PAGES
from dashboard.texts.words import Words
from tests.support.browser import watched
from tests.support.folder_states import change_one_byte, release_place
from tests.support.on_screen import MAIN, drawn, is_on_screen, opened, said, stops_to, title, top
from tests.support.serving import COMMAND, Served, dashboard

EN = Words("en")
WEEKS_OF_THE_FALL = 9
"""For how many weeks, up to the last, mood in North is lower in the demo."""
CONTACT = "moods@example.org, 0123 456"
DAYS = r"\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)"
PATTERNS = "product=monthly_patterns"


@dataclass(frozen=True)
class Demo:
    """A home of the demo, and what its run answered."""

    home: Path
    words: list[str]
    environment: dict[str, str]
    answer: dict[str, object]

    @property
    def published(self) -> Path:
        """All that the dashboard opens."""
        return self.home / "published"

    def last(self, product: str) -> dict[str, str]:
        """Return the newest release of a product, as `current.json` lists it."""
        listed: list[dict[str, str]] = json.loads((self.published / "current.json").read_text())["releases"]
        return [one for one in listed if one["product"] == product][-1]

    @property
    def begins(self) -> set[str]:
        """Return the days from which a page may date the fall: the true one, or the week before if noise was high."""
        card = json.loads((self.published / self.last("weekly_mood")["folder"] / "card.json").read_text())
        true = date.fromisoformat(card["first_day"]) - timedelta(weeks=WEEKS_OF_THE_FALL - 1)
        return {f"{day.day} {day:%B}" for day in (true, true - timedelta(weeks=1))}


def run_demo(home: Path) -> Demo:
    """Run everything once on invented people."""
    words = [*COMMAND, "demo", "--no-dashboard", "--json"]
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    environment["MURMURATION_HOME"] = str(home)
    ran = subprocess.run(words, capture_output=True, check=False, timeout=280, env=environment)
    assert ran.returncode == 0, ran.stderr
    return Demo(home, words, environment, json.loads(ran.stdout))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Run the demo; its home is beside the folders that are searched after each test, and gone afterwards."""
    home = tmp_path_factory.getbasetemp() / "demo-home"
    yield run_demo(home)
    shutil.rmtree(home)


@pytest.fixture(scope="module")
def served(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve its home, as `murmuration dashboard` does once the service has said how to reach it."""
    facts = demo.published / "service.json"
    facts.write_text(json.dumps(json.loads(facts.read_text()) | {"contact": CONTACT, "withdrawal_days": 7}))
    with dashboard(tmp_path_factory.mktemp("served"), environment=demo.environment) as running:
        yield running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Give a reader an empty page in a profile of their own."""
    with watched(chromium) as seen:
        yield seen.page


@pytest.mark.timeout(300)
def test_the_demo_goes_the_whole_way_and_is_reopened(demo: Demo) -> None:
    timings = demo.answer["timings"]
    assert isinstance(timings, dict)
    assert {"init", "simulate", "ingest", "release", "publish"} <= timings.keys()
    released = json.loads((demo.published / "current.json").read_text())["releases"]
    products = [one["product"] for one in released]
    assert (products.count("weekly_mood"), products.count("monthly_patterns") in {5, 6}) == (26, True)
    assert not (demo.home / "simulated").exists()
    facts = read_facts(demo.published)
    assert (facts.demo, list(facts.maps), len(facts.released)) == (True, ["region"], len(released))
    again = subprocess.run(demo.words, capture_output=True, check=False, timeout=60, env=demo.environment)
    assert (again.returncode, json.loads(again.stdout)["reopened"]) == (0, True)


def test_a_planner_finds_since_when_north_is_higher_how_sure_and_how_many_people_within_the_first_screen(
    demo: Demo, served: Served, page: Page
) -> None:
    """Without scrolling or choosing, on 1280 x 800; one click leads on, and a reload keeps what it led to."""
    opened(page, served)
    begins = re.fullmatch(rf"Low mood in North has been higher since ({DAYS})", title(page))
    assert begins is not None, title(page)
    assert begins[1] in demo.begins
    first_screen = {
        "since when": page.locator("h1"),
        "how large": page.locator(".mm-lead").filter(
            has_text=re.compile(r"\(\d+\.\d% to \d+\.\d%\).*Compared with everybody else: higher by")
        ),
        "North": page.locator(".mm-card").filter(has_text=re.compile(rf"North.*\d% to .*since {begins[1]}", re.DOTALL)),
        "people": page.locator(".mm-card").filter(has_text=re.compile(r"People who logged.*,\d{3} to ", re.DOTALL)),
        "how sure": page.get_by_text(EN("summary.sure.intervals")),
        "false": page.get_by_text(EN("summary.sure.signals")),
        "who": page.get_by_text(re.compile(r"\d,\d{3} people who chose to log")),
        "do": page.get_by_text("Ask people who know North what is different."),
        "do not": page.get_by_text("read a cause into a figure"),
    }
    assert [name for name, part in first_screen.items() if not is_on_screen(part)] == []
    assert len(said(page).split()) <= 350
    first_screen["North"].get_by_role("link").click()
    page.wait_for_url("**/trends?**group=region.north**")
    assert title(drawn(page)) == begins[0]
    page.reload()
    assert title(drawn(page)) == begins[0]


def test_a_clinician_finds_persistence_recovery_the_week_and_what_goes_with_worse_days_in_two_minutes(
    served: Served, page: Page
) -> None:
    """All cards are 400 words at most, two clicks away; each figure has its range, and first no patient is meant."""
    opened(page, served)
    page.get_by_role("link", name=EN("page.patterns"), exact=True).click()
    page.wait_for_url("**/patterns**")
    drawn(page).get_by_role("link", name=re.compile("Four-weekly patterns")).click()
    page.wait_for_url(f"**/patterns?**{PATTERNS}**")
    drawn(page)
    notice = page.get_by_text("not about your individual patient")
    cards = page.locator(".mm-patterns > li")
    assert top(notice) < top(cards.first)
    said_by_card = dict(text.replace(" (chosen)", "").split("\n", 1) for text in cards.all_inner_texts())
    figure = r"\d+\.\d% \(\d+\.\d% to \d+\.\d%\)"
    assert re.search(f"Persistently low mood: {figure}", said_by_card["Persistent low mood"])
    assert re.search(f"Newly low: {figure}.*Recovering: {figure}", said_by_card["Into and out of low mood"], re.DOTALL)
    assert "Mondays" in said_by_card["Worst and best weekday"]
    assert re.search(r"lower than with higher mood: .*days with ", said_by_card["What goes with better and worse days"])
    assert len(said(page).split("We look for changes once")[0].split()) <= 400
    page.get_by_role("link", name="What goes with better and worse days").click()
    page.wait_for_url("**figure=**")
    drawn(page)
    expect(page.get_by_role("heading", name=EN("patterns.mean"))).to_be_visible()
    assert not re.search(r"\bcaused\b|because of|due to|diagnosed", said(page))


def test_an_operator_finds_the_next_release_that_none_is_late_and_what_is_left_of_the_budget(
    served: Served, page: Page
) -> None:
    """In the first screen, and nothing that is not for everybody."""
    opened(page, served, "operations")
    assert title(page) == "No release is late"
    rows = page.get_by_role("row").filter(has_text=re.compile("expected from")).all()
    assert [row.get_by_role("rowheader").inner_text() for row in rows] == ["Weekly mood", "Four-weekly patterns"]
    assert all(re.search(rf"expected from {DAYS} \d{{4}}\tnot due yet", row.inner_text()) for row in rows)
    used = page.get_by_role("cell", name=re.compile(r"^\d+%: 0\.\d+ of at most 0\.25$"))
    assert is_on_screen(used)
    assert re.fullmatch(r"0\.\d+", used.locator("xpath=following-sibling::td").inner_text())
    assert is_on_screen(page.get_by_text("No period is late, and none was missed."))
    assert not re.search(r"vault|inbox|quarantine|secret|batch", said(page))


def test_a_participant_finds_what_it_means_how_to_leave_and_whom_to_ask_before_any_odds(
    served: Served, page: Page
) -> None:
    """What it means and how to leave is in the first screen; how large the risk is comes after, in people of 100."""
    opened(page, served, "privacy")
    order = [
        page.get_by_text("We add random noise, so that nobody can tell for sure"),
        page.get_by_text("You can leave at any time, without a reason."),
        page.get_by_text(f"How to reach us: {CONTACT}"),
        page.get_by_text("We take you out within 7 days of your message."),
        page.get_by_role("heading", name=EN("privacy.heading.odds")),
        page.get_by_text(re.compile("Of 100 people like you who did take part, they would be right about ")),
    ]
    places = [top(part) for part in order]
    assert places == sorted(places)
    assert all(is_on_screen(part) for part in order[:4])
    before = said(page).split("How large is the risk?")[0]
    assert not re.search(r"epsilon|rho|delta|\d+ (?:in|of) 100", before)


def test_a_journalist_finds_no_rank_and_no_cause_who_is_counted_and_a_headline_that_the_page_bears_out(
    demo: Demo, served: Served, page: Page
) -> None:
    """The sentence, the card, the cell of the grid, the trend and the comparison say the same of North."""
    headline = title(opened(page, served))
    begins = headline.rsplit("since ", 1)[1]
    assert begins in demo.begins
    assert re.search(r"\d,\d{3} people who chose to log", said(page))
    assert "Not a sample of everyone here" in said(page)
    assert page.get_by_role("row", name="North").get_by_role("cell").first.inner_text() == "higher"
    shown = {name: said(opened(page, served, f"{name}?group=region.north")) for name in ("summary", "trends", "people")}
    assert f"higher since {begins}" in shown["summary"].replace("Higher", "higher")
    assert headline in shown["trends"]
    assert "Not a sample of everyone here" in shown["people"]
    groups = said(opened(page, served, "groups"))
    assert re.search(r"compared with everybody else, higher in North\b", groups)
    marks = re.findall(r"^(North|East|South|West|Centre|Coast): \d", groups, re.MULTILINE)
    assert marks == ["North", "East", "South", "West", "Centre", "Coast"]  # the plan's order, not the values'
    assert EN("groups.care") in groups
    for text in (*shown.values(), groups):
        assert not re.search(r"\bworst region|\bbest region|\btop \d|of the population|\bcaused\b|because of", text)


def test_a_data_protection_officer_finds_promise_spent_what_is_not_protected_citation_and_damage(
    demo: Demo, served: Served, page: Page
) -> None:
    """The citation has the hash of the file that is there, and a damaged period is named while the others stay."""
    text = said(opened(page, served, "privacy"))
    assert re.search(r"Used for \d{4}: \d+% of the limit\.", text)
    expect(page.get_by_role("heading", name="What is not protected")).to_be_visible()
    assert all(start in text for start in ("A household.", "Two accounts.", "What people learn about groups."))
    page.get_by_text("For experts: the promise in full").click()
    expect(
        page.get_by_text(re.compile(r"At most, in that time: epsilon \d+\.\d+ at delta 1 in a million"))
    ).to_be_visible()
    expect(page.get_by_text("Who is protected: one participant and their whole record")).to_be_visible()
    last = demo.last("weekly_mood")
    assert f"Manifest (SHA-256): {last['manifest_sha256']}" in said(opened(page, served, "methods"))
    damaged = release_place(demo.published, last["period"]) / "measures.parquet"
    whole = damaged.read_bytes()
    change_one_byte(damaged)
    try:
        for name in ("", "operations"):
            text = said(opened(page, served, name))
            assert re.search(rf"We cannot show some periods, since their published files are damaged: .*{DAYS}", text)
        assert "damaged files" in text
        assert title(opened(page, served)).startswith("Low mood in North has been higher since ")  # of the week before
    finally:
        damaged.write_bytes(whole)
    assert "damaged" not in said(opened(page, served))


STRUCTURE = """() => ({
    headings: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(it => Number(it.tagName[1])),
    tables: [...document.querySelectorAll('table')].map(it => [
        it.caption ? it.caption.innerText.length > 0 || it.caption.textContent.length > 0 : false,
        [...it.tBodies[0].rows].every(row => row.cells[0].tagName === 'TH' && row.cells[0].scope === 'row'),
        [...it.tHead.rows[0].cells].every(cell => cell.scope === 'col')]),
    charts: [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].map(
        it => (it.ariaLabel || '').length),
    pictures: [...document.querySelectorAll('main img')].every(it => it.hasAttribute('alt')),
    status: [...document.querySelectorAll('[role=status]')].map(it => it.innerText),
})"""


def test_a_screen_reader_finds_headings_in_order_tables_with_names_and_words_for_every_chart(
    served: Served, page: Page
) -> None:
    charts = 0
    for name in PAGES:
        address = f"{name}?{PATTERNS if name == 'patterns' else 'group=region.north'}"
        found = opened(page, served, address).evaluate(STRUCTURE)
        assert found["headings"].count(1) == 1, name
        order = found["headings"][found["headings"].index(1) :]
        assert all(below - above <= 1 for above, below in pairwise(order)), (name, order)
        assert found["tables"] == [[True, True, True]] * len(found["tables"]), name
        assert all(length > 60 for length in found["charts"]), name
        assert found["pictures"], name
        charts += len(found["charts"])
    assert charts >= 5  # of trends two, of groups two, one each of people and patterns


def test_a_keyboard_reaches_the_table_of_a_chart_in_twelve_stops_and_changes_the_period_which_is_announced(
    served: Served, page: Page
) -> None:
    """From the top of the page: past the navigation by the link that skips it, and no mouse."""
    opened(page, served, "trends?group=region.north")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    closed = page.get_by_text(EN("chart.table")).first.locator("xpath=ancestor::summary")
    stops = 1 + stops_to(page, closed)
    page.keyboard.press("Enter")
    table = page.get_by_role("region", name=re.compile("period by period")).first
    expect(table).to_be_visible()
    assert stops + stops_to(page, table) <= 12
    status = page.locator(f"{MAIN} [role=status]")
    before = status.inner_text()
    opened(page, served, "trends?group=region.north")
    box = page.get_by_role("combobox", name=re.compile(f"{EN('choose.period')}$"))
    stops_to(page, box)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**period=**")
    drawn(page)
    expect(status).not_to_have_text(before)
    assert "group=region.north" in page.url
