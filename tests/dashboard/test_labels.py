"""Every word of a shipped plan that a page can show is in each language, and every reason that is published."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.contracts import read_plan, shipped_contracts
from analytics.trends.estimation import not_compared
from analytics.trends.publication import representation, rows
from analytics.trends.publication.labels import ALL_LABEL
from analytics.trends.publication.published import Published
from dashboard.texts.reasons import form, reason
from dashboard.texts.words import Words
from tests.support.fake_patterns import publish_patterns

GERMAN = Words("de")
PLANS = ("standard", "small")
SAME = {"Region", "West", "m-Path"}
"""Words that are the same in both languages."""
REASONS = (rows.TOO_UNCERTAIN, rows.WIDE.format(points=10), not_compared.STARTING, not_compared.LONGER)


def words_of(name: str) -> Iterator[str]:
    """Return every label, definition, category and phrase of a shipped plan and of the shipped grid."""
    plan, grid = read_plan(shipped_contracts(), name)
    for dimension in grid.dimensions.values():
        yield from (dimension.label, *dimension.keys.values())
    yield from (product.label for product in plan.products.values())
    for measure in plan.measures.values():
        yield from (measure.label, measure.definition, measure.least_data, *measure.categories.values())
        for headline in measure.headlines.values():
            yield from (headline.label, headline.among or "")


@pytest.mark.parametrize("name", PLANS)
def test_every_word_of_a_shipped_plan_has_a_german_one(name: str) -> None:
    """A page in German that shows an English label is read as a mistake; one forgotten word is named here."""
    wanted = {text for text in words_of(name) if text and text not in SAME} | {ALL_LABEL}
    assert len(wanted) > 20
    assert {text for text in wanted if GERMAN.label(text) == text} == set()
    assert {text for text in wanted if Words("en").label(text) != text} == set()


def test_the_plans_that_ship_are_all_looked_at() -> None:
    """Each file of a plan is one of the names above."""
    files = {path.name for path in Path(str(shipped_contracts())).glob("release_plan*.yaml")}
    assert files == {"release_plan.yaml", *(f"release_plan.{name}.yaml" for name in PLANS if name != "standard")}


@pytest.mark.parametrize("published", [*REASONS, *representation.CANNOT_SAY.values()])
def test_every_reason_that_is_published_has_a_german_one(published: str) -> None:
    """Numbers stay as they are published; only the words around them change."""
    assert GERMAN.label(form(published)) != form(published)
    assert reason(Words("en"), published) == published.rstrip(".")


def test_several_reasons_are_each_said_in_the_language_with_their_numbers() -> None:
    """A wide figure of a young measure has two; a home's own reason is left as it is."""
    both = f"{rows.WIDE.format(points=12.5)}; {not_compared.STARTING}; our own word"
    assert reason(GERMAN, both) == (
        "die Zahl ist um mehr als 12,5 Punkte nach jeder Seite unsicher; diese Zahl blickt auf Wochen vor der ersten "
        "Veröffentlichung zurück und lässt sich darum noch nicht vergleichen; our own word"
    )


def test_a_word_that_earlier_programs_wrote_before_a_reason_is_not_said_twice() -> None:
    """The page says itself that a figure is withheld."""
    assert reason(Words("en"), "withheld: too few people.") == "too few people"


def test_every_word_of_a_published_card_has_a_german_one(tmp_path: Path) -> None:
    """A card says again what the plan said when it was published: the two made-up products use the shipped words."""
    published = Published.open(publish_patterns(tmp_path / "published"))
    cards = [published.card(published.latest(product)) for product in published.products]
    wanted = {card.product.label for card in cards}
    for card in cards:
        for dimension in card.dimensions.values():
            wanted |= {dimension.label, *dimension.keys.values()}
        for measure in card.measures.values():
            wanted.add(measure.label)
            wanted |= {
                text for about in measure.headlines.values() for text in (about.label, about.among or "") if text
            }
    assert len(wanted) > 30
    assert {text for text in wanted - SAME if GERMAN.label(text) == text} == set()
