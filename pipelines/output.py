"""How answers are told: one JSON object, or plain lines; errors as one sentence and what to do."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from analytics.errors import MurmurationError
from pipelines.settings import Settings
from pipelines.show_privacy import SUSPENDED, erase_lines, receipts_lines, waiting_lines, withdraw_lines


def error_object(error: MurmurationError) -> dict[str, Any]:
    """Return an error as `--json` tells it; `code` is the exit code."""
    return {"code": error.exit_code, "name": error.name, "message": error.message, "action": error.action}


def tell(command: str, result: dict[str, Any], settings: Settings, error: MurmurationError | None = None) -> None:
    """Write a command's answer: the one JSON object, or plain lines and an error's sentence."""
    if settings.as_json:
        tell_json(result, error)
        return
    if result:
        for line in _LINES[command](result):
            sys.stdout.write(f"{line}\n")
        if files := result.get("old_held_files_deleted"):
            sys.stdout.write(f"Deleted from held/, which is no longer kept: {files} files with refused rows\n")
    if error is not None:
        tell_error(error)


def tell_json(result: dict[str, Any], error: MurmurationError | None) -> None:
    """Write the one object of `--json`."""
    answer = result if error is None else {**result, "error": error_object(error)}
    sys.stdout.write(json.dumps(answer) + "\n")


def tell_error(error: MurmurationError) -> None:
    """Write an error's sentence and what to do."""
    sys.stderr.write(f"murmuration: {error.message}\n{error.action}\n")


def progress(words: str) -> None:
    """Say on stderr what takes more than a second."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def _init(result: dict[str, Any]) -> Iterable[str]:
    yield f"Home: {result['home']} (plan {result['plan']}, first public day {result['start']})"


def _simulate(result: dict[str, Any]) -> Iterable[str]:
    yield f"{result['people']} people, {result['entries']} lines of entries, first Monday {result['start']}"
    yield from result["files"]


def _ingest(result: dict[str, Any]) -> Iterable[str]:
    if not result["files"]:
        yield "Nothing to take in."
    if result["withdrawn"]:
        yield f"Withdrawals received: {result['withdrawn']} people (see `murmuration receipts`)"
    yield from waiting_lines(result["waiting"])
    yield from _agreed(result["agreed"])
    purged = result["retention"]
    if purged["entries"] or purged["questionnaire_totals"]:
        counts = f"{purged['entries']} entries, {purged['questionnaire_totals']} questionnaire totals"
        yield f"Past retention and deleted, before {purged['before']}: {counts}"
    yield from _broken(result)
    if result["left_in_inbox"]:
        why = "changed in the last 10 seconds, or not in the folder of a source or person"
        yield f"Left in the inbox: {result['left_in_inbox']} ({why})"
    yield from _files(result["files"])


def _agreed(agreed: list[dict[str, Any]]) -> Iterable[str]:
    for one in agreed:
        if len(agreed) > 1 or one["labelled_otherwise"]:
            other = f" ({one['labelled_otherwise']} of them with another version in the file)"
            labels = other if one["labelled_otherwise"] else ""
            yield f"People who agreed to version {one['version']} of the promise: {one['people']}{labels}"


def _files(files: list[dict[str, Any]]) -> Iterable[str]:
    for file in files:
        if "error" in file:
            yield f"{file['file']}: refused. {file['error']['message']} {file['error']['action']}"
            continue
        text = [
            f"read {file['read']}",
            f"accepted {file['accepted']}",
            f"duplicates {file['duplicates']}",
            f"quarantined {sum(file['quarantined'].values())}",
            f"without consent {file['without_consent']}",
            f"free text dropped {file['free_text_dropped']}",
        ]
        seldom = ("suspended", "deleted_at_source", "passed_over", "factors_dropped")
        text += [f"{name.replace('_', ' ')} {file[name]}" for name in seldom if file[name]]
        yield f"{file['file']}: {', '.join(text)}"
        yield from (f"  quarantined by {rule}: {count}" for rule, count in file["quarantined"].items())
        if file["suspended"]:
            yield f"  {SUSPENDED}"
        if file["held"] or file["not_held"]:
            yield f"  held for another try: {file['held']}; not held: {file['not_held']}"


def _broken(result: dict[str, Any]) -> Iterator[str]:
    """Say which declarations could not be read: their files wait, and so do folders there of people who withdrew."""
    for one in result["broken_sources"]:
        yield f"Source {one['source']} is not read until its declaration is corrected. {one['reason']}"


def _quarantine(result: dict[str, Any]) -> Iterable[str]:
    if "files" in result:
        yield from _ingest(result)
        return
    if not result["quarantine"]:
        yield "Nothing is in quarantine."
        return
    yield f"{'batch':>6}  {'source':<20} {'rule':<16} {'column':<14} {'rows':>7} {'held':>7}"
    for row in result["quarantine"]:
        what = f"{row['source']:<20} {row['rule']:<16} {row['column']:<14}"
        yield f"{row['batch']:>6}  {what} {row['rows']:>7} {row['held']:>7}"


def _notice(result: dict[str, Any]) -> Iterable[str]:
    yield result["notice"].rstrip("\n")


def _record(result: dict[str, Any]) -> Iterable[str]:
    yield result["yaml"].rstrip("\n")


def _plan(result: dict[str, Any]) -> Iterable[str]:
    yield (
        f"Plan {result['plan']}: at most rho {result['rho_year']:g} about one person and year, "
        f"epsilon {result['epsilon_year']:.2f} at delta 1e-6 ({result['epsilon_year_1e-9']:.2f} at 1e-9)"
    )
    yield from _odds(result["odds"])
    yield "The same for others, with everything published about one year (Gaussian noise; by zCDP alone):"
    for one in result["others"]:
        numbers = f"{one['recognised_in_100']:>4} {one['recognised_in_100_by_zcdp_alone']:>4}"
        yield f"  {one['whom']:<38} {numbers}  rho {one['rho']:.9f}"
    for product in result["products"]:
        most, touched = product["releases_per_year"], product["touched_in_366_days"]
        yield f"{product['name']}: rho {product['rho_per_release']:.9f} a release, at most {most} in 53 weeks"
        yield (
            f"  366 days of logging: at most rho {product['rho_in_366_days']:.9f} of a part of "
            f"{product['rho_part']:g}, in {_numbers(touched)} releases"
        )
        for table in product["tables"]:
            times = f"x {touched[table['measure']]}"
            yield f"  {table['measure']:<16} {table['name']:<20} rho {table['rho']:.9f} {times:>5}"
    yield "noise sd in persons, of what moves a figure (of a mean: in halves of its scale); and what it would have been"
    yield f"{'measure':<16} {'table':<20} {'figure':<18} {'plan':>8} {'equal split':>12} {'no basis':>9} {'optimum':>8}"
    for row in result["noise"]:
        text = f"{row['plan']:>8.2f} {row['equal_split']:>12.2f} {row['identity']:>9.2f} {row['optimum']:>8.2f}"
        yield f"{row['measure']:<16} {row['table']:<20} {row['headline']:<18} {text}"
    yield "what to expect where so many people log and so many of them have enough data (`typical` in the plan)"
    yield f"{'measure':<16} {'table':<20} {'people':>7} {'counted':>7}  {'figure':<18} {'+/-':>8}"
    for row in result["half_width"]:
        text = f"{row['shown']:.1f}" if row["readable"] else "withheld"
        numbers = f"{row['people']:>7} {row['counted']:>7}"
        yield f"{row['measure']:<16} {row['table']:<20} {numbers}  {row['headline']:<18} {text:>8}"
    if result["unread_measures"]:
        unread = ", ".join(result["unread_measures"])
        yield f"Nothing to read at this size: {unread}. A plan without them has less noise for the others."


def _numbers(touched: dict[str, int]) -> str:
    least, most = min(touched.values()), max(touched.values())
    return str(most) if least == most else f"{least} to {most}"


def _odds(odds: list[dict[str, int]]) -> Iterable[str]:
    wrong = odds[0]["guessing"]
    yield f"Recognised at most, of 100 members, by someone wrong about {wrong} in 100 others (guessing: {wrong}):"
    for words, name in (
        ("years", "years"),
        ("Gaussian noise", "recognised_in_100"),
        ("by zCDP alone", "recognised_in_100_by_zcdp_alone"),
    ):
        yield f"  {words:<22} {' '.join(format(each[name], '>4') for each in odds)}"


def _release(result: dict[str, Any]) -> Iterable[str]:
    yield from (f"Released {one['product']} {one['period']}" for one in result["released"])
    if result["already_released"]:
        yield f"Already released: {len(result['already_released'])}"
    yield from (f"Refused {one['product']} {one['period']}: {one['reason']}" for one in result["refused"])
    if not (result["released"] or result["refused"]):
        yield "Nothing is due."


def _publish(result: dict[str, Any]) -> Iterable[str]:
    yield f"Published {len(result['files'])} files."


def _ledger(result: dict[str, Any]) -> Iterable[str]:
    if not result["entries"]:
        yield "Nothing is released yet."
    for year in result["horizons"]:
        yield (
            f"About {year['year']}: rho {year['rho_spent']:.9f} of {year['rho_cap']:g} spent, {year['rho_left']:.9f} "
            f"left; epsilon {year['epsilon_spent']:.2f} at delta 1e-6, one participant's whole record"
        )
    for entry in result["entries"]:
        text = f"{entry['sequence']:>5}  {entry['product']} {entry['period']} r{entry['revision']}"
        agreed = entry["counted_versions"]
        counts = "" if agreed is None else f"  people of version {', '.join(agreed) or 'none'}"
        yield f"{text}  rho {entry['rho']:.9f}{counts}  {entry['hash']}"
    yield f"Head: {result['head']['sequence']} {result['head']['hash']}"


def _verify(result: dict[str, Any]) -> Iterable[str]:
    for check in result["checks"]:
        yield f"{'ok ' if check['ok'] else 'NOT'} {check['name']}{': ' if check['detail'] else ''}{check['detail']}"


def _audit(result: dict[str, Any]) -> Iterable[str]:
    for check in result["checks"]:
        yield f"{'ok ' if check['ok'] else 'NOT'} {check['name']}: {check['result']} (held to: {check['bound']})"
    yield from result["files"]


def _dashboard(result: dict[str, Any]) -> Iterable[str]:
    yield f"Dashboard: {result['url']} (Ctrl-C ends it)"


def _demo(result: dict[str, Any]) -> Iterable[str]:
    if result["reopened"]:
        yield f"The demo in {result['home']} is whole."
    yield from (f"{stage:<13} {seconds:6.1f} s" for stage, seconds in result["timings"].items())
    if "url" in result:
        yield from _dashboard(result)


_LINES = {
    "init": _init,
    "simulate": _simulate,
    "ingest": _ingest,
    "quarantine": _quarantine,
    "withdraw": withdraw_lines,
    "receipts": receipts_lines,
    "erase": erase_lines,
    "notice": _notice,
    "record": _record,
    "plan": _plan,
    "release": _release,
    "publish": _publish,
    "ledger": _ledger,
    "verify": _verify,
    "audit": _audit,
    "dashboard": _dashboard,
    "demo": _demo,
}
