"""Privacy and leaving: a participant reads what it means, how to leave, and only then the odds; nothing too strong."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analytics.odds import promise_in_words
from analytics.trends.publication.published import Published
from dashboard.reading.figures import Choice
from dashboard.texts.words import LANGUAGES, Language, Words, texts
from dashboard.views.budget import YearBudget, budgets
from dashboard.views.facts import NOTHING_KNOWN, Facts
from dashboard.views.privacy import Privacy, privacy
from dashboard.views.promise import as_published, epsilons, promise, promise_sentence
from tests.support import published_fake
from tests.support.glossary import forbidden_words
from tests.support.known_facts import CONTACT, NOTICE, full_facts, open_with_facts
from tests.support.paging import open_page, text
from tests.support.promises import too_strong
from tests.support.published_fake import Service, publish_fake

PRODUCT = Service().product
FIRST_SCREEN_WORDS = 200
EN = Words("en")


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return three weeks of a service."""
    return publish_fake(tmp_path_factory.mktemp("ordinary"), Service(weeks=3))


@pytest.fixture(scope="module")
def published(ordinary: Path) -> Published:
    return Published.open(ordinary)


def chosen(published: Published, **card: Any) -> Choice:  # noqa: ANN401 -- any part of a card
    """Return low mood of the newest release, its card changed in parts."""
    release = published.latest(PRODUCT)
    return Choice(PRODUCT, release, published.card(release).model_copy(update=card), "mood_bands", "low_share")


def promised(published: Published, **changes: Any) -> Choice:  # noqa: ANN401 -- any part of a promise
    """Return the same with another promise."""
    stated = chosen(published).card.promise
    return chosen(published, promise=stated.model_copy(update=changes))


def weaker(published: Published) -> Choice:
    """Return the same with odds that nobody would write into a text by hand."""
    odds = chosen(published).card.promise.odds
    recognised = (23, 47, 61)
    changed = [each.model_copy(update={"recognised_in_100": it}) for each, it in zip(odds, recognised, strict=True)]
    return promised(published, odds=tuple(changed))


def said(found: Privacy) -> str:
    """Return every sentence of a view."""
    parts: list[str] = []
    for value in dataclasses.asdict(found).values():
        parts += [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []
    rows = found.odds_table.rows if found.odds_table else ()
    return "\n".join([*parts, *(" ".join(cell.text for cell in row) for row in rows)])


def before_the_odds(page: AppTest, language: Language) -> str:
    """Return what the page says up to the heading of the odds, the frame's lines too."""
    return text(page).split(Words(language)("privacy.heading.odds"))[0]


# -- The order --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_meaning_comes_first_and_the_odds_after_leaving(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path, language: Language
) -> None:
    """A participant who reads from the top meets no number of odds before they know how to leave."""
    page = open_with_facts(monkeypatch, ordinary, "privacy", full_facts(), language=language)
    words, whole = Words(language), text(page)
    order = [
        words("privacy.meaning.lead"),
        words("privacy.heading.leave"),
        CONTACT,
        f"\n{words('privacy.heading.notice')}\n",  # the heading: a sentence above names the notice, too
        words("privacy.heading.odds"),
        words("privacy.heading.limit"),
        words("privacy.heading.not_protected"),
        words("privacy.heading.complain"),
    ]
    places = [whole.index(part) for part in order]
    assert places == sorted(places)
    assert not re.search(r"\d+ (in|of|von) (every )?100|epsilon|\brho\b", before_the_odds(page, language).lower())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("facts", [dataclasses.replace(full_facts(), is_demo=True), Facts()], ids=["known", "unknown"])
def test_the_first_screen_is_short(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path, language: Language, facts: Facts
) -> None:
    """All before the odds, with the frame's own lines, has few words."""
    page = open_with_facts(monkeypatch, ordinary, "privacy", facts, language=language)
    assert len(before_the_odds(page, language).split()) <= FIRST_SCREEN_WORDS


def test_words_of_experts_are_for_experts_only(published: Published) -> None:
    """Outside the box for experts no sentence has epsilon, delta, rho or Gaussian."""
    found = privacy(EN, published, chosen(published), full_facts())
    rest = said(dataclasses.replace(found, experts=()))
    assert not re.search(r"epsilon|delta|\brho\b|gaussian|zcdp", rest, re.IGNORECASE)
    assert re.search(r"epsilon", "\n".join(found.experts))


# -- Leaving, the notice, complaints ----------------------------------------------------------------------------------


def test_how_to_leave_has_contact_and_days(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """A reader learns whom to reach, within how many days they are out, and that published figures stay, and why."""
    whole = text(open_with_facts(monkeypatch, ordinary, "privacy", full_facts()))
    assert f"How to reach us: {CONTACT}" in whole
    assert "We take you out within 7 days of your message." in whole
    assert "Published figures stay. They are nearly the same without you" in whole
    assert f"You can complain to us: {CONTACT}" in whole
    assert "data protection authority" in whole


def test_one_day_is_a_day(published: Published) -> None:
    found = privacy(EN, published, chosen(published), dataclasses.replace(full_facts(), withdrawal_days=1))
    assert "We take you out within 1 day of your message." in found.leaving


def test_the_notice_is_a_file_where_there_is_one(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """The page offers the service's notice itself; without one it says so and offers nothing."""
    page = open_with_facts(monkeypatch, ordinary, "privacy", full_facts())
    assert [button.proto.label for button in page.get("download_button")] == ["Download the notice"]
    found = privacy(EN, Published.open(ordinary), chosen(Published.open(ordinary)), full_facts())
    assert found.notice_file == NOTICE


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_nothing_known_the_page_says_so(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path, language: Language
) -> None:
    """Contact, days and notice are not stated by the service; nothing is invented, and no bare null is displayed."""
    page = open_page(monkeypatch, ordinary, "privacy", language=language)
    words, whole = Words(language), text(page)
    assert words("privacy.leave.no_contact") in whole
    assert words("privacy.leave.days_unknown") in whole
    assert words("privacy.notice.not_here") in whole
    assert words("privacy.complain.first", contact=words("privacy.not_stated")) in whole
    assert not page.get("download_button")
    assert not re.search(r"\b(None|null|nan)\b", whole)
    assert not forbidden_words().search(whole)


# -- The odds ---------------------------------------------------------------------------------------------------------


def test_the_odds_are_frequencies_over_one_three_and_five_years(published: Published) -> None:
    """Of 100 people like the reader: how many could be recognised at most, instead of how many by guessing."""
    found = privacy(EN, published, chosen(published), NOTHING_KNOWN)
    assert "right about 18 at most, instead of 5 by guessing alone" in found.odds[1]
    assert found.odds_table is not None
    assert [[cell.text for cell in row] for row in found.odds_table.rows] == [
        ["1 year", "18 of 100", "5 of 100"],
        ["3 years", "34 of 100", "5 of 100"],
        ["5 years", "48 of 100", "5 of 100"],
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_the_odds_is_the_card_s(published: Published, language: Language) -> None:
    """With other odds in the card, the page has those and no other, as does the promise for experts."""
    choice = weaker(published)
    found = privacy(Words(language), published, choice, NOTHING_KNOWN)
    whole = said(dataclasses.replace(found, experts=()))
    assert all(number in whole for number in ("23", "47", "61"))
    assert not re.search(r"\b(18|34|48)\b", whole)
    assert not too_strong(whole, choice.card.promise)


def test_no_odds_are_written_into_a_text() -> None:
    """The sentences of both languages take their odds as values: a written number would outlive the card's."""
    for language in LANGUAGES:
        written = {
            key: text
            for key, text in texts(language).items()
            if key.startswith("privacy.") and re.search(r"\d", re.sub(r"\b1?00\b|\bi64\b|\bL2\b|\{\w+\}", "", text))
        }
        assert set(written) == {"privacy.experts.delta.million", "privacy.experts.delta.billion"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_promised_beyond_the_card(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path, language: Language
) -> None:
    """The whole page, box for experts included, has no smaller odds and no claim without a doubt."""
    page = open_with_facts(monkeypatch, ordinary, "privacy", full_facts(), language=language)
    assert not too_strong(text(page), chosen(Published.open(ordinary)).card.promise)


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("they would be right about 12 of 100 at most", ["12 of 100"]),  # the card: 18
        ("könnte bei 17 von 100 richtig liegen", ["17 von 100"]),
        ("be right about 17 at most, instead of 5", ["right about 17 at most"]),
        ("be right about 5 at most", ["right about 5 at most"]),  # guessing is no bound on what is recognised
        ("So kann niemand erkennen, ob Sie dabei sind", ["niemand erkennen"]),
        ("so that nobody can tell whether you took part", ["nobody can tell"]),  # without: for sure
        ("These figures are anonymous.", ["anonymous"]),
        ("Niemand kann das: Ihr Schutz ist garantiert.", ["garantiert"]),
        ("at most 18 of 100, by guessing 5 in 100; nobody can tell for sure", []),
    ],
)
def test_a_planted_stronger_promise_is_found(published: Published, planted: str, found: list[str]) -> None:
    assert too_strong(planted, chosen(published).card.promise) == found


def test_a_household_is_said_to_be_hidden_less_well(published: Published) -> None:
    """Two people together have the odds of four times the cap (41 at rho 0.25), computed from the card's cap."""
    lines = privacy(EN, published, chosen(published), NOTHING_KNOWN).not_protected
    assert any("right about 41 in 100 at most" in line for line in lines)
    larger = privacy(EN, published, promised(published, rho_cap=1.0), NOTHING_KNOWN).not_protected
    assert any("right about 89 in 100 at most" in line for line in larger)


def test_a_card_without_odds_has_a_page(published: Published) -> None:
    """Then the page says that they are not stated, and quotes the promise as it was published."""
    choice = promised(published, odds=())
    found = privacy(EN, published, choice, NOTHING_KNOWN)
    assert found.odds == (EN("privacy.odds.not_stated"),)
    assert found.odds_table is None
    assert found.experts[0] == choice.card.promise.words


# -- The limit of the year --------------------------------------------------------------------------------------------


def test_the_limit_is_of_the_year_and_rounded_up(published: Published) -> None:
    """Three releases of rho 0.00471698 use 5.67% of 0.25: 6%, never 5%."""
    found = privacy(EN, published, chosen(published), NOTHING_KNOWN)
    assert found.used_words == "Used for 2026: 6% of the limit."
    assert found.used == pytest.approx(3 * 0.00471698 / 0.25)


def test_an_earlier_period_shows_all_that_its_year_has_used(published: Published) -> None:
    """The limit is about the year, not about the release that a reader looks at."""
    first = published.releases(PRODUCT)[0]
    choice = dataclasses.replace(chosen(published), release=first, card=published.card(first))
    assert privacy(EN, published, choice, NOTHING_KNOWN).used_words == "Used for 2026: 6% of the limit."


@pytest.mark.parametrize(
    ("spent", "cap", "used", "left"),
    [
        (0.10254682, 0.25, 0.41018728, 0.1474),  # shown as 0.1026, so 0.1474 is left
        (0.0, 0.25009, 0.0, 0.25),  # a limit of 0.2501 would be more than there is
        (0.25, 0.25, 1.0, 0.0),
        (0.26, 0.25, 1.0, 0.0),  # cannot happen; no bar is longer than the whole, nothing less than none is left
        (0.0, 0.25, 0.0, 0.25),
        (0.0, 0.0, 1.0, 0.0),  # nothing to compare with: never said to be unused
    ],
)
def test_what_is_left_is_rounded_down(spent: float, cap: float, used: float, left: float) -> None:
    budget = YearBudget(2026, spent, cap)
    assert budget.used == pytest.approx(used)
    assert budget.left == left


def test_the_largest_loss_of_a_year_is_the_newest(published: Published) -> None:
    """Of three cards with a growing loss the last one counts."""
    assert [(one.year, round(one.spent, 8)) for one in budgets(published)] == [(2026, 0.01415094)]


# -- For experts ------------------------------------------------------------------------------------------------------


def test_the_promise_is_whole(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Wherever epsilon is, its unit, horizon and delta are too."""
    whole = text(open_page(monkeypatch, ordinary, "privacy"))
    assert "at most 18 in 100 members" in whole
    assert "one participant and their whole record" in whole
    assert "everything released about ISO year 2026" in whole
    assert "epsilon 3.55 at delta 1 in a million, 4.44 at delta 1 in a billion" in whole
    assert "From the bound on rho alone: 22 in 100 after 1 year, 45 in 100 after 3 years and 63 in 100" in whole
    assert "This release alone: rho 0.0048." in whole  # 0.00471698, rounded up
    assert "rho 0.0142 of at most 0.25, epsilon 0.97 at delta 1 in a million, 1.21 at" in whole
    assert "How: discrete Gaussian noise on whole numbers." in whole
    assert "than this: All participants 95, Region 86" in whole  # 94.6 and 85.3 people, rounded up


def test_a_card_of_before_has_its_promise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where an older program's card does not state the odds from the loss alone, the others are shown."""
    whole = published_fake._card

    def older(*words: Any) -> dict[str, Any]:  # noqa: ANN401 -- passed through
        card = whole(*words)
        for each in card["promise"]["odds"]:
            del each["recognised_in_100_by_zcdp_alone"]
        return card

    monkeypatch.setattr(published_fake, "_card", older)
    said = text(open_page(monkeypatch, publish_fake(tmp_path / "older"), "privacy"))
    assert "at most 18 in 100 members" in said
    assert "From the bound on rho alone" not in said


def test_the_known_forms_are_those_that_cards_have(published: Published) -> None:
    """The English forms are, word for word, what a card says: only then is the German text shown in its place."""
    card = chosen(published).card
    assert promise_sentence(EN, chosen(published)) == promise_in_words(250_000_000) == card.promise.words
    german = "\n".join(promise(Words("de"), chosen(published)))
    assert "höchstens 18 von 100 Teilnehmenden" in german
    assert "das ISO-Jahr 2026" in german
    assert card.promise.unit not in german
    assert EN("privacy.experts.forms.unit") == card.promise.unit


def test_another_form_is_quoted_as_it_was_published(published: Published) -> None:
    """A translation of a sentence that the program does not know would be a guess."""
    german = Words("de")
    assert as_published(german, "privacy.experts.forms.unit", "one entry") == "one entry"
    assert as_published(german, "privacy.experts.forms.horizon", "all of 2026", year=2026) == "all of 2026"
    other = "From everything published, at most 40 in 100."
    assert promise_sentence(german, promised(published, words=other)) == other


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "3.55 at delta 1 in a million, 4.45 at delta 1e-12"),
        ("de", "3,55 bei Delta 1 zu einer Million, 4,45 bei Delta 1e-12"),
    ],
)
def test_epsilon_is_rounded_up_and_its_delta_named(language: Language, said: str) -> None:
    """A delta without a name of its own stays a number; 4.441 is never 4.44."""
    assert epsilons(Words(language), {"1e-06": 3.55, "1e-12": 4.441}) == said
