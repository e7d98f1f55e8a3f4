"""Run by Streamlit: `MURMURATION_PUBLISHED=HOME/published streamlit run dashboard/server/asgi.py`.

`murmuration dashboard` does so, with the options that belong to it. Streamlit looks for `app` in the text of this file.
"""

import sys
from pathlib import Path

import streamlit as st

from analytics.error_guard import Guard
from dashboard.server.application import surroundings
from dashboard.server.settings import current_settings

PAGE = Path(__file__).parents[1] / "app.py"

guard = Guard()
with guard:
    around = surroundings(current_settings())
if guard.error is not None:
    sys.stderr.write(f"murmuration: {guard.error.message}\n{guard.error.action}\n")
    sys.exit(guard.error.exit_code)

app = st.App(PAGE, **around)
