"""`audit`: audit the privacy guarantee by experiment, and write the evidence."""

from argparse import Namespace

from analytics.audit import evidence
from analytics.audit.effort import FULL, SHORT
from analytics.audit.running import checked
from analytics.errors import MurmurationError, NotVerifiedError, UsageError
from pipelines.commands import Answer
from pipelines.output import progress
from pipelines.settings import Settings


def audit(args: Namespace, _settings: Settings) -> Answer:
    """Audit the privacy guarantee by experiment, and write the evidence; no home is touched."""
    if args.out.exists() and not args.out.is_dir():
        message = "--out names a file."
        raise UsageError(message, "Name a folder; it is made if it is not there.")
    effort, mode, processes = (SHORT, "short", 1) if args.short else (FULL, "full", 2)
    progress(f"Auditing ({mode}); this takes {'about a minute' if args.short else 'about half an hour'} ...")
    found = checked(effort, processes, progress)
    files = evidence.write(args.out, found, effort, mode)
    failed = [check.name for check in found if not check.passed]
    errors: list[MurmurationError] = []
    if failed:
        message = f"{len(failed)} of {len(found)} checks failed: {', '.join(failed)}."
        errors.append(NotVerifiedError(message, "Release nothing with this build until it is known why."))
    result = {
        "ok": not failed,
        "mode": mode,
        "files": [str(args.out / name) for name in files],
        "versions": evidence.versions(),
        "checks": [
            {"name": check.name, "ok": check.passed, "result": check.result, "bound": check.bound} for check in found
        ],
    }
    return result, errors, []
