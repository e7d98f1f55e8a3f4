"""What one text of a mood entry says: an integer, or the rule that the text breaks."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analytics.contracts import Column, Source
from analytics.contracts.source import folded_word
from analytics.vault.loading.factor_bits import FactorBits
from analytics.vault.scoring import as_number, billionths, mean_of, on_scale, score, thousandths
from analytics.vault.times import DAY_PARTS
from analytics.vault.validation.rule_names import RuleName

MOST_HOURS = 2_000_000
"""What the vault has room for, whatever the contract allows: one absurd number must not stop a file."""


@dataclass(frozen=True)
class TextValue:
    """The value of one text, or the rule that it breaks; both are None for a text without a value."""

    value: int | None = None
    broken: RuleName | None = None
    native: int | None = None
    """Of a mood: the value on the source's scale, in billionths."""
    dropped: int = 0
    """Of factors: words that the declaration's map does not have."""


def read_mood(text: str, source: Source, limits: Column) -> TextValue:
    """Read a mood: thousandths of a point, and billionths on the source's scale."""
    if not text:
        return TextValue(broken=RuleName.MISSING)
    value = _native(text, source)
    if value is None:
        return TextValue(broken=RuleName.NOT_A_NUMBER if source.words is None else RuleName.UNKNOWN_WORD)
    if not on_scale(value, source.scale):
        return TextValue(broken=RuleName.OFF_SCALE)
    points = score(value, source.scale)
    if not _within(Fraction(points), limits):
        return TextValue(broken=RuleName.OUT_OF_RANGE)
    return TextValue(points, native=billionths(value))


def _native(text: str, source: Source) -> Fraction | None:
    if source.words is None:
        return as_number(text)
    parts = [text] if source.word_separator is None else text.split(source.word_separator)
    found = [source.words.get(folded_word(part)) for part in parts if part.strip()]
    return mean_of([value for value in found if value is not None]) if found and None not in found else None


def read_factors(text: str, source: Source, column: Column, bits: FactorBits) -> TextValue:
    """Read a cell of factors: bits of the contract's words; unknown ones are dropped where the source has a map."""
    words = {word.strip() for word in text.split(source.factor_separator)} - {""}
    allowed = column.allowed or frozenset()
    if source.factors is None:
        return TextValue(bits.of(words)) if allowed.issuperset(words) else TextValue(broken=RuleName.NOT_ALLOWED)
    codes = [source.factors.get(folded_word(word)) for word in words]
    known = [code for code in codes if code in allowed]
    return TextValue(bits.of({code for code in known if code}), dropped=len(codes) - len(known))


def read_hours(text: str, column: Column) -> TextValue:
    """Read hours of sleep, in thousandths."""
    if not text:
        return TextValue(broken=RuleName.MISSING if column.required else None)
    value = as_number(text)
    if value is None:
        return TextValue(broken=RuleName.NOT_A_NUMBER)
    if abs(value) > MOST_HOURS or not _within(value, column):
        return TextValue(broken=RuleName.OUT_OF_RANGE)
    return TextValue(thousandths(value))


def read_quality(text: str, source: Source) -> TextValue:
    """Read the quality of sleep, in thousandths of a point; nothing where the source declares no scale for it."""
    if not text or source.sleep_quality is None:
        return TextValue()
    value = as_number(text)
    if value is None:
        return TextValue(broken=RuleName.NOT_A_NUMBER)
    if not on_scale(value, source.sleep_quality):
        return TextValue(broken=RuleName.OFF_SCALE)
    return TextValue(score(value, source.sleep_quality))


def read_day_part(text: str) -> TextValue:
    """Read a part of the day: its number."""
    if not text:
        return TextValue()
    return TextValue(DAY_PARTS.index(text)) if text in DAY_PARTS else TextValue(broken=RuleName.NOT_ALLOWED)


def read_report_kind(text: str, source: Source) -> TextValue:
    """Read whether a report is of a whole day; the declaration says so where the text is empty."""
    daily = {"": source.kind == "daily", "momentary": False, "daily": True}
    return TextValue(daily[text]) if text in daily else TextValue(broken=RuleName.NOT_ALLOWED)


def _within(value: Fraction, column: Column) -> bool:
    low, high = column.minimum, column.maximum
    return (not isinstance(low, Decimal) or value >= Fraction(low)) and (
        not isinstance(high, Decimal) or value <= Fraction(high)
    )
