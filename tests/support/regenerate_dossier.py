"""The generated parts of `docs/`: the notice, the promise's tables, what figures will show, an audit's evidence.

`make dossier` writes them; with `EVIDENCE=folder`, where an audit's `evidence.json` is, the evidence table, too.
"""

import json
import sys
from pathlib import Path

from analytics.contracts import read_contracts, read_plan, shipped_contracts
from analytics.disclosure.dossier import Policy, noise_block, others_block, promise_block, with_block, with_evidence
from analytics.disclosure.forms import as_markdown
from analytics.disclosure.notice import notice_of
from analytics.errors import UnforeseenError
from analytics.home import Home
from analytics.odds import YEARS
from analytics.release.draw import DELTAS
from analytics.release.noise import epsilon
from analytics.trends.estimation.expected import half_widths
from pipelines import disclosure_commands
from pipelines.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
PARTICIPANTS, PROMISE, EVIDENCE, MEASURES = (
    DOCS / name for name in ("participants.md", "privacy/promise.md", "privacy/evidence.md", "measures.md")
)
SIZES = (1000, 3000, 10_000)
"""How many people log, in the table of what modelled figures show."""


def shipped(plan: str) -> Policy:
    """Return a shipped plan with its noise."""
    running = disclosure_commands.running(Home(Path("nowhere")), plan, Settings.read())
    return Policy(running.contracts.plan, running.noise)


def participants_page() -> str:
    """Return the notice of the shipped contracts."""
    return as_markdown(notice_of(read_contracts(shipped_contracts(), "standard")))


def promise_page() -> str:
    """Return the page of the promise with its numbers computed.

    Raises:
        UnforeseenError: if the shipped plans differ in their cap; the page has one table for both.
    """
    standard, small = shipped("standard"), shipped("small")
    if standard.plan.cap_nano != small.plan.cap_nano:
        message = "The shipped plans have two caps, and the page of the promise has one table for both."
        raise UnforeseenError(message, "Give the page a table for each.")
    cap = standard.plan.cap_nano
    epsilons = {(years, delta): epsilon(years * cap, delta) for years in YEARS for delta in DELTAS}
    made = with_block(PROMISE.read_text("utf-8"), "odds", promise_block(standard.plan, epsilons))
    made = with_block(made, "others", others_block([standard.plan, small.plan]))
    return with_block(made, "noise", noise_block([standard, small]))


def measures_page() -> str:
    """Return the page of the measures with the table of what modelled figures show computed."""
    plan, grid = read_plan(shipped_contracts(), "standard")
    known = len(grid.keys("region")) - 1
    groups = {
        (table, size): size // (known if table == "region" else 1) for table in ("all", "region") for size in SIZES
    }
    cells = {
        (row["measure"], row["headline"], row["table"], row["people"]): " / ".join(
            f"{one['shown']:.{0 if row['headline'] == 'people' else 1}f}" if one["readable"] else "-"
            for one in row["modelled"]
        )
        for row in half_widths(plan, grid, plan.frozen or {}, sorted(set(groups.values())))
    }
    names = [f"{'everyone' if table == 'all' else 'a region'}, {size:,} log" for table, size in groups]
    rows = [
        f"| {measure.label}: {headline.label} | "
        + " | ".join(cells[name, one, table, people] for (table, _), people in groups.items())
        + " |"
        for name, measure in plan.measures.items()
        for one, headline in measure.headlines.items()
    ]
    head = [f"| figure | {' | '.join(names)} |", "| --- |" + " --- |" * len(names)]
    return with_block(MEASURES.read_text("utf-8"), "modelled", "\n".join(head + rows))


def main(files: list[str]) -> None:
    """Write the pages; `files` is empty, or names an audit's `evidence.json`."""
    PARTICIPANTS.write_text(participants_page(), "utf-8")
    PROMISE.write_text(promise_page(), "utf-8")
    MEASURES.write_text(measures_page(), "utf-8")
    for file in files:
        rows = json.loads(Path(file).read_text("utf-8"))["checks"]
        EVIDENCE.write_text(with_evidence(EVIDENCE.read_text("utf-8"), rows), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
