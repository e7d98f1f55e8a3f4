"""Run by Streamlit: `MURMURATION_PUBLISHED=HOME/published streamlit run dashboard/server/asgi.py`.

`murmuration dashboard` does so, with the options that belong to it. Streamlit looks for `app` in the text of this file.
"""

import os
import sys
from pathlib import Path

import streamlit as st

from analytics.error_guard import Guard
from dashboard.server.application import surroundings
from dashboard.server.settings import read_settings

PAGE = Path(__file__).parents[1] / "app.py"

guard = Guard()
with guard:
    around = surroundings(read_settings(os.environ))
if guard.error is not None:
    sys.exit(f"murmuration: {guard.error.message}\n{guard.error.action}")

app = st.App(PAGE, **around)
