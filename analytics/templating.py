"""Texts for people are Jinja2 templates beside the code that fills them in: prose in one place, facts in the other.

A name that a template uses and nobody fills in is an error. In HTML every value is escaped.
"""

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


def environment(package: str, **filters: Callable[..., object]) -> Environment:
    """Return the templates in the folder `templates` of a package; `*.html.j2` are escaped."""
    made = Environment(
        loader=PackageLoader(package),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html.j2",), default=False, default_for_string=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(filters)
    return made
