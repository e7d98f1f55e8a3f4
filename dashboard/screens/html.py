"""The page's own HTML: headings, lists and tables with captions and row headers. Every word is escaped.

Streamlit's tables have neither a caption nor row headers, which a screen reader needs.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import urlencode

from dashboard.views.blocks import Card, Cell, Link, Table

_LINE_WIDTH, _LINE_HEIGHT, _LINE_COLOUR = 200, 40, "#2a7fb8"


def heading(text: str, level: int = 2, name: str = "") -> str:
    """Return a heading."""
    anchor = f' id="{escape(name)}"' if name else ""
    return f"<h{level}{anchor}>{escape(text)}</h{level}>"


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph."""
    return f"<p{_class(kind)}>{escape(text)}</p>" if text else ""


def listing(items: Sequence[str], kind: str = "") -> str:
    """Return a list; nothing of no items."""
    if not items:
        return ""
    return f"<ul{_class(kind)}>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def status(facts: Sequence[str]) -> str:
    """Return a line that a screen reader announces when it changes: what is shown now."""
    spans = " ".join(f"<span>{escape(fact)}</span>" for fact in facts)
    return f'<p role="status" class="mm-facts">{spans}</p>' if facts else ""


def meter(part: float, text: str) -> str:
    """Return a bar that is filled by `part` (0 to 1), with its words above: the bar says nothing that they do not."""
    width = min(max(part, 0.0), 1.0)
    return (
        f'<p>{escape(text)}</p><div class="mm-meter" aria-hidden="true">'
        f'<div style="width: {100 * width:.1f}%"></div></div>'
    )


def table(found: Table, address: dict[str, str], kind: str = "") -> str:
    """Return a table whose first column names its rows; links keep the present `address`."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in found.columns)
    body = "".join(
        f'<tr><th scope="row">{_content(row[0], address)}</th>'
        f"{''.join(_data(cell, address, f'{row[0].text}, {name}') for name, cell in _named(found, row))}</tr>"
        for row in found.rows
    )
    # Focusable, since a table wider than a phone scrolls sideways and a keyboard must reach what is off screen.
    label = escape(found.caption, quote=True)
    return (
        f'<div class="mm-scroll" tabindex="0" role="region" aria-label="{label}"><table{_class(kind)}>'
        f"<caption>{escape(found.caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def cards(found: Sequence[Card], address: dict[str, str]) -> str:
    """Return figures in large letters, each with its interval, its small line, and a link that says what changed.

    Streamlit's own figure with a line draws marks without a text alternative, which a screen reader stumbles over.
    """
    return f'<div class="mm-cards">{"".join(_card(card, address) for card in found)}</div>'


def _card(card: Card, address: dict[str, str]) -> str:
    change = link(card.link, card.change, address) if card.link else escape(card.change)
    return (
        f'<section class="mm-card"><h2>{escape(card.label)}</h2><p class="mm-value">{escape(card.value)}</p>'
        f'<p class="mm-interval">{escape(card.interval)}</p>{_line(card.points)}<p>{change}</p></section>'
    )


def _line(points: Sequence[float]) -> str:
    """Return a small line, hidden from screen readers: the words beside it say the same."""
    if len(points) < 2:  # noqa: PLR2004 -- one point is no line
        return ""
    low, height = min(points), max(points) - min(points) or 1.0
    step = _LINE_WIDTH / (len(points) - 1)
    places = " ".join(
        f"{place * step:.1f},{_LINE_HEIGHT * (1 - (value - low) / height):.1f}" for place, value in enumerate(points)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {_LINE_WIDTH + 4} {_LINE_HEIGHT + 4}" '
        f'preserveAspectRatio="none"><polyline points="{places}" fill="none" stroke="{_LINE_COLOUR}" stroke-width="2" '
        'vector-effect="non-scaling-stroke"/></svg>'
    )
    # As an image: Streamlit takes drawings out of HTML.
    return f'<img alt="" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'


def link(to: Link, text: str, address: dict[str, str]) -> str:
    """Return a link to a page in the same window."""
    return f'<a href="{href(to, address)}" target="_self">{escape(text)}</a>'


def href(to: Link, address: dict[str, str]) -> str:
    """Return the address of a page, relative to the page that shows it, with what was chosen."""
    page = "" if to.page == "summary" else to.page  # the first page has no name in its address
    return escape(f"./{page}?{urlencode(address | dict(to.choice))}", quote=True)


def _named(found: Table, row: Sequence[Cell]) -> Iterator[tuple[str, Cell]]:
    """Yield the cells of a row, each with its column."""
    yield from zip(found.columns[1:], row[1:], strict=True)


def _data(cell: Cell, address: dict[str, str], place: str) -> str:
    """Return a cell; a link in it says by its name where it is: thirty links that are all called “none” say nothing."""
    state = f' data-state="{escape(cell.state)}"' if cell.state else ""
    content = _content(cell, address)
    if cell.link:
        content = content.replace("<a ", f'<a aria-label="{escape(f"{place}: {cell.text}", quote=True)}" ', 1)
    return f"<td{state}>{content}</td>"


def _content(cell: Cell, address: dict[str, str]) -> str:
    return link(cell.link, cell.text, address) if cell.link else escape(cell.text)


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
