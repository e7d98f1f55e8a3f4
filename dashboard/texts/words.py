"""Sentences, numbers and days in the reader's language.

A sentence has its key in `en/` and in `de/`: the file's name, then the names inside it (`summary.title`). Numbers are
rounded in one place, `analytics.wording`; here their digits are only spelled as the language does. Labels of a plan are
translated where it uses the shipped words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final, Literal, get_args

import yaml
from babel import Locale
from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from analytics import wording

Language = Literal["en", "de"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
NAMES: Final[Mapping[Language, str]] = MappingProxyType({"en": "English", "de": "Deutsch"})
_ENDING, _LABELS = ".yaml", "labels.yaml"
_LOCALES: Final[Mapping[Language, str]] = MappingProxyType({"en": "en_GB", "de": "de"})


class MissingTextError(KeyError):
    """A key that the language's texts do not have."""


@dataclass(frozen=True)
class Words:
    """The texts of one language."""

    language: Language

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the sentence of `key` with its values.

        Raises:
            MissingTextError: if the language lacks it, or it names a value that is not given.
        """
        text = texts(self.language).get(key)
        if text is None:
            raise MissingTextError(key)
        return text.format(**values)

    def has(self, key: str) -> bool:
        """Say whether there is a sentence for `key`."""
        return key in texts(self.language)

    def count(self, key: str, count: int, /, **values: object) -> str:
        """Return the sentence of `key.one` or `key.other`, with `count` among its values."""
        form = Locale.parse(_LOCALES[self.language]).plural_form(count)
        return self(f"{key}.{form}", count=self.whole(count), **values)

    def label(self, text: str) -> str:
        """Return a label or definition of a plan: translated where it is one of the shipped ones, else as it is."""
        return _labels(self.language).get(text, text)

    def whole(self, value: int) -> str:
        """Return `7,320`."""
        return self.spelled(f"{value:,}")

    def number(self, value: float, unit: str, *, sign: bool = False) -> str:
        """Return a figure without its unit, rounded as its unit is: `23.1`, `4,812`."""
        return self.spelled(wording.number(value, unit, sign=sign))

    def amount(self, value: float, unit: str) -> str:
        """Return a figure with its unit: `23.1%`, `4,812 people`; where noise carried it off its scale, in words."""
        if wording.is_beyond(value, unit):
            below = value < wording.LEAST
            return self("number.below" if below else "number.above", most=self._most(unit))
        return self(f"unit.{unit}.amount", number=self.number(value, unit))

    def between(self, low: float, high: float, unit: str) -> str:
        """Return a figure's interval: `between 16.0% and 19.0%`; an end off the scale is cut, with an arrow."""
        one, other = self.ends(low, high, unit)
        return self(f"unit.{unit}.between", low=one, high=other)

    def span(self, low: float, high: float, unit: str) -> str:
        """Return the same for a cell: `16.0% to 19.0%`, `9 to 74`."""
        one, other = self.ends(low, high, unit)
        return self(f"unit.{unit}.span", low=one, high=other)

    def ends(self, low: float, high: float, unit: str) -> tuple[str, str]:
        """Return both ends of a figure's interval without unit, cut with an arrow where they are off the scale."""
        one, other = wording.ends(low, high, unit)
        return self.spelled(one), self.spelled(other)

    def step(self, value: float, unit: str) -> str:
        """Return how large a difference is: `21.3 percentage points`."""
        return self(f"unit.{unit}.step", number=self.spelled(wording.end(value, unit)))

    def step_between(self, low: float, high: float, unit: str) -> str:
        """Return the interval of a difference: `between 1.2 and 7.0 percentage points`."""
        one, other = self.spelled(wording.end(low, unit)), self.spelled(wording.end(high, unit))
        return self(f"unit.{unit}.step_between", low=one, high=other)

    def step_span(self, low: float, high: float, unit: str) -> str:
        """Return the same for a cell: `1.2 to 7.0`."""
        one, other = self.spelled(wording.end(low, unit)), self.spelled(wording.end(high, unit))
        return self("number.span", low=one, high=other)

    def day(self, when: date, newest: date | None = None) -> str:
        """Return `21 September 2026`, without its year where `newest`, the reader's now, is of the same one."""
        same = newest is not None and newest.year == when.year
        return _date(when, self("date.day" if same else "date.day_year"), self.language)

    def short_day(self, when: date, *, year: bool = False) -> str:
        """Return `21 Sep`, for an axis."""
        return _date(when, self("date.short_year" if year else "date.short"), self.language)

    def days(self, first: date, last: date) -> str:
        """Return `30 March to 5 April 2026`."""
        same = (first.year, first.month) == (last.year, last.month)
        begin = _date(first, self("date.number"), self.language)
        return self("date.days", first=begin if same else self.day(first, last), last=self.day(last))

    def period(self, cadence: str, count: int = 1) -> str:
        """Return `week`, `weeks`, `four-week period` or `four-week periods`."""
        form = Locale.parse(_LOCALES[self.language]).plural_form(count)
        return self(f"period.{cadence}.{form}")

    def listed(self, items: Sequence[str]) -> str:
        """Return `North, East and South`; names with commas apart by semicolons; `none` of no items."""
        if not items:
            return self("list.none")
        if any("," in item for item in items):
            return "; ".join(items)
        *others, last = items
        return self("list.and", others=", ".join(others), last=last) if others else last

    def decimal(self, value: float, digits: int = 2) -> str:
        """Return `1.25`, for a number without a unit."""
        return self.spelled(f"{value:z,.{digits}f}")

    def rounded_up(self, value: float, digits: int = 2) -> str:
        """Return a loss rounded up in decimals: a promise is never stated smaller than it is."""
        return self.spelled(wording.rounded_up(value, digits))

    def _most(self, unit: str) -> str:
        return self.spelled(f"{wording.MOST.get(unit, 0):,.0f}")

    def spelled(self, english: str) -> str:
        """Return a number as the language separates its digits: `1,234.5` becomes `1.234,5`."""
        return english.translate(_symbols(self.language))


@cache
def _symbols(language: Language) -> dict[int, int]:
    locale = _LOCALES[language]
    return str.maketrans(",.", get_group_symbol(locale) + get_decimal_symbol(locale))


@lru_cache(maxsize=4096)
def _date(when: date, pattern: str, language: Language) -> str:
    return format_date(when, pattern, locale=_LOCALES[language])


@cache
def texts(language: Language) -> Mapping[str, str]:
    """Return every sentence of a language by its key, `summary.title`."""
    return MappingProxyType(
        {
            key: text
            for file in sorted(_folder(language).iterdir(), key=lambda file: file.name)
            if file.name.endswith(_ENDING) and file.name != _LABELS
            for key, text in _flat(_read(file), f"{file.name.removesuffix(_ENDING)}.")
        }
    )


@cache
def _labels(language: Language) -> Mapping[str, str]:
    file = _folder(language) / _LABELS
    return MappingProxyType({name: str(text) for name, text in _read(file).items()} if file.is_file() else {})


def _folder(language: Language) -> Traversable:
    return files("dashboard.texts") / language


def _read(file: Traversable) -> dict[str, object]:
    loaded: dict[str, object] = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return loaded


def _flat(tree: Mapping[str, object], above: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in tree.items():
        if isinstance(value, dict):
            found += _flat(value, f"{above}{name}.")
        else:
            found.append((f"{above}{name}", str(value)))
    return found
