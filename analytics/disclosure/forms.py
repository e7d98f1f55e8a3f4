"""The forms of a notice: plain text, Markdown, one HTML page. All three say the same words."""

import html
import re
import textwrap

from analytics.disclosure.parts import Block, Notice

_WIDTH = 78

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; font: 1.0625rem/1.6 system-ui, sans-serif; color: #1a1a1a; background: #ffffff; }
main { max-width: 38rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; overflow-wrap: break-word; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 1.5rem; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.25rem 0 0.5rem; }
p, ul { margin: 0 0 0.875rem; }
ul { padding-left: 1.375rem; }
li { margin: 0 0 0.375rem; }
footer { margin-top: 2.5rem; padding-top: 0.875rem; border-top: 1px solid #767676; font-size: 0.9375rem; }
@media (prefers-color-scheme: dark) { body { color: #f2f2f2; background: #161616; } }
@media print {
  body { font-size: 11pt; line-height: 1.4; color: #000000; background: #ffffff; }
  main { max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  li, p { break-inside: avoid; }
}
"""


def as_text(notice: Notice) -> str:
    """Return the notice as plain text, wrapped at 78 characters; a longer word is not broken."""
    parts = [_underlined(notice.title, "=")]
    for section in notice.sections:
        parts.append(_underlined(section.heading, "-"))
        parts += [_text_block(block) for block in section.blocks]
    return "\n\n".join([*parts, _wrapped(notice.made_from)]) + "\n"


def _text_block(block: Block) -> str:
    return _wrapped(block) if isinstance(block, str) else "\n".join(_wrapped(item, "- ") for item in block)


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


def as_markdown(notice: Notice) -> str:
    """Return the notice as Markdown; what an operator wrote is text in it, never markup."""
    parts = [f"# {_marked(notice.title)}"]
    for section in notice.sections:
        parts.append(f"## {_marked(section.heading)}")
        parts += [
            _marked(block) if isinstance(block, str) else "\n".join(f"- {_marked(item)}" for item in block)
            for block in section.blocks
        ]
    return "\n\n".join([*parts, _marked(notice.made_from)]) + "\n"


def _marked(text: str) -> str:
    escaped = re.sub(r"([\\`*_\[\]<>&|~])", r"\\\1", text)
    escaped = re.sub(r"^([#+=-])", r"\\\1", escaped)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", escaped)


def as_html(notice: Notice) -> str:
    """Return the notice as one HTML page without script and without anything from elsewhere."""
    parts = [f"<h1>{html.escape(notice.title)}</h1>"]
    for section in notice.sections:
        parts.append(f"<section>\n<h2>{html.escape(section.heading)}</h2>")
        parts += [_html_block(block) for block in section.blocks]
        parts.append("</section>")
    body = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(notice.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n"
        f"<footer>\n<p>{html.escape(notice.made_from)}</p>\n</footer>\n</main>\n</body>\n</html>\n"
    )


def _html_block(block: Block) -> str:
    if isinstance(block, str):
        return f"<p>{html.escape(block)}</p>"
    items = "\n".join(f"<li>{html.escape(item)}</li>" for item in block)
    return f"<ul>\n{items}\n</ul>"
