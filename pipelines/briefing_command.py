"""Two pages for a meeting, from published files alone."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analytics.errors import UsageError
from analytics.home import Home
from pipelines.command_line import Answer, Command
from pipelines.settings import Settings


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="FILE", required=True, help="where to write it")
    parser.add_argument("--format", choices=("pdf", "html"), default="pdf")
    parser.add_argument("--group", metavar="TABLE=COHORT", default="", help="a group, as region=north (else everyone)")
    parser.add_argument(
        "--figure", metavar="MEASURE.FIGURE", default="", help="as mood_bands.low_share (else the first)"
    )
    parser.add_argument("--product", metavar="NAME", default="", help="a product of the plan (else the most frequent)")
    parser.add_argument("--period", metavar="PERIOD", default="", help="as 2026-W14 (else the newest)")
    parser.add_argument("--language", choices=("en", "de"), default="en")


def briefing(args: Namespace, settings: Settings) -> Answer:
    """Write the briefing of one release."""
    from analytics.trends.publication.published import Published  # noqa: PLC0415 -- heavy
    from dashboard.briefing import as_html, as_pdf, briefing_of  # noqa: PLC0415 -- heavy
    from dashboard.reading.choices import choice_of  # noqa: PLC0415 -- heavy
    from dashboard.texts.words import Words  # noqa: PLC0415 -- heavy

    folder = Home(settings.home).published
    published = Published.open(folder)
    if not published.products:
        message = "Nothing has been published yet, so there is nothing to brief anyone about."
        raise UsageError(message, "Release a period first: `murmuration release`.")
    choice = choice_of(published, args.product, args.period, args.figure, args.group.replace("=", ".", 1))
    made = briefing_of(Words(args.language), published, choice)
    _write(args.out, {"pdf": as_pdf, "html": as_html}[args.format](made))
    return Answer({"file": str(args.out), "release": choice.release.name, "format": args.format})


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError:
        written = False
    else:
        written = True
    if not written:
        message = "The briefing cannot be written to the file of --out."
        raise UsageError(message, "Name a file in a folder that exists and that you may write to.")


def _lines(result: dict[str, Any]) -> Iterable[str]:
    yield f"Briefing of {result['release']}: {result['file']}"


COMMANDS = (
    Command(
        "briefing",
        "write two pages for a meeting, from the published figures",
        "briefing --group region=north --out north.pdf",
        briefing,
        _lines,
        _arguments,
    ),
)
