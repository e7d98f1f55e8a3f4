"""A briefing as a file, from a published folder: what the command asks for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from analytics.errors import UsageError
from analytics.trends.publication.published import Published
from dashboard.briefing.content import briefing_of
from dashboard.briefing.pdf import as_pdf
from dashboard.briefing.web import as_html
from dashboard.reading.choices import choice_of
from dashboard.reading.service import read_service
from dashboard.texts.words import Language, Words
from dashboard.views.facts import Facts
from dashboard.views.service import Service


@dataclass(frozen=True)
class Asked:
    """What a briefing is about, by public codes; an empty one takes what a page without a choice shows."""

    product: str = ""
    period: str = ""
    figure: str = ""
    group: str = ""
    language: Language = "en"
    format: Literal["pdf", "html"] = "pdf"


def briefing_file(folder: Path, asked: Asked) -> tuple[str, bytes]:
    """Return the public id of the release, and the briefing of it.

    Raises:
        UsageError: if nothing is published, or not what is asked.
        StoreDamagedError: if the published files cannot be trusted.
    """
    published = Published.open(folder)
    if not published.products:
        message = "Nothing has been published yet, so there is nothing to brief anyone about."
        raise UsageError(message, "Release a period first: `murmuration release`.")
    choice = choice_of(published, asked.product, asked.period, asked.figure, asked.group)
    service = Service(asked.language, facts=Facts.of(*read_service(folder)))
    briefing = briefing_of(Words(asked.language), published, choice, service)
    return choice.release.name, as_pdf(briefing) if asked.format == "pdf" else as_html(briefing)
