"""Every page in every state of a folder: what it says of the service, of damage, and where help is."""

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.trends.publication.service_facts import ServiceFacts, facts_files
from dashboard import app
from dashboard.screens.frame import PAGES
from dashboard.texts.words import LANGUAGES, Words
from dashboard.views import service as views_service
from tests.support.choosing import again
from tests.support.folder_states import BEFORE, FIRST, NEWEST, half_copied, one_byte_changed, pointer_missing
from tests.support.glossary import forbidden_words
from tests.support.known_facts import full_facts, open_with_facts
from tests.support.paging import open_page, text
from tests.support.published_fake import Service, publish_fake

EN = Words("en")
NO_VALUE = re.compile(r"\b(None|nan|inf)\b|(?<![\d.])-0(\.0+)?(?![\d.])")
"""What a page never shows: a missing value as a program writes it, or a zero below zero."""


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return twelve weeks of a service of thousands, the sixth never released."""
    return publish_fake(tmp_path_factory.mktemp("ordinary"), Service(missing=frozenset({6})))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the weekly releases of a service of hundreds: nearly all groups are withheld."""
    return publish_fake(tmp_path_factory.mktemp("small"), Service(people=200, weeks=4))


def _state(folder: Path, name: str) -> Path:
    """Make a folder in a state; `empty` has nothing in it."""
    made = {
        "one release": lambda: publish_fake(folder, Service(weeks=1)),
        "all withheld": lambda: publish_fake(folder, Service(people=3, weeks=2)),
        "half copied": lambda: half_copied(folder),
        "one byte changed": lambda: one_byte_changed(folder),
        "pointer missing": lambda: pointer_missing(folder),
        "empty": lambda: folder,
    }
    return made[name]()


STATES = ("one release", "all withheld", "half copied", "one byte changed", "pointer missing", "empty")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_drawn_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path, name: str, language: str
) -> None:
    """With one heading of the first rank, help at the top and at the foot, and no value as a program writes it."""
    page = open_page(monkeypatch, ordinary, name, language=language)
    body = "".join(block.proto.body for block in page.get("html"))
    said = text(page)
    assert body.count("<h1") == 1
    assert said.count(Words("de" if language == "de" else "en")("frame.help")) == 2
    assert not NO_VALUE.search(said)


@pytest.mark.parametrize("name", PAGES)
def test_a_small_service_has_every_page(monkeypatch: pytest.MonkeyPatch, small: Path, name: str) -> None:
    """Nearly everything is withheld there, and no page fails or says a value as a program writes it."""
    assert not NO_VALUE.search(text(open_page(monkeypatch, small, name)))


@pytest.mark.parametrize("name", ["summary", "trends", "groups", "people"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_points_to_help(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, state: str, name: str) -> None:
    page = open_page(monkeypatch, _state(tmp_path / "published", state), name)
    assert text(page).count(EN("frame.help")) == 2
    assert EN("frame.group") in text(page)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("pointer missing", "which names the published releases, is missing"),  # not: nothing has been published
        ("empty", "Nothing has been published yet"),
    ],
)
def test_a_folder_without_figures_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, state: str, said: str
) -> None:
    folder = tmp_path / "published"
    folder.mkdir()
    page = open_page(monkeypatch, _state(folder, state))
    assert EN("frame.no_figures") in text(page)
    assert said in text(page).replace("`", "")
    assert "murmuration" in text(page)  # the command that helps


def test_without_a_folder_the_page_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MURMURATION_PUBLISHED", raising=False)
    page = AppTest.from_file(app.__file__, default_timeout=20).run()
    assert "Set MURMURATION_PUBLISHED" in text(page)


@pytest.mark.parametrize(
    ("state", "gone", "left"),
    [
        ("half copied", [BEFORE, NEWEST], FIRST),
        ("one byte changed", [NEWEST], BEFORE),
    ],
)
def test_the_last_good_release_is_readable_and_the_damaged_ones_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, state: str, gone: list[str], left: str
) -> None:
    """A reader learns which weeks are not shown, and reads the newest whole one."""
    page = open_page(monkeypatch, _state(tmp_path, state))
    days = {FIRST: "12 to 18 January 2026", BEFORE: "19 to 25 January 2026", NEWEST: "26 January to 1 February 2026"}
    warning = EN("frame.damaged_periods", periods=EN.listed([days[period] for period in gone]))
    assert warning in text(page)
    assert f"Weekly mood\n \n{days[left]}" in text(page)


def test_the_head_has_the_service_s_own_words(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Whose figures these are, when they were published, and when the next come."""
    said = text(open_with_facts(monkeypatch, ordinary, "summary", full_facts()))
    assert "published 7 April\n \nnext release about 14 April\n \nby Mood Together" in said


def test_a_damaged_service_file_hides_no_figure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = publish_fake(tmp_path, Service(weeks=2))
    (folder / "service.json").write_text("{", "utf-8")
    said = text(open_page(monkeypatch, folder))
    assert EN("frame.facts_damaged") in said
    assert EN("grid.caption") in said


def test_a_release_is_seen_without_a_restart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = open_page(monkeypatch, publish_fake(tmp_path, Service(weeks=2)))
    assert "19 to 25 January 2026" in text(page)
    shutil.rmtree(tmp_path / "releases")
    publish_fake(tmp_path, Service(weeks=3))
    assert "26 January to 1 February 2026" in text(again(page))


def test_the_pages_hold_no_word_that_is_not_used(monkeypatch: pytest.MonkeyPatch, ordinary: Path, small: Path) -> None:
    """The glossary's own words, on every page of two services."""
    for folder in (ordinary, small):
        for name in PAGES:
            assert not forbidden_words().search(text(open_page(monkeypatch, folder, name))), name


@pytest.mark.parametrize("content", [b"{", b'{"features": 3}', b'{"features": [{}]}', b"[" * 100_000])
def test_a_file_that_is_no_map_hides_no_figure(tmp_path: Path, content: bytes) -> None:
    """Its hash may be right all the same, if another program wrote both."""
    for name, data in facts_files(ServiceFacts(), None, {"region": content}).items():
        (tmp_path / name).write_bytes(data)
    assert app.with_facts(tmp_path, views_service.Service()).facts.is_damaged
