"""Run by Streamlit: opens the published folder and shows the page that the address names.

`murmuration dashboard` serves it; by hand, with MURMURATION_PUBLISHED set: streamlit run dashboard/server/asgi.py
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from analytics.errors import StoreDamagedError, UsageError
from analytics.trends.publication.published import Published
from analytics.trends.publication.service_facts import read_facts
from dashboard.pages import frame
from dashboard.server import access
from dashboard.server.settings import read_settings
from dashboard.texts.words import LANGUAGES
from dashboard.views.service import Service, service_of

FOLDER_VARIABLE = "MURMURATION_PUBLISHED"


def run() -> None:
    """Open the folder that the environment names and show it; nothing of damaged files."""
    st.set_page_config(page_title="Murmuration", layout="wide")
    try:
        settings = read_settings(os.environ)
    except UsageError as error:
        frame.without_figures(Service(), "frame.refused", message=error.message, action=error.action)
        return
    now = datetime.now(UTC)
    language = next((it for it in LANGUAGES if it == settings.language), "en")
    service = Service(help_line=settings.help_line, language=language, today=now.date())
    visitor = access.visitor(settings, st.user.to_dict(), now)
    try:
        service = service_of(Path(settings.published), read_facts(settings.published), service)
        published = Published.open(settings.published)
    except StoreDamagedError as error:
        frame.without_figures(service, "frame.damaged", message=error.message, action=error.action)
        return
    if published.products:
        frame.show_page(published, service, visitor)
    else:
        frame.without_figures(service, "frame.nothing_yet")


if __name__ == "__main__":
    run()
