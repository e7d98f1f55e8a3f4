"""The security headers of every answer."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from streamlit import file_util

from dashboard.server.settings import ServerSettings

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def security_headers(settings: ServerSettings) -> tuple[tuple[bytes, bytes], ...]:
    """Return name and value of each header; nothing outside the page's own address may be fetched."""
    headers = {
        "content-security-policy": "; ".join(_policy(settings)),
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    return tuple((name.encode("ascii"), value.encode("ascii")) for name, value in headers.items())


def _policy(settings: ServerSettings) -> tuple[str, ...]:
    socket = settings.origin.replace("http", "ws", 1)  # older Safari does not count a websocket as 'self'
    scripts = " ".join(f"'sha256-{digest}'" for digest in _own_scripts())
    return (
        "default-src 'self'",
        f"script-src 'self' 'unsafe-eval' {scripts}".rstrip(),  # Vega compiles a chart's expressions
        "style-src 'self' 'unsafe-inline'",  # Emotion, which styles Streamlit, writes style elements
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        f"connect-src 'self' {socket}",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )


@cache
def _own_scripts() -> tuple[str, ...]:
    """Return the hashes of the scripts inside Streamlit's own page, so that these and no other inline script run."""
    page = Path(file_util.get_static_dir()) / "index.html"
    found = _INLINE.findall(page.read_text("utf-8"))
    return tuple(base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii") for text in found)
