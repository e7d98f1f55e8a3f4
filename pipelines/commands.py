"""What each command does: check the words, take the lock, call the steps, return what is told."""

from argparse import Namespace
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analytics.contracts import NANO, read_contracts, read_declarations, read_plan, read_published, shipped_contracts
from analytics.errors import MurmurationError, NotVerifiedError, UsageError
from analytics.home import Home, read_config
from analytics.vault.files.file_owners import read_file_owners
from pipelines.orphans import exclusive_home
from pipelines.output import progress, tell
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.steps import Outcome

Answer = tuple[dict[str, Any], list[MurmurationError], list[str]]
"""What is told, the errors, and the source lines of the last one."""


def init(args: Namespace, settings: Settings) -> Answer:
    """Make the home."""
    from analytics.make_home import init_home  # noqa: PLC0415 -- `plan` and `--help` start without the databases

    start = args.start or date(settings.now.year, 1, 1)
    home = init_home(settings.home, args.plan, start)
    config = read_config(home)
    return {"home": str(home.root), "plan": config.plan, "start": config.start.isoformat()}, [], []


def simulate(args: Namespace, settings: Settings) -> Answer:
    """Invent a population."""
    from analytics.simulation import population  # noqa: PLC0415 -- heavy

    if args.out.exists() and not args.out.is_dir():
        message = "--out names a file."
        raise UsageError(message, "Name a folder; it is made if it is not there.")
    _, grid = read_plan(shipped_contracts(), "standard")
    start = args.start or latest_start(args.weeks, settings.now.date())
    progress("Inventing a population ...")
    made = population.simulate(
        people=args.people, weeks=args.weeks, seed=args.seed, start=start, out=args.out, grid=grid
    )
    files = [str(path) for path in made.files]
    result = {"files": files, "people": made.people, "entries": made.entries, "start": start.isoformat()}
    return result, [], []


def latest_start(weeks: int, today: date, grace_days: int = 3) -> date:
    """Return the Monday from which `weeks` weeks end with the latest closed one."""
    latest = today - timedelta(days=grace_days)
    last_sunday = latest - timedelta(days=latest.isoweekday() % 7)
    return last_sunday - timedelta(days=7 * weeks - 1)


def ingest(args: Namespace, settings: Settings) -> Answer:
    """Take files in."""
    source, *files = args.args or [None]
    if args.inbox and args.people is not None:
        message = "In the inbox, the folder that encloses a file says whose it is; --people is for named files."
        raise UsageError(message, "Put the files into inbox/SOURCE/PERSON/, or name them as arguments.")
    if args.inbox == bool(source) or (source and not files):
        message = "Name a source and at least one file, or --inbox alone."
        raise UsageError(message, "For example: murmuration ingest canonical mood_entries.csv")
    home = Home(settings.home)
    config = read_config(home)
    with exclusive_home(home):
        start = _engine(home, settings)
        from analytics.vault.files import inbox  # noqa: PLC0415 -- Prefect reads its environment at import
        from pipelines import steps  # noqa: PLC0415 -- Prefect reads its environment at import

        people = None if args.people is None else read_file_owners(settings.folder / args.people)
        contracts = read_contracts(home.contracts, config.plan)
        if source:
            inbox.check_source(source, contracts)
        return _answer(
            steps.ingest_files(
                home,
                config,
                contracts,
                settings,
                lambda vault: (
                    inbox.arguments(vault.next_batch_no, source, files, settings.folder, people)
                    if source
                    else inbox.waiting(home, contracts, vault.next_batch_no, settings.now)
                ),
                start,
            )
        )


def quarantine(args: Namespace, settings: Settings) -> Answer:
    """Tell what is refused, or judge the held records again under today's declarations."""
    home = Home(settings.home)
    config = read_config(home)
    with exclusive_home(home):
        start = _engine(home, settings)
        from analytics.vault.erasure import completion  # noqa: PLC0415 -- Prefect reads its environment at import
        from analytics.vault.files import inbox  # noqa: PLC0415 -- Prefect reads its environment at import
        from pipelines import steps  # noqa: PLC0415 -- Prefect reads its environment at import

        if args.action == "list":
            with completion.existing_vault(home, read_declarations(home.contracts), settings.now) as vault:
                rows, old_files = vault.rows("quarantine_counts"), completion.old_held_files(vault)
            names = ("batch", "source", "rule", "column", "rows", "held")
            listed = [dict(zip(names, row, strict=True)) for row in rows]
            return {"quarantine": listed, **old_files}, [], []
        contracts = read_contracts(home.contracts, config.plan)
        return _answer(
            steps.ingest_files(
                home,
                config,
                contracts,
                settings,
                lambda vault: inbox.held(vault, contracts),
                start,
            )
        )


def release(args: Namespace, settings: Settings) -> Answer:
    """Draw and publish."""
    home = Home(settings.home)
    config = read_config(home)
    with exclusive_home(home):
        start = _engine(home, settings)
        from pipelines import due_periods, steps  # noqa: PLC0415 -- Prefect reads its environment at import

        asked = due_periods.Asked(args.product, args.period, args.as_of)
        return _answer(steps.release_periods(home, config, settings, asked, start))


def publish(_words: Namespace, settings: Settings) -> Answer:
    """Rebuild what is published."""
    from analytics.store.ledger import open_ledger  # noqa: PLC0415 -- heavy
    from analytics.trends.publication.publish import publish_ledger  # noqa: PLC0415 -- heavy

    home = Home(settings.home)
    read_config(home)
    with exclusive_home(home), open_ledger(home.ledger, home.head) as store:
        allowed = read_published(home.contracts)
        return {"files": publish_ledger(store, home.published, allowed)}, [], []


def ledger(_words: Namespace, settings: Settings) -> Answer:
    """Tell what is spent and left."""
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
    return {"horizons": horizons, "entries": listed, "head": {"sequence": head.sequence, "hash": head.hash}}, [], []


def verify(args: Namespace, settings: Settings) -> Answer:
    """Hold what is published against its hashes, and a home's store against it."""
    from analytics.trends.publication.verify import verify_home, verify_published  # noqa: PLC0415 -- heavy

    if args.folder is not None:
        if not args.folder.is_dir():
            message = "There is no folder of that name."
            raise UsageError(message, "Name a published folder, or none for the home's own.")
        checks = verify_published(args.folder, args.expect_head)
    else:
        home = Home(settings.home)
        read_config(home)
        with exclusive_home(home):
            checks = verify_home(home.ledger, home.head, home.published, args.expect_head)
    listed = [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks]
    failed = [check.name for check in checks if not check.ok]
    errors: list[MurmurationError] = []
    if failed:
        message = f"Not verified: {', '.join(failed)}."
        action = "Do not use these figures; restore the home from a backup, or run `murmuration publish`."
        errors.append(NotVerifiedError(message, action))
    return {"ok": not failed, "checks": listed}, errors, []


def dashboard(args: Namespace, settings: Settings) -> Answer:
    """Serve the page until it is ended."""
    from pipelines.dashboard_server import serve  # noqa: PLC0415 -- only here

    serve(Home(settings.home).published, args.port, lambda url: tell("dashboard", {"url": url}, settings))
    return {}, [], []


def demo(args: Namespace, settings: Settings) -> Answer:
    """Show the whole way on invented people."""
    from pipelines.dashboard_server import check_free, serve  # noqa: PLC0415 -- only here
    from pipelines.demo import run_demo  # noqa: PLC0415 -- heavy

    if not args.no_dashboard:
        check_free(args.port)
    result, errors, lines = run_demo(settings)
    if errors or args.no_dashboard:
        return result, errors, lines
    published = Home(settings.home).published
    serve(published, args.port, lambda url: tell("demo", {**result, "url": url}, settings))
    return {}, [], []


def _engine(home: Home, settings: Settings) -> Callable[[], Any]:
    from pipelines.engine import engine  # noqa: PLC0415 -- Prefect reads its environment at import

    return engine(home, settings)


def _answer(outcome: "Outcome") -> Answer:
    return outcome.result, outcome.errors, outcome.source_lines
