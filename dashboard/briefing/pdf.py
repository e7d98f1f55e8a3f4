"""The briefing as PDF/UA: tagged, with alternative text and embedded fonts, typeset by Typst."""

import json
from importlib.resources import files
from typing import Any

import typst

from dashboard.briefing.content import Briefing
from dashboard.charts.block import ChartBlock
from dashboard.charts.picture import as_bare_svg
from dashboard.views.blocks import Table


def as_pdf(briefing: Briefing) -> bytes:
    """Return the briefing; the same one gives the same bytes. Typst refuses what PDF/UA-1 does not allow."""
    template = (files("dashboard.briefing") / "templates" / "briefing.typ").read_bytes()
    result: bytes = typst.compile(
        template,
        format="pdf",
        pdf_standards="ua-1",
        ignore_system_fonts=True,  # the same on every machine
        timestamp=0,
        sys_inputs={"data": json.dumps(_data(briefing))},
    )
    return result


def _data(briefing: Briefing) -> dict[str, Any]:
    return {
        "language": briefing.language,
        "title": briefing.title,
        "publisher": briefing.publisher,
        "demo": briefing.demo,
        "facts": briefing.facts,
        "help": briefing.help,
        "sentence": briefing.sentence,
        "detail": briefing.detail,
        "cards": [
            {"label": card.label, "value": card.value, "interval": card.interval, "change": card.change}
            for card in briefing.cards
        ],
        "blocks": [{"title": part.title, "lines": part.lines} for part in briefing.blocks],
        "charts": [_chart(chart) for chart in briefing.charts],
        "tables": [_table(found) for found in briefing.tables],
        "last": briefing.last,
        "source": briefing.source,
    }


def _chart(chart: ChartBlock) -> dict[str, str]:
    return {"title": chart.title, "reading": chart.reading, "alt": chart.alt, "svg": as_bare_svg(chart).decode()}


def _table(found: Table) -> dict[str, Any]:
    return {
        "caption": found.caption,
        "columns": found.columns,
        "rows": [[cell.text for cell in row] for row in found.rows],
    }
