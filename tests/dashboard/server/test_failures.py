"""What the log says of a failure: its kind and its place, for pages, downloads and requests alike."""

import logging

import pytest

from dashboard.server.failures import quiet_log

SECRET = "what-nobody-may-read"  # noqa: S105 -- looked for in the log


@pytest.mark.parametrize("name", ["error_util", "runtime.backend_operation_handler", "uvicorn.error"])
def test_the_log_has_kind_and_place_of_a_failure_and_never_its_text(
    caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """A failed download is wrapped in an error of Streamlit's, whose text repeats that of the first."""
    logger = logging.getLogger(name if name == "uvicorn.error" else f"streamlit.{name}")
    before = list(logger.filters)
    quiet_log()
    try:
        logger.addHandler(caplog.handler)
        try:
            _download()
        except RuntimeError:
            logger.exception("Failed")
    finally:
        logger.removeHandler(caplog.handler)
        logger.filters[:] = before
    assert SECRET not in caplog.text
    assert all(part in caplog.text for part in ("RuntimeError", "ValueError", "in _download"))


def _download() -> None:
    try:
        int(SECRET)  # its error quotes what it was given
    except ValueError as error:
        message = f"Callable execution failed: {error}"
        raise RuntimeError(message) from error
