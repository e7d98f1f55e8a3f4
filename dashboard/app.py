"""Run by Streamlit: opens the published folder and shows the page that the address names.

`murmuration dashboard` serves it. By hand: MURMURATION_PUBLISHED=HOME/published streamlit run dashboard/app.py
"""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from analytics.errors import StoreDamagedError, UsageError
from analytics.trends.publication.published import Published
from dashboard.pages import frame
from dashboard.reading.service import read_service
from dashboard.server import access
from dashboard.server.settings import ServerSettings, read_settings
from dashboard.texts.words import LANGUAGES
from dashboard.views.facts import Facts
from dashboard.views.service import Service

FOLDER_VARIABLE = "MURMURATION_PUBLISHED"


def run() -> None:
    """Open the folder that the environment names and show it; nothing of damaged files."""
    st.set_page_config(page_title="Murmuration", layout="wide")
    try:
        settings = read_settings(os.environ)
    except UsageError as error:
        frame.without_figures(Service(), "frame.refused", message=error.message, action=error.action)
        return
    service = with_facts(settings.published, own_service(settings))
    visitor = access.visitor(settings, st.user.to_dict(), datetime.now(UTC))
    try:
        published = Published.open(settings.published)
    except StoreDamagedError as error:
        frame.without_figures(service, "frame.damaged", message=error.message, action=error.action)
        return
    if published.products:
        frame.show_page(published, service, visitor)
    else:
        frame.without_figures(service, "frame.nothing_yet")


def own_service(settings: ServerSettings) -> Service:
    """Return what the server was started with."""
    language = next((it for it in LANGUAGES if it == settings.language), Service.language)
    return Service(language, settings.help_line)


def with_facts(folder: Path, service: Service) -> Service:
    """Return the service with what the folder says of it: damage there hides no figure, they do not depend on it."""
    try:
        return replace(service, facts=Facts.of(*read_service(folder)))
    except StoreDamagedError:
        return replace(service, facts=Facts(is_damaged=True))


if __name__ == "__main__":
    run()
