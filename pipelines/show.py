"""How answers are told: one JSON object, or plain lines; errors as one sentence and what to do."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from analytics.errors import MurmurationError
from pipelines.settings import Settings


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
        yield f"Withdrawals heard and carried out: {result['withdrawn']} people (see `murmuration receipts`)"
    purged = result["retention"]
    if purged["entries"] or purged["questionnaire_totals"]:
        counts = f"{purged['entries']} entries, {purged['questionnaire_totals']} questionnaire totals"
        yield f"Past retention and deleted, before {purged['before']}: {counts}"
    yield from _broken(result)
    if result["left_in_inbox"]:
        why = "changed in the last 10 seconds, or not in the folder of a source or person"
        yield f"Left in the inbox: {result['left_in_inbox']} ({why})"
    for file in result["files"]:
        if "error" in file:
            yield f"{file['file']}: refused. {file['error']['message']} {file['error']['action']}"
            continue
        told = [
            f"read {file['read']}",
            f"accepted {file['accepted']}",
            f"duplicates {file['duplicates']}",
            f"quarantined {sum(file['quarantined'].values())}",
            f"without consent {file['without_consent']}",
            f"free text dropped {file['free_text_dropped']}",
        ]
        seldom = ("deleted_at_source", "passed_over", "factors_dropped")
        told += [f"{name.replace('_', ' ')} {file[name]}" for name in seldom if file[name]]
        yield f"{file['file']}: {', '.join(told)}"
        yield from (f"  quarantined by {rule}: {count}" for rule, count in file["quarantined"].items())
        if file["not_held"]:
            yield "  no copy is held for another try: the file names somebody who withdrew"


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
    yield f"{'batch':>6}  {'source':<20} {'rule':<16} {'column':<14} {'rows':>7}"
    for row in result["quarantine"]:
        told = f"{row['batch']:>6}  {row['source']:<20} {row['rule']:<16} {row['column']:<14} {row['rows']:>7}"
        yield told if row["held"] else f"{told}  (no longer held)"


def _withdraw(result: dict[str, Any]) -> Iterable[str]:
    known, already = result["of_them_known"], result["already_on_the_list"]
    stay = result["of_them_consenting_anew"]
    yield f"Withdrawn and erased: {result['people'] - stay} (known here: {known}; already withdrawn: {already})"
    if stay:
        yield f"  {stay} more stay: a grant recorded after the withdrawal is in force (to end it: no recorded_at)"
    if known + stay < result["people"]:
        unknown = result["people"] - known - stay
        yield f"  {unknown} of them were not known here: if they should be, look at how id and id domain are written"
    if result["receipt"] is not None:
        yield f"Receipt {result['receipt']}: see `murmuration receipts`"
    yield from (f"  not heard: line {one['line']} ({one['rule']})" for one in result["unheard"])
    yield from _broken(result)


def _receipts(result: dict[str, Any]) -> Iterable[str]:
    if not result["receipts"]:
        yield "Nobody has withdrawn yet."
    for batch in result["receipts"]:
        yield f"{batch['receipt']:>5}  people {batch['people']}, heard {batch['heard_at']}"
        if not batch["erased"]:
            yield "       not carried out yet: run `murmuration erase`"
        for each in batch["erased"]:
            why = "carried out" if each["cause"] == "withdrawal" else "again, from an older vault,"
            told = f"rows deleted, vault written anew, held files deleted {each['held_files']}"
            yield f"       {why} {each['at']}: {told}, waiting files {each['inbox_files']}"
    yield f"Head: {result['head']['sequence']} {result['head']['hash']}"


def _erase(result: dict[str, Any]) -> Iterable[str]:
    yield f"Withdrawal batches carried out: {result['withdrawals']}; rows of nobody: {result['rows_of_nobody']}"
    yield from _broken(result)
    if "files" not in result:
        return
    decoded = ", ".join(f"{kind} {count}" for kind, count in result["decoded"].items())
    yield f"Searched: {result['files']} files, {result['bytes']} bytes; decoded besides: {decoded or 'nothing'}"
    yield f"For: {result['texts']} texts, and as ids in the domains {', '.join(result['id_domains'])}"
    yield f"On the list of withdrawn people: {result['on_the_list']} of them"
    if not result["on_the_list"]:
        yield "  as they are written here, none of them is the id of somebody who withdrew"
    if result["short"] and result["found"]:
        yield f"  {result['short']} of them are so short that they may stand in a file by chance"
    yield from (f"  could not be read to its end: {place}" for place in result["unread"])
    yield from (f"  found in {place}" for place in result["found"])
    if not result["found"]:
        yield "Found: nothing"


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
    for product in result["products"]:
        most = product["releases_per_year"]
        yield f"{product['name']}: rho {product['rho_per_release']:.9f} a release, at most {most} in 53 weeks"
        for table in product["tables"]:
            yield f"  {table['measure']:<16} {table['name']:<20} rho {table['rho']:.9f}"
    yield "noise sd in persons, of what moves a figure (of a mean: in halves of its scale); and what it would have been"
    yield f"{'measure':<16} {'table':<20} {'figure':<18} {'plan':>8} {'equal split':>12} {'no basis':>9} {'optimum':>8}"
    for row in result["noise"]:
        told = f"{row['plan']:>8.2f} {row['equal_split']:>12.2f} {row['identity']:>9.2f} {row['optimum']:>8.2f}"
        yield f"{row['measure']:<16} {row['table']:<20} {row['headline']:<18} {told}"
    yield "what to expect where so many people log and so many of them have enough data (`typical` in the plan)"
    yield f"{'measure':<16} {'table':<20} {'people':>7} {'counted':>7}  {'figure':<18} {'+/-':>8}"
    for row in result["half_width"]:
        told = f"{row['shown']:.1f}" if row["readable"] else "withheld"
        numbers = f"{row['people']:>7} {row['counted']:>7}"
        yield f"{row['measure']:<16} {row['table']:<20} {numbers}  {row['headline']:<18} {told:>8}"
    if result["unread_measures"]:
        unread = ", ".join(result["unread_measures"])
        yield f"Nothing to read at this size: {unread}. A plan without them has less noise for the others."


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
        told = f"{entry['sequence']:>5}  {entry['product']} {entry['period']} r{entry['revision']}"
        yield f"{told}  rho {entry['rho']:.9f}  {entry['hash']}"
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
    "withdraw": _withdraw,
    "receipts": _receipts,
    "erase": _erase,
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
