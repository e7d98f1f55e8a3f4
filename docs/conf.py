"""The site of `make docs`: the repository's own Markdown, so that each link works on the site as it does in the files.

The source is the root, not `docs/`: README, CONTRIBUTING, DECISIONS and CHANGELOG are pages as they are.
"""

# ruff: noqa: A001 -- Sphinx reads these names

project = "Murmuration"
copyright = "Apache-2.0"
extensions = ["myst_parser"]
root_doc = "docs/index"
include_patterns = ["docs/**.md", "*.md"]
exclude_patterns = [".*", "murmuration-home", "build", "analytics", "pipelines", "dashboard", "data_contracts", "tests"]
myst_heading_anchors = 3
"""Headings of these depths can be linked to; a link to another anchor is an error."""
html_theme = "furo"
html_title = "Murmuration"
html_extra_path = ["site"]
"""`index.html` at the top, which leads to the first page."""
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
