"""Run by Streamlit: opens the published folder and shows the page that the address names.

MURMURATION_PUBLISHED=HOME/published streamlit run dashboard/app.py
"""

import os
from pathlib import Path

import streamlit as st

from analytics.errors import StoreDamagedError
from analytics.trends.publication.published import Published, stamp
from dashboard.pages import frame
from dashboard.views.service import Service

FOLDER_VARIABLE = "MURMURATION_PUBLISHED"
HELP_VARIABLE = "MURMURATION_HELP_LINE"


def run() -> None:
    """Open the folder that the environment names and show it; nothing of damaged files."""
    st.set_page_config(page_title="Murmuration", layout="wide")
    service = Service(help_line=os.environ.get(HELP_VARIABLE, "").strip())
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder is None:
        frame.without_figures(service, "frame.no_folder", variable=FOLDER_VARIABLE)
        return
    try:
        published = _opened(folder, stamp(Path(folder)))
    except StoreDamagedError as error:
        frame.without_figures(service, "frame.damaged", message=error.message, action=error.action)
        return
    if published.products:
        frame.show_page(published, service)
    else:
        frame.without_figures(service, "frame.nothing_yet")


@st.cache_resource(max_entries=1, show_spinner=False)
def _opened(folder: str, current: str) -> Published:  # noqa: ARG001 -- `current` makes the cache follow what is published
    return Published.open(Path(folder))


if __name__ == "__main__":
    run()
