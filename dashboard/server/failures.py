"""What a reader sees where the page fails, and what the log says of it: no traceback, and no text of the error."""

import logging
import traceback
from collections.abc import Callable

import streamlit as st

SENTENCE = {
    "en": "Something went wrong, and this page cannot be shown. Load it again. "
    "If that does not help, tell the service.",
    "de": "Etwas ist schiefgegangen, und diese Seite kann nicht angezeigt werden. Laden Sie sie neu. "
    "Hilft das nicht, sagen Sie es dem Dienst.",
}
"""By language."""

_LOGGER = "streamlit.error_util"
"""Streamlit writes each failed run of the page to it, with the whole traceback."""


def failure_shown(language: str) -> Callable[[Exception], bool]:
    """Return what shows our own sentence in place of an error; its True keeps the error from the browser."""

    def show(_error: Exception) -> bool:
        st.error(SENTENCE.get(language, SENTENCE["en"]))
        return True

    return show


class WithoutText(logging.Filter):
    """Leaves the kind of an error and where it came from; its text may quote what it failed on."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite a record that holds an error; every record passes."""
        if isinstance(record.exc_info, tuple) and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            lines = "".join(traceback.format_list(traceback.extract_tb(trace)))
            record.msg, record.args = f"The page failed: {kind.__name__} (its text is not logged)\n{lines}", ()
            record.exc_info = record.exc_text = None
        return True


def quiet_log() -> None:
    """Let the log of failed pages hold no text of an error."""
    logging.getLogger(_LOGGER).addFilter(WithoutText())
