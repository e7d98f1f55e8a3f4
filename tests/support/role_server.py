"""Serves `role_pages` with all that goes round the dashboard; run by Streamlit."""

import os
from pathlib import Path

import streamlit as st

from dashboard.server.application import surroundings
from dashboard.server.settings import read_settings

app = st.App(Path(__file__).with_name("role_pages.py"), **surroundings(read_settings(os.environ)))
