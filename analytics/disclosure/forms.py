"""The forms of a notice: plain text, Markdown, one HTML page. All three say the same words."""

import re
import textwrap

from analytics.disclosure.parts import PACKAGE, Notice
from analytics.templating import environment

_WIDTH = 78


def as_text(notice: Notice) -> str:
    """Return the notice as plain text, wrapped at 78 characters; a longer word is not broken."""
    return _written("notice.txt.j2", notice)


def as_markdown(notice: Notice) -> str:
    """Return the notice as Markdown; what an operator wrote is text in it, never markup."""
    return _written("notice.md.j2", notice)


def as_html(notice: Notice) -> str:
    """Return the notice as one HTML page without script and without anything from elsewhere."""
    return _written("notice.html.j2", notice)


def _written(template: str, notice: Notice) -> str:
    templates = environment(PACKAGE, wrapped=_wrapped, underlined=_underlined, literal=_literal)
    return templates.get_template(template).render(notice=notice)


def _wrapped(text: str, mark: str = "") -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _underlined(text: str, line: str) -> str:
    wrapped = _wrapped(text)
    return f"{wrapped}\n{line * max(map(len, wrapped.splitlines()))}"


def _literal(text: str) -> str:
    escaped = re.sub(r"([\\`*_\[\]<>&|~])", r"\\\1", text)
    escaped = re.sub(r"^([#+=-])", r"\\\1", escaped)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", escaped)
