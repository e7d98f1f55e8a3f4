"""Run by Streamlit: opens the published folder and shows the page.

MURMURATION_PUBLISHED=HOME/published streamlit run dashboard/app.py
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from analytics.errors import StoreDamagedError
from analytics.trends.publication.published import Published, stamp
from dashboard import page, promise
from dashboard.server import access
from dashboard.server.settings import current_settings

FOLDER_VARIABLE = "MURMURATION_PUBLISHED"

# What a visitor presses, and what it does.
BUTTONS = {"sign_in": ("Sign in", st.login), "sign_out": ("Sign out", st.logout)}


def main(published: Published) -> None:
    """Show the newest release, or what to do where there is none."""
    page.introduction()
    if published.products:
        page.release_page(published)
    else:
        page.empty_page()


def run() -> None:
    """Open the folder that the environment names and show it; nothing of damaged files."""
    st.set_page_config(page_title="Murmuration: mood trends", layout="wide")
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder is None:
        page.introduction()
        st.error(f"There is no folder to read. Set {FOLDER_VARIABLE} to the folder `published` of a home.")
        promise.help_panel()
        return
    visitor = access.visitor(current_settings(), st.user.to_dict(), datetime.now(UTC))
    if visitor.button:
        label, action = BUTTONS[visitor.button]
        st.button(label, on_click=action)
    if "summary" not in visitor.pages:
        page.introduction()
        st.info("Sign in to see the figures that your role may read.")
        promise.help_panel()
        return
    try:
        published = _opened(folder, stamp(Path(folder)))
    except StoreDamagedError as error:
        page.damaged_page(error)
        return
    main(published)


@st.cache_resource(max_entries=1, show_spinner="Reading the published files")
def _opened(folder: str, current: str) -> Published:  # noqa: ARG001 -- `current` makes the cache follow what is published
    return Published.open(Path(folder))


if __name__ == "__main__":
    run()
