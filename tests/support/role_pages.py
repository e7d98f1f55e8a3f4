"""A page script with the eight pages and nothing on them: what a frame does with `access`, without any figure."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from dashboard.server import access
from dashboard.server.settings import current_settings

FAILING = "methods"
"""The page that fails; its error holds `SECRET`."""

SECRET = "what-nobody-may-read"  # noqa: S105 -- looked for in the browser and the log


def content(name: str) -> Callable[[], None]:
    """Return a page's function."""

    def show() -> None:
        st.header(f"This is {name}", anchor=False)
        if name == FAILING:
            raise ValueError(SECRET)

    return show


def run() -> None:
    """Show the pages that the visitor may read, and the button that they need."""
    visitor = access.visitor(current_settings(), st.user.to_dict(), datetime.now(UTC))
    chosen = st.navigation([st.Page(content(name), title=name, url_path=name) for name in visitor.pages])
    actions = {"sign_in": st.login, "sign_out": st.logout}
    if visitor.button:
        st.button(visitor.button, on_click=actions[visitor.button])
    chosen.run()


if __name__ == "__main__":
    run()
