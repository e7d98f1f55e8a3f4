"""The commands that need no flow engine and no person: make, invent, publish, look, verify, audit, serve."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from analytics.contracts import NANO, read_plan, read_published, shipped_contracts
from analytics.errors import MurmurationError, NotVerifiedError, UsageError
from analytics.home import Home, read_config
from pipelines.command_line import Answer, Command, add_out, check_out, day
from pipelines.dashboard_server import add_serving, serve, serving
from pipelines.due_periods import latest_start
from pipelines.output import check_lines, progress, write_result
from pipelines.prefect_server import exclusive_home
from pipelines.settings import Settings


def _init_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--plan", metavar="NAME", help="standard (every week; the default) or small (every four weeks)")
    parser.add_argument(
        "--start", type=day, metavar="DATE", help="the first day that is published; default 1 January of this year"
    )


def init(args: Namespace, settings: Settings) -> Answer:
    """Make the home; where there is one, make sure that it is the one that the arguments name.

    Raises:
        UsageError: if it has another plan or first day: files of a service must not go into the home of another.
    """
    from analytics.make_home import init_home  # noqa: PLC0415 -- heavy

    start = args.start or date(settings.now.year, 1, 1)
    home = init_home(settings.home, args.plan or "standard", start)
    config = read_config(home)
    if args.plan not in {None, config.plan} or args.start not in {None, config.start}:
        kind = "a demo's home" if config.demo else "a home"
        made = f"plan {config.plan}, first public day {config.start.isoformat()}"
        message = f"There is {kind} at {home.root} already ({made}); nothing was changed."
        raise UsageError(message, "Name another folder with --home, or leave out --plan and --start.")
    return Answer({"home": str(home.root), "plan": config.plan, "start": config.start.isoformat()})


def _init_lines(result: dict[str, Any]) -> Iterable[str]:
    yield f"Home: {result['home']} (plan {result['plan']}, first public day {result['start']})"


def _simulate_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--people", type=int, required=True, metavar="N", help="how many people to invent")
    parser.add_argument("--weeks", type=int, required=True, metavar="W", help="how many weeks they log")
    parser.add_argument("--seed", type=int, required=True, metavar="S", help="the same seed invents the same people")
    parser.add_argument(
        "--start",
        type=day,
        metavar="MONDAY",
        help="first week; default: the last of the W weeks is the latest closed one",
    )
    add_out(parser, "folder for the files that are made")


def simulate(args: Namespace, settings: Settings) -> Answer:
    """Invent a population."""
    from analytics.simulation import population  # noqa: PLC0415 -- heavy

    check_out(args)
    _, grid = read_plan(shipped_contracts(), "standard")
    start = args.start or latest_start(args.weeks, settings.now.date())
    progress("Inventing a population ...")
    made = population.simulate(
        people=args.people, weeks=args.weeks, seed=args.seed, start=start, out=args.out, grid=grid
    )
    files = [str(path) for path in made.files]
    return Answer({"files": files, "people": made.people, "entries": made.entries, "start": start.isoformat()})


def _simulate_lines(result: dict[str, Any]) -> Iterable[str]:
    yield f"{result['people']} people, {result['entries']} lines of entries, first Monday {result['start']}"
    yield from result["files"]


def publish(_args: Namespace, settings: Settings) -> Answer:
    """Rebuild what is published."""
    from analytics.publish_home import publish_home  # noqa: PLC0415 -- heavy
    from analytics.store.ledger import open_ledger  # noqa: PLC0415 -- heavy

    home = Home(settings.home)
    config = read_config(home)
    with exclusive_home(home), open_ledger(home.ledger, home.head) as store:
        allowed = read_published(home.contracts)
        return Answer({"files": publish_home(home, config, store, allowed)})


def _publish_lines(result: dict[str, Any]) -> Iterable[str]:
    yield f"Published {len(result['files'])} files."


def ledger(_args: Namespace, settings: Settings) -> Answer:
    """Return what is spent and left of each year's cap, and every release."""
    from analytics.release.noise import epsilon  # noqa: PLC0415 -- heavy
    from analytics.store import charges  # noqa: PLC0415 -- heavy
    from analytics.store.ledger import open_ledger  # noqa: PLC0415 -- heavy

    home = Home(settings.home)
    read_config(home)
    with exclusive_home(home), open_ledger(home.ledger, home.head) as store:
        entries, head = store.entries(), store.head()
    horizons = []
    for year in sorted({entry.charge_year for entry in entries}):
        charged = [entry for entry in entries if entry.charge_year == year]
        spent, cap = charges.spent(charged, year), min(entry.cap_nano for entry in charged)
        horizons.append(
            {
                "year": year,
                "rho_cap": cap / NANO,
                "rho_spent": spent / NANO,
                "rho_left": (cap - spent) / NANO,
                "epsilon_spent": epsilon(spent, 1e-6),
                "epsilon_spent_1e-9": epsilon(spent, 1e-9),
                "delta": 1e-6,
            }
        )
    listed = [
        {
            "sequence": entry.sequence,
            "product": entry.product,
            "period": entry.period,
            "revision": entry.revision,
            "rho": entry.loss_nano / NANO,
            "charge_year": entry.charge_year,
            "counted_versions": entry.counted_versions,
            "hash": entry.hash,
        }
        for entry in entries
    ]
    return Answer({"horizons": horizons, "entries": listed, "head": {"sequence": head.sequence, "hash": head.hash}})


def _ledger_lines(result: dict[str, Any]) -> Iterable[str]:
    if not result["entries"]:
        yield "Nothing is released yet."
    for year in result["horizons"]:
        yield (
            f"About {year['year']}: rho {year['rho_spent']:.9f} of {year['rho_cap']:g} spent, {year['rho_left']:.9f} "
            f"left; epsilon {year['epsilon_spent']:.2f} at delta 1e-6, for one participant's whole record"
        )
    for entry in result["entries"]:
        text = f"{entry['sequence']:>5}  {entry['product']} {entry['period']} r{entry['revision']}"
        agreed = entry["counted_versions"]
        counts = "" if agreed is None else f"  people of version {', '.join(agreed) or 'none'}"
        yield f"{text}  rho {entry['rho']:.9f}{counts}  {entry['hash']}"
    yield f"Head: {result['head']['sequence']} {result['head']['hash']}"


def _verify_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="a published folder; default: the home")
    parser.add_argument("--expect-head", metavar="HASH", help="fail unless the ledger has this head")


def verify(args: Namespace, settings: Settings) -> Answer:
    """Check a published folder against its hashes, or a home's published files against its ledger."""
    from analytics.trends.publication import verify as checking  # noqa: PLC0415 -- heavy

    if args.folder is not None:
        if not args.folder.is_dir():
            message = "There is no folder with this name."
            raise UsageError(message, "Name a published folder, or leave it out to check the home's own.")
        checks = checking.verify_published(args.folder, args.expect_head)
    else:
        from analytics.publish_home import verify_facts  # noqa: PLC0415 -- heavy

        home = Home(settings.home)
        config = read_config(home)
        with exclusive_home(home):
            checks = checking.verify_home(home.ledger, home.head, home.published, args.expect_head)
            checks.extend(verify_facts(home, config))
    listed = [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks]
    failed = [check.name for check in checks if not check.ok]
    errors: list[MurmurationError] = []
    if failed:
        message = f"Not verified: {', '.join(failed)}."
        action = "Do not use these figures. Restore the home from a backup, or run `murmuration publish`."
        if set(failed) <= {checking.SERVICE_FACTS, checking.FACTS_UP_TO_DATE}:
            action = "The figures are whole. Correct what the check names, then run `murmuration publish`."
        errors.append(NotVerifiedError(message, action))
    return Answer({"ok": not failed, "checks": listed}, errors)


def _verify_lines(result: dict[str, Any]) -> Iterable[str]:
    yield from check_lines(result["checks"])


def _audit_arguments(parser: ArgumentParser) -> None:
    add_out(parser, "where evidence.json and .md are written")
    parser.add_argument(
        "--short", action="store_true", help="take about a minute instead of half an hour, and find less"
    )


def audit(args: Namespace, _settings: Settings) -> Answer:
    """Audit the privacy guarantee by experiment, and write the evidence; no home is read."""
    from analytics.audit import evidence  # noqa: PLC0415 -- SciPy
    from analytics.audit.effort import FULL, SHORT  # noqa: PLC0415 -- as above
    from analytics.audit.running import checked  # noqa: PLC0415 -- as above

    check_out(args)
    effort, mode, processes = (SHORT, "short", 1) if args.short else (FULL, "full", 2)
    progress(f"Auditing ({mode}); this takes {'about a minute' if args.short else 'about half an hour'} ...")
    found = checked(effort, processes, progress)
    files = evidence.write(args.out, found, effort, mode)
    failed = [check.name for check in found if not check.passed]
    errors: list[MurmurationError] = []
    if failed:
        message = f"{len(failed)} of {len(found)} checks failed: {', '.join(failed)}."
        errors.append(NotVerifiedError(message, "Release nothing with this build until you know why."))
    result = {
        "ok": not failed,
        "mode": mode,
        "files": [str(args.out / name) for name in files],
        "versions": evidence.versions(),
        "checks": [
            {"name": check.name, "ok": check.passed, "result": check.result, "bound": check.bound} for check in found
        ],
    }
    return Answer(result, errors)


def _audit_lines(result: dict[str, Any]) -> Iterable[str]:
    yield from check_lines(result["checks"])
    yield from result["files"]


def dashboard(args: Namespace, settings: Settings) -> Answer:
    """Serve the page until it is ended."""
    serve(serving(args, settings), lambda url: write_result(args.command, {"url": url}, settings))
    return Answer()


def dashboard_lines(result: dict[str, Any]) -> Iterable[str]:
    """Yield where the page is."""
    yield f"Dashboard: {result['url']} (Ctrl-C ends it)"


MAKING = (
    Command("init", "make a home", "init --plan small --start 2020-03-02", init, _init_lines, _init_arguments),
    Command(
        "simulate",
        "invent people and their mood logs, with the true figures",
        "simulate --people 2000 --weeks 8 --seed 1 --out x",
        simulate,
        _simulate_lines,
        _simulate_arguments,
    ),
)

READING = (
    Command("publish", "rebuild the published files from the ledger", "publish", publish, _publish_lines),
    Command("ledger", "list the loss spent and left, and every release", "ledger --json", ledger, _ledger_lines),
    Command(
        "verify",
        "check the published files: hashes, ledger and figures",
        "verify --expect-head HASH",
        verify,
        _verify_lines,
        _verify_arguments,
    ),
    Command(
        "audit",
        "audit the privacy guarantee by experiment, and write the evidence",
        "audit --out evidence",
        audit,
        _audit_lines,
        _audit_arguments,
    ),
    Command(
        "dashboard",
        "serve the published figures",
        "dashboard --port 8600",
        dashboard,
        dashboard_lines,
        add_serving,
    ),
)
