"""The front end's own files: from memory, as Streamlit has them on disk."""

import gzip
from pathlib import Path

from streamlit import file_util

from dashboard.server.access import PAGES
from dashboard.server.front import CHARTS, EVERYWHERE, WITH_CHARTS, Front

DISK = Path(file_util.get_static_dir())


def test_each_file_is_the_one_on_disk_and_may_be_kept_for_ever() -> None:
    """Compressed only for a browser that takes that; the name of a file has a hash of what is in it."""
    front = Front()
    assert len(front.files) > 50
    for name in front.files:
        for accepted in ("", "gzip, deflate"):
            answered = front.answer(f"/{name}", accepted)
            assert answered is not None
            headers, content = dict(answered[0]), answered[1]
            assert int(headers[b"content-length"]) == len(content)
            assert b"immutable" in headers[b"cache-control"]
            assert accepted or b"content-encoding" not in headers
            is_compressed = b"content-encoding" in headers
            assert (gzip.decompress(content) if is_compressed else content) == (DISK / name).read_bytes()


def test_code_goes_compressed() -> None:
    """A phone loads a third of the bytes."""
    front = Front()
    scripts = [f"/{name}" for name in front.files if name.endswith(".js")]
    plain, packed = (sum(len((front.answer(it, how) or ([], b""))[1]) for it in scripts) for how in ("", "gzip"))
    assert packed < plain / 2


def test_a_page_names_the_parts_that_it_will_ask_for() -> None:
    """Every page those of its boxes and links; a page with charts those of charts as well, the others for later."""
    front = Front()
    for name in ("", *PAGES):
        headers, content = front.answer(f"/{name}", "") or ([], b"")
        assert dict(headers)[b"cache-control"] == b"no-cache"
        lines = content.decode().splitlines()
        at_once = "\n".join(line for line in lines if "modulepreload" in line)
        later = "\n".join(line for line in lines if "prefetch" in line)
        assert all(f"/{part}." in at_once for part in EVERYWHERE)
        assert all(f"/{part}." in (at_once if name in WITH_CHARTS else later) for part in CHARTS)


def test_what_is_none_of_these_is_left_to_streamlit() -> None:
    """Its interface, other files, and addresses with slashes too many, which it sends elsewhere."""
    front = Front()
    for path in ("/_stcore/health", "/static/js/none.js", "/trends/", "//trends", "/../index.html", "/healthz"):
        assert front.answer(path, "gzip") is None
