"""How the answers of withdraw, receipts and erase are told as plain lines: counts, dates and places."""

from collections.abc import Iterable
from typing import Any

SUSPENDED = (
    "suspended: consents that say neither yes nor no. Nothing is erased; these people are in no release, and nothing "
    "new of theirs is kept, until a clear grant or withdrawal comes"
)


def waiting_lines(waiting: list[dict[str, Any]]) -> Iterable[str]:
    """Return what waits for a confirmation, and what to type."""
    for each in waiting:
        yield f"Deletion of {each['people']} people waits since {each['since']}; their consent has ended all the same"
        yield f"  to delete them: {each['confirm']}"
        yield f"  to undo their withdrawal: {each['cancel']}"


def withdraw_lines(result: dict[str, Any]) -> Iterable[str]:
    """Return what `withdraw` did, or would do."""
    if "confirmed" in result:
        yield f"Deleted: {result['people']} people of receipt {result['confirmed']}"
        yield from waiting_lines(result["waiting"])
        return
    if "cancelled" in result:
        yield f"Withdrawals undone: {result['people']} people of receipt {result['cancelled']}"
        yield from waiting_lines(result["waiting"])
        return
    if "would_wait" in result:
        yield from _dry_run(result)
        return
    known, already = result["of_them_known"], result["already_on_the_list"]
    stay = result["of_them_consenting_anew"]
    waits = any(each["receipt"] == result["receipt"] for each in result["waiting"])
    done = "Withdrawn, not yet deleted" if waits else "Withdrawn and erased"
    yield f"{done}: {result['people'] - stay} (known here: {known}; already withdrawn: {already})"
    yield from waiting_lines(result["waiting"])
    if result["suspended"]:
        yield f"  {result['suspended']} {SUSPENDED}"
    if stay:
        yield f"  {stay} more stay: a grant recorded after the withdrawal is in force (to end it: no recorded_at)"
    if known + stay < result["people"]:
        unknown = result["people"] - known - stay
        yield f"  {unknown} of them were not known here: if they should be, look at how id and id domain are written"
    if result["receipt"] is not None:
        yield f"Receipt {result['receipt']}: see `murmuration receipts`"
    yield from (f"  not heard: line {one['line']} ({one['rule']})" for one in result["unheard"])


def _dry_run(result: dict[str, Any]) -> Iterable[str]:
    yield f"Nothing is changed. People in the file who are not on the list yet: {result['people']}"
    yield f"  known here, and would be erased: {result['would_be_erased']}"
    yield f"  already withdrawn: {result['already_on_the_list']}"
    if result["would_be_suspended"]:
        yield f"  would be suspended, since a line says neither yes nor no: {result['would_be_suspended']}"
    if result["would_be_refused"]:
        yield f"  lines that would be refused: {result['would_be_refused']}"
    if result["would_wait"]:
        yield f"  their deletion would wait for a confirmation: the plan allows {result['most_erased_at_once']} at once"


def receipts_lines(result: dict[str, Any]) -> Iterable[str]:
    """Return one receipt for each batch of withdrawals."""
    if not result["receipts"]:
        yield "Nobody has withdrawn yet."
    for batch in result["receipts"]:
        if batch["cancels"] is not None:
            yield f"{batch['receipt']:>5}  undoes receipt {batch['cancels']}, {batch['heard_at']}"
            continue
        yield f"{batch['receipt']:>5}  people {batch['people']}, received {batch['heard_at']}"
        if batch["cancelled_at"]:
            yield f"       undone {batch['cancelled_at']}"
        elif batch["waits_since"] and not batch["confirmed_at"]:
            yield f"       deletion waits since {batch['waits_since']}"
        elif not batch["erased"]:
            yield "       not carried out yet: run `murmuration erase`"
        for each in batch["erased"]:
            why = "carried out" if each["cause"] == "withdrawal" else "again, from an older vault,"
            done = "rows and held records deleted, vault written again"
            yield f"       {why} {each['at']}: {done}, waiting files deleted {each['inbox_files']}"
    yield from waiting_lines(result["waiting"])
    yield f"Head: {result['head']['sequence']} {result['head']['hash']}"


def erase_lines(result: dict[str, Any]) -> Iterable[str]:
    """Return what is left of erasures, and the proof if there is one."""
    yield f"Withdrawal batches on the list: {result['withdrawals']}; rows of nobody: {result['rows_of_nobody']}"
    if result["people_waiting"]:
        yield f"Waiting for a confirmation: {result['rows_waiting']} rows of {result['people_waiting']} people"
    yield from waiting_lines(result["waiting"])
    if "files" not in result:
        return
    decoded = ", ".join(f"{kind} {count}" for kind, count in result["decoded"].items())
    yield f"Searched: {result['files']} files, {result['bytes']} bytes; decoded besides: {decoded or 'nothing'}"
    yield f"For: {result['texts']} texts, and as ids in the domains {', '.join(result['id_domains'])}"
    yield f"On the list of withdrawn people: {result['on_the_list']} of them"
    if result["of_them_waiting"]:
        yield f"  the deletion of {result['of_them_waiting']} of them waits, so that their rows are still here"
    if not result["on_the_list"]:
        yield "  as they are written here, none of them is the id of somebody who withdrew"
    if result["short"] and result["found"]:
        yield f"  {result['short']} of them are so short that they may stand in a file by chance"
    yield from (f"  could not be read to its end: {place}" for place in result["unread"])
    yield from (f"  found in {place}" for place in result["found"])
    if not result["found"]:
        yield "Found: nothing"
