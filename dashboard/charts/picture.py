"""A chart's files: picture and numbers, made without a browser and without a request."""

import csv
import io

import vl_convert

from dashboard.charts.block import ChartBlock

_SCALE = 2.0
"""Pixels of a PNG for one of the page: sharp in print."""


def as_svg(block: ChartBlock) -> bytes:
    """Return the chart as an SVG picture with title, date and source inside."""
    svg: str = vl_convert.vegalite_to_svg(block.specification())
    return svg.encode()


def as_bare_svg(block: ChartBlock) -> bytes:
    """Return the chart alone, for a page that has its title, how to read it, and its source around it."""
    svg: str = vl_convert.vegalite_to_svg(block.specification(is_bare=True))
    return svg.encode()


def as_png(block: ChartBlock) -> bytes:
    """Return the chart as a PNG picture with title, date and source inside."""
    png: bytes = vl_convert.vegalite_to_png(block.specification(), scale=_SCALE)
    return png


def as_csv(block: ChartBlock) -> bytes:
    """Return the chart's table, and where it is from."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(block.table.columns)
    writer.writerows([cell.text for cell in row] for row in block.table.rows)
    writer.writerows([[], [block.title], [block.source]])
    return text.getvalue().encode()
