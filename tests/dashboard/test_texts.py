"""The page's texts: complete in both languages, with the same values in each sentence."""

from datetime import date
from string import Formatter

import pytest

from dashboard.texts.words import LANGUAGES, MissingTextError, Words, texts


def values_in(text: str) -> set[str]:
    """Return the names of the values that a sentence takes."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_no_text_is_missing_in_a_language() -> None:
    """A reader of German meets no English sentence, and the other way round."""
    assert {language: set(texts(language)) ^ set(texts("en")) for language in LANGUAGES} == {"en": set(), "de": set()}


def test_a_sentence_takes_the_same_values_in_every_language() -> None:
    differing = {key for key, text in texts("en").items() if values_in(text) != values_in(texts("de").get(key, ""))}
    assert not differing


def test_a_text_that_is_missing_is_an_error() -> None:
    with pytest.raises(MissingTextError):
        Words("en")("summary.of_tomorrow")


@pytest.mark.parametrize(
    ("language", "amount", "interval", "days"),
    [
        ("en", "1,234 people", "between 16.4% and ↓0%", "21 September to 4 October 2026"),
        ("de", "1.234 Personen", "zwischen 16,4 % und ↓0 %", "21. September bis 4. Oktober 2026"),
    ],
)
def test_numbers_and_days_are_spelled_as_the_language_does(
    language: str, amount: str, interval: str, days: str
) -> None:
    """Rounded alike, spelled differently; an end that noise carried off the scale is cut, with an arrow."""
    words = Words("de" if language == "de" else "en")
    assert words.amount(1234.4, "persons") == amount
    assert words.between(16.4, -3.0, "percent") == interval
    assert words.days(date(2026, 9, 21), date(2026, 10, 4)) == days
