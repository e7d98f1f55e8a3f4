"""Templates: a forgotten value is an error, and HTML is escaped."""

from types import SimpleNamespace

import pytest
from jinja2 import UndefinedError

from analytics.templating import environment


@pytest.mark.parametrize("text", ["{{ missing }}", "{% if missing %}x{% endif %}", "{{ there.missing }}"])
def test_a_name_that_nobody_fills_in_is_an_error(text: str) -> None:
    """A notice never goes out with a gap where a number should be."""
    template = environment("analytics.disclosure").from_string(text)
    with pytest.raises(UndefinedError):
        template.render(there=SimpleNamespace(other=1))


@pytest.mark.parametrize(("name", "escaped"), [("notice.html.j2", True), ("notice.md.j2", False)])
def test_html_is_escaped_and_nothing_else(name: str, escaped: bool) -> None:  # noqa: FBT001 -- arguments of a table
    """Markdown and plain text have their own rules; HTML has Jinja2's."""
    templates = environment("analytics.disclosure", literal=str)
    made = templates.get_template(name).render(notice=SimpleNamespace(title="<b>", sections=(), made_from="&"))
    assert ("&lt;b&gt;" in made, "<b>" in made) == (escaped, not escaped)
