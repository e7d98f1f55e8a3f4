"""The front end's own files, from memory: Streamlit opens each of 100 on disk, which costs a browser half a second.

Only those that our pages use are here; whatever else is asked for, Streamlit answers.
"""

import gzip
import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from streamlit import file_util

from analytics.trends.publication.kept import Kept
from dashboard.server.access import PAGES

EVERYWHERE = ("Html", "PageLink", "Selectbox", "DownloadButton")
"""Parts of the front end that every page uses. If the page does not name them, a browser asks for them too late."""
CHARTS = ("ArrowVegaLiteChart", "embed")
"""Parts that only charts use: a third of all code."""
WITH_CHARTS = frozenset({"trends", "groups", "patterns", "people"})
"""Addresses of pages with charts; the other pages are in `PAGES`, and the first one has no name."""
FONT = "MaterialSymbols-Rounded.*.woff2"
"""Of the signs on buttons; a script names it, not the page."""

_IMMUTABLE = b"public, immutable, max-age=31536000"
"""As Streamlit says it of these files: their names have a hash of what is in them."""
_AGAIN = b"no-cache"
_LEAST_BYTES = 1000
"""Smaller files are not worth compressing."""
_NAMED = re.compile(r"""\./(static/[\w./-]+)""")
_IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")
_MOST_FILES = 300

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class File:
    """A file's content, as it is and compressed; compressed is empty where that saves nothing."""

    kind: str
    content: bytes
    compressed: bytes
    lasts: bytes
    """What `cache-control` says of it."""


class Front:
    """The files of one installation of Streamlit."""

    def __init__(self, folder: Path | None = None) -> None:
        """Look which files there are; none is read for longer than that takes."""
        self._folder = folder or Path(file_util.get_static_dir())
        self._page = (self._folder / "index.html").read_text("utf-8")
        scripts = self._folder / "static" / "js"
        first = {name for name in _NAMED.findall(self._page) if (self._folder / name).is_file()}
        self._first = _with_imports(scripts, {Path(name).name for name in first if name.endswith(".js")})
        self._everywhere = _with_imports(scripts, _chunks(scripts, EVERYWHERE)) - self._first
        self._charts = _with_imports(scripts, _chunks(scripts, CHARTS)) - self._first - self._everywhere
        scripts_used = self._first | self._everywhere | self._charts
        fonts = {f"static/media/{file.name}" for file in (self._folder / "static" / "media").glob(FONT)}
        self.files = frozenset(first | fonts | {f"static/js/{name}" for name in scripts_used})
        """Their addresses below the page's own."""
        self._kept: Kept[str, File] = Kept(_MOST_FILES)

    def answer(self, path: str, accepted: str) -> tuple[Headers, bytes] | None:
        """Return headers and content of a page or a file; None for what Streamlit answers.

        `path` is the one below the base path, with a slash at its end where it was asked for with one. `accepted` are
        the encodings that the browser takes.
        """
        name = path.removeprefix("/")
        if name in self.files:
            return self._answered(self._kept.get(name, lambda: _read(self._folder / name)), accepted)
        if name in {"", *PAGES}:
            return self._answered(self._kept.get(path, lambda: self._page_of(name)), accepted)
        return None

    def warm(self) -> None:
        """Read and compress everything, before the first browser asks."""
        for path in ("/", *(f"/{name}" for name in (*PAGES, *sorted(self.files)))):
            self.answer(path, "gzip")

    def _page_of(self, name: str) -> File:
        """Return Streamlit's page, which now names the parts that this page will ask for."""
        later = () if name in WITH_CHARTS else sorted(self._charts)
        now = [*sorted(self._everywhere), *(sorted(self._charts) if name in WITH_CHARTS else ())]
        links = [f'<link rel="modulepreload" crossorigin href="./static/js/{it}">' for it in now]
        # For the next page: fetched when the browser has nothing else to do.
        links += [f'<link rel="prefetch" as="script" crossorigin href="./static/js/{it}">' for it in later]
        text = self._page.replace("</head>", "\n".join([*links, "</head>"]), 1)
        return _compressed("text/html; charset=utf-8", text.encode("utf-8"), _AGAIN)

    def _answered(self, file: File, accepted: str) -> tuple[Headers, bytes]:
        is_compressed = bool(file.compressed) and "gzip" in accepted
        content = file.compressed if is_compressed else file.content
        headers = [
            (b"content-type", file.kind.encode()),
            (b"content-length", str(len(content)).encode()),
            (b"cache-control", file.lasts),
            (b"vary", b"accept-encoding"),
        ]
        return ([*headers, (b"content-encoding", b"gzip")] if is_compressed else headers), content


def _read(file: Path) -> File:
    kind = "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file.name)[0] or "font/woff2"
    return _compressed(kind, file.read_bytes(), _IMMUTABLE)


def _compressed(kind: str, content: bytes, lasts: bytes) -> File:
    is_worth = kind.startswith("text/") and len(content) >= _LEAST_BYTES
    return File(kind, content, gzip.compress(content, 6, mtime=0) if is_worth else b"", lasts)


def _chunks(scripts: Path, names: Iterable[str]) -> set[str]:
    """Return the files of parts of the front end; none where this version of Streamlit calls them otherwise."""
    return {file.name for name in names for file in scripts.glob(f"{name}.*.js")}


def _with_imports(scripts: Path, names: set[str]) -> set[str]:
    """Return scripts with all that they import, and what that imports."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        imported = _IMPORTED.findall((scripts / name).read_text("utf-8"))
        waiting |= {it for it in imported if it not in found and (scripts / it).is_file()}
    return found
