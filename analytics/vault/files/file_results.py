"""The files in a command's result: counts only, and only one sum for files of one person each."""

from collections.abc import Mapping
from typing import Any

from analytics.errors import MurmurationError
from analytics.vault.files.inbox import IncomingFile
from analytics.vault.ingest import FileReport


def file_results(
    incoming_files: list[IncomingFile], reports: Mapping[str, FileReport], errors: Mapping[str, MurmurationError]
) -> list[dict[str, Any]]:
    """Return one object per file; files of one person each are summed per source, except those that are refused."""
    result: list[dict[str, Any]] = []
    summed: dict[str, list[IncomingFile]] = {}
    for incoming in incoming_files:
        number = str(incoming.number)
        if number in errors:
            name = number if incoming.of_one_person else incoming.shown  # one person's file name may be a name
            so_far = _counts(name, incoming, [reports.get(number, FileReport())])  # of passes before
            result.append({**so_far, "error": errors[number].as_json()})
        elif incoming.of_one_person:
            summed.setdefault(incoming.source, []).append(incoming)
        else:
            result.append(_counts(incoming.shown, incoming, [reports[number]] if number in reports else [FileReport()]))
    for several in summed.values():
        counted = [reports[str(incoming.number)] for incoming in several if str(incoming.number) in reports]
        result.append(_counts(f"{len(several)} of one person each", several[0], counted))
    return result


def _counts(name: str, incoming: IncomingFile, reports: list[FileReport]) -> dict[str, Any]:
    rules = sorted({rule for report in reports for rule in report.quarantined})
    return {
        "file": name,
        "source": incoming.source,
        "batch": incoming.number,
        "read": sum(report.read for report in reports),
        "accepted": sum(report.accepted for report in reports),
        "duplicates": sum(report.duplicates for report in reports),
        "quarantined": {rule: sum(report.quarantined[rule] for report in reports) for rule in rules},
        "without_consent": sum(report.without_consent for report in reports),
        "suspended": sum(report.suspended for report in reports),
        "deleted_at_source": sum(report.deleted_at_source for report in reports),
        "passed_over": sum(report.passed_over for report in reports),
        "free_text_dropped": sum(report.free_text_dropped for report in reports),
        "factors_dropped": sum(report.factors_dropped for report in reports),
        "off_grid": sum(report.off_grid for report in reports),
        "held": sum(report.held for report in reports),
        "not_held": sum(report.not_held for report in reports),
    }
