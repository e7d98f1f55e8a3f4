"""The parts of a notice, before it has a form: a title, sections of paragraphs and lists, and its origin."""

from dataclasses import dataclass

from analytics.errors import UnforeseenError

Block = str | tuple[str, ...]
"""A paragraph, or the items of a list."""

PACKAGE = "analytics.disclosure"
"""Where the templates are."""

_VALUE = "\ue000"
"""Begins each value that is filled in, so that a value at the beginning of a line is no mark; nobody writes it."""


@dataclass(frozen=True)
class Section:
    """One heading and the blocks under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Notice:
    """What a participant reads before they opt in."""

    title: str
    sections: tuple[Section, ...]
    made_from: str
    """The plan, its version and its fingerprint, in a sentence."""


def kept_as_value(value: object) -> str:
    """Return a value for a template that `parsed` reads: on one line, and no mark whatever it begins with."""
    return _VALUE + " ".join(str(value).split())


def parsed(text: str) -> Notice:
    """Return the notice that a filled-in template writes; its head says what the marks mean.

    Raises:
        UnforeseenError: if the text has no title, or something comes before the first heading.
    """
    title, made_from = "", ""
    sections: list[tuple[str, list[str | list[str]]]] = []
    for line in filter(str.strip, text.splitlines()):
        mark, _, rest = line.partition(" ")
        words = (rest if mark in {"#", "##", "-", ">"} else line).replace(_VALUE, "").strip()
        if mark == "#":
            title = words
        elif mark == ">":
            made_from = words
        elif mark == "##":
            sections.append((words, []))
        elif not sections:
            message = "The notice's template has text before its first heading."
            raise UnforeseenError(message, "Put a heading above it.")
        elif mark != "-":
            sections[-1][1].append(words)
        elif (blocks := sections[-1][1]) and isinstance(blocks[-1], list):
            blocks[-1].append(words)
        else:
            blocks.append([words])
    if not title or not made_from:
        message = "The notice's template has no title, or does not say where the notice comes from."
        raise UnforeseenError(message, "Put back the lines that begin with # and >.")
    found = [(head, tuple(one if isinstance(one, str) else tuple(one) for one in each)) for head, each in sections]
    return Notice(title, tuple(Section(heading, blocks) for heading, blocks in found), made_from)


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
