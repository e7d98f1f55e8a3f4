"""The briefing: two A4 pages with the same figures and words as the pages, readable by everybody."""

import re
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from analytics.errors import UsageError
from analytics.trends.publication.published import Published
from dashboard.briefing import Asked, briefing_file, briefing_of
from dashboard.texts.words import Words
from dashboard.views.service import Service as Publisher
from dashboard.views.summary import summary
from tests.support.choosing import chosen
from tests.support.published_fake import Service, publish_fake

EN = Words("en")
A4 = (595, 842)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return twelve weeks of a service of thousands."""
    return publish_fake(tmp_path_factory.mktemp("published"), Service())


@pytest.fixture(scope="module")
def pdf(folder: Path) -> PdfReader:
    """Return the briefing of the region North."""
    return PdfReader(BytesIO(briefing_file(folder, Asked(group="region.north"))[1]))


def words_of(pdf: PdfReader) -> str:
    """Return what the pages say, in one line."""
    return " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)


def tags(node: Any) -> list[Any]:  # noqa: ANN401 -- a tree of any depth
    """Return every element of the structure tree, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, ArrayObject):
        return [tag for each in node for tag in tags(each)]
    if not isinstance(node, DictionaryObject):
        return []
    own = [node] if "/S" in node else []
    return own + (tags(node["/K"]) if "/K" in node else [])


def test_it_has_two_pages_of_a4(pdf: PdfReader) -> None:
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pdf.pages] == [A4, A4]


def test_it_says_what_the_first_page_says(folder: Path, pdf: PdfReader) -> None:
    """The same model of the page: sentence, numbers, cards, what to do."""
    published = Published.open(folder)
    page = summary(EN, published, chosen(published, table="region", cohort="north"))
    said = words_of(pdf)
    for sentence in (page.title, page.detail, *page.sure, *page.counted, *page.do, *page.do_not):
        assert sentence in said
    for card in page.cards:
        assert card.label in said
        assert card.value in said
        assert card.interval in said


def test_it_can_be_read_by_everybody(pdf: PdfReader) -> None:
    """PDF/UA: tagged, with language and title; every figure has a text; the table has headers; headings do not jump."""
    root: Any = pdf.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Weekly mood, 30 March to 5 April 2026: briefing"
    metadata = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part[^0-9]*1", metadata)
    found = tags(root["/StructTreeRoot"]["/K"])
    kinds = [str(tag["/S"]) for tag in found]
    figures = [tag for tag in found if tag["/S"] == "/Figure"]
    assert len(figures) == 2
    assert all(len(str(tag.get("/Alt", ""))) > 60 for tag in figures)
    assert kinds.count("/H1") == 1
    assert "/H3" not in kinds
    assert kinds.count("/TH") == 4
    assert kinds.count("/Table") == 1


def test_its_fonts_are_inside(pdf: PdfReader) -> None:
    """It looks the same on a machine without them."""
    pages: Any = pdf.pages
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)


def test_the_same_release_gives_the_same_bytes(folder: Path) -> None:
    assert briefing_file(folder, Asked()) == briefing_file(folder, Asked())


@pytest.mark.parametrize("language", ["en", "de"])
def test_as_html_it_is_one_file_without_a_script(folder: Path, language: Any) -> None:  # noqa: ANN401 -- one of two
    """Nothing is fetched: no script, no address of another place; words of a plan are escaped."""
    _, content = briefing_file(folder, Asked(language=language, format="html"))
    html = content.decode()
    assert html.startswith("<!DOCTYPE html>")
    assert f'<html lang="{language}">' in html
    assert "<script" not in html
    assert not re.search(r"(src|href)=[\"'](?!data:)(?!#)", html)
    assert set(re.findall(r"https?://[\w.]+", html)) <= {"http://www.w3.org"}
    assert html.count("<h1>") == 1
    assert Words(language)("frame.group") in html


def test_a_service_names_itself_and_its_line(folder: Path) -> None:
    published = Published.open(folder)
    made = briefing_of(EN, published, chosen(published), Publisher(help_line="Call 116 123."))
    assert made.help == "Call 116 123."
    assert made.demo == ""


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (Asked(group="region.atlantis"), "group"),
        (Asked(figure="mood_bands.wisdom"), "figure"),
        (Asked(period="2019-W01"), "period"),
        (Asked(product="stocks"), "product"),
    ],
)
def test_what_is_not_published_is_refused_with_what_is(folder: Path, asked: Asked, name: str) -> None:
    with pytest.raises(UsageError, match=f"No such {name} is published") as refused:
        briefing_file(folder, asked)
    assert "Choose one of these" in refused.value.action


def test_without_a_release_there_is_nothing_to_brief_about(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Nothing has been published yet"):
        briefing_file(tmp_path, Asked())


def test_the_command_writes_the_file(folder: Path, tmp_path: Path) -> None:
    """In its own process, as an operator runs it; it needs the published files of the home and nothing else of it."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copytree(folder, home / "published")
    out = tmp_path / "north.pdf"
    words = ["--home", str(home), "briefing", "--group", "region=north", "--out", str(out)]
    done = subprocess.run([sys.executable, "-m", "pipelines.cli", *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes().startswith(b"%PDF-1.7")
    refused = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *words[:-1], str(tmp_path / "no" / "folder.pdf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert "Name a file in a folder that exists" in refused.stderr
