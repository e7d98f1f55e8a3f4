"""Serves `role_pages` with all that goes round the dashboard; run by Streamlit."""

from pathlib import Path

import streamlit as st

from dashboard.server.application import surroundings
from dashboard.server.settings import current_settings

app = st.App(Path(__file__).with_name("role_pages.py"), **surroundings(current_settings()))
