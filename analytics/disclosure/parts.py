"""What a notice is made of, before it has a form: a title, sections of paragraphs and lists, where it comes from."""

from dataclasses import dataclass

from analytics.contracts import Plan

Block = str | tuple[str, ...]
"""A paragraph, or the items of a list."""


@dataclass(frozen=True)
class Section:
    """One heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Notice:
    """What a participant reads before they opt in."""

    title: str
    sections: tuple[Section, ...]
    made_from: str
    """The plan, its version and its fingerprint, in a sentence."""


def bounded(plan: Plan) -> list[tuple[str, int]]:
    """Return label and number of the products that count a person in at most so many releases of any 53 weeks."""
    products = plan.products.values()
    return [(one.label, one.most_releases_per_person) for one in products if one.most_releases_per_person is not None]


def listed(items: tuple[str, ...], last: str = "and") -> str:
    """Return `North, East and South`; names that hold commas themselves are set apart by semicolons."""
    if any("," in item for item in items):
        return "; ".join(items)
    *others, end = items
    return f"{', '.join(others)} {last} {end}" if others else end


def times(count: int) -> str:
    """Return `once` or `7 times`."""
    return "once" if count == 1 else f"{count} times"


def days(count: int) -> str:
    """Return `1 day` or `7 days`."""
    return "1 day" if count == 1 else f"{count} days"
