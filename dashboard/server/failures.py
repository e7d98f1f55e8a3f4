"""What a reader sees where the page fails, and what the log says of it: no traceback, and no text of the error."""

import logging
import traceback
from collections.abc import Callable, Iterator

import streamlit as st

SENTENCE = {
    "en": "Something went wrong, and this page cannot be shown. Load it again. "
    "If that does not help, tell the service.",
    "de": "Etwas ist schiefgegangen, und diese Seite kann nicht angezeigt werden. Laden Sie sie neu. "
    "Hilft das nicht, sagen Sie es dem Dienst.",
}
"""By language."""

_LOGGERS = ("streamlit.error_util", "streamlit.runtime.backend_operation_handler", "uvicorn.error")
"""A failed run of the page, a download and a request are written to them, each with its whole traceback."""


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
            lines = "".join(map(_kind_and_place, _with_causes(record.exc_info[1])))
            record.msg, record.args = f"The page failed: {lines}", ()
            record.exc_info = record.exc_text = None
        return True


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Return an error and what it was raised from: a failed download's own error is the second."""
    while error is not None:
        yield error
        error = error.__cause__


def _kind_and_place(error: BaseException) -> str:
    lines = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    return f"{type(error).__name__} (its text is not logged)\n{lines}"


def quiet_log() -> None:
    """Let the log of failed pages hold no text of an error."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(WithoutText())
