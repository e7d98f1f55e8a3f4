"""What participants and data-protection officers need: withdraw, receipts, erase.

Ids come from a file or from standard input, never from the command line, which a shell remembers; the vault reads them.
No flow engine runs: Prefect learns nothing of a withdrawal.
"""

import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Iterable
from typing import Any

from analytics.contracts import read_consent_contracts, read_declarations
from analytics.errors import FileRefusedError, MurmurationError, StillThereError, UsageError
from analytics.home import Home, read_config
from pipelines.command_line import Answer, Command
from pipelines.output import SUSPENDED, progress, waiting_lines
from pipelines.prefect_server import exclusive_home
from pipelines.settings import Settings

_STDIN = "-"


def _withdraw_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="CSV with a column person_id; default, or `-`: standard input"
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--dry-run", action="store_true", help="say what the file would do, and change nothing")
    instead.add_argument(
        "--confirm",
        type=int,
        metavar="BATCH",
        help="delete the people of a waiting receipt; BATCH is its number in `receipts`",
    )
    instead.add_argument("--cancel", type=int, metavar="BATCH", help="undo a withdrawal while its deletion waits")


def withdraw(args: Namespace, settings: Settings) -> Answer:
    """Withdraw people and erase them, try what that would do, or decide about a deletion that is waiting."""
    if args.confirm is not None or args.cancel is not None:
        return _decide(args, settings)
    from analytics.vault.erasure import withdrawal  # noqa: PLC0415 -- heavy

    home = Home(settings.home)
    read_config(home)
    if (args.file or _STDIN) == _STDIN:
        _prompt("one person_id per line below a line `person_id`")
        file = withdrawal.WithdrawalFile.from_stdin()
    else:
        file = withdrawal.WithdrawalFile(settings.folder / args.file)
    with exclusive_home(home):
        contracts = read_consent_contracts(home.contracts)
        if args.dry_run:
            return Answer(withdrawal.try_withdrawal(home, contracts, settings.now, file))
        result = withdrawal.withdraw_people(home, contracts, settings.now, file, progress)
    errors: list[MurmurationError] = []
    if not_read := len(result["not_read"]):
        message = f"{not_read} lines do not clearly name a person. All other withdrawals are done."
        errors.append(FileRefusedError(message, "Correct these lines, and send them again."))
    if suspended := result["suspended"]:
        message = f"{suspended} lines do not clearly withdraw. Those people are suspended, and nothing is erased."
        errors.append(
            FileRefusedError(message, "Write `withdrawn` or nothing into the column `event`, and send it again.")
        )
    return Answer(result, errors)


def _decide(args: Namespace, settings: Settings) -> Answer:
    from analytics.vault.erasure import decisions  # noqa: PLC0415 -- heavy

    if args.file is not None:
        message = "--confirm and --cancel take the number of a receipt, and no file."
        raise UsageError(message, "For example: murmuration withdraw --confirm 3")
    home = Home(settings.home)
    read_config(home)
    contracts = read_declarations(home.contracts)
    with exclusive_home(home):
        if args.confirm is not None:
            return Answer(decisions.confirm_deletion(home, contracts, settings.now, args.confirm))
        return Answer(decisions.cancel_deletion(home, contracts, settings.now, args.cancel))


def _withdraw_lines(result: dict[str, Any]) -> Iterable[str]:
    if "would_wait" in result:
        yield from _dry_run_lines(result)
        return
    if "confirmed" in result:
        yield f"Deleted: {result['people']} people of receipt {result['confirmed']}"
    elif "cancelled" in result:
        yield f"Withdrawals undone: {result['people']} people of receipt {result['cancelled']}"
    else:
        yield from _withdrawn_lines(result)
        return
    yield from waiting_lines(result["waiting"])


def _withdrawn_lines(result: dict[str, Any]) -> Iterable[str]:
    known, again = result["known"], result["consented_again"]
    waits = any(each["receipt"] == result["receipt"] for each in result["waiting"])
    done = "Withdrawn, not yet deleted" if waits else "Withdrawn and erased"
    yield f"{done}: {result['people'] - again} (known here: {known}; already withdrawn: {result['already_withdrawn']})"
    yield from waiting_lines(result["waiting"])
    if result["suspended"]:
        yield f"  {result['suspended']} {SUSPENDED}"
    if again:
        yield f"  {again} people consented again later and were kept. To withdraw them, leave out recorded_at"
    if known + again < result["people"]:
        unknown = result["people"] - known - again
        yield f"  {unknown} were not known here. If they should be, check how the id and the id domain are written"
    if result["receipt"] is not None:
        yield f"Receipt {result['receipt']}: see `murmuration receipts`"
    yield from (f"  not read: line {one['line']} ({one['rule']})" for one in result["not_read"])


def _dry_run_lines(result: dict[str, Any]) -> Iterable[str]:
    yield f"Nothing was changed. People in the file who have not withdrawn before: {result['people']}"
    yield f"  known here, and would be erased: {result['would_be_erased']}"
    yield f"  already withdrawn: {result['already_withdrawn']}"
    if result["would_be_suspended"]:
        yield f"  would be suspended, because a line says neither yes nor no: {result['would_be_suspended']}"
    if result["would_be_refused"]:
        yield f"  lines that would be refused: {result['would_be_refused']}"
    if result["would_wait"]:
        most = result["most_erased_at_once"]
        yield f"  their deletion would wait for a confirmation: the plan allows {most} people at once"


def receipts(_args: Namespace, settings: Settings) -> Answer:
    """Return when each withdrawal was received and completed."""
    from analytics.vault.erasure.decisions import withdrawal_receipts  # noqa: PLC0415 -- heavy

    home = Home(settings.home)
    read_config(home)
    with exclusive_home(home):
        return Answer(withdrawal_receipts(home))


def _receipts_lines(result: dict[str, Any]) -> Iterable[str]:
    if not result["receipts"]:
        yield "Nobody has withdrawn yet."
    for batch in result["receipts"]:
        if batch["cancels"] is not None:
            yield f"{batch['receipt']:>5}  undoes receipt {batch['cancels']}, {batch['received_at']}"
            continue
        yield f"{batch['receipt']:>5}  people {batch['people']}, received {batch['received_at']}"
        if batch["cancelled_at"]:
            yield f"       undone {batch['cancelled_at']}"
        elif batch["waits_since"] and not batch["confirmed_at"]:
            yield f"       deletion waiting since {batch['waits_since']}"
        elif not batch["erased"]:
            yield "       not completed yet: run `murmuration erase`"
        for each in batch["erased"]:
            why = (
                "completed"
                if each["cause"] == "withdrawal"
                else "completed again, because an older vault was restored,"
            )
            done = "rows and held records deleted, vault rewritten"
            yield f"       {why} {each['at']}: {done}, waiting files deleted {each['inbox_files']}"
    yield from waiting_lines(result["waiting"])
    yield f"Head: {result['head']['sequence']} {result['head']['hash']}"


def _erase_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--search", action="store_true", help="search every byte of the home for the ids and texts on standard input"
    )
    parser.add_argument("--prove", action="store_true", dest="search", help=SUPPRESS)  # its name until version 0.1
    parser.add_argument("person", nargs="*", help=SUPPRESS)  # so that it can be refused without being repeated
    parser.add_argument(
        "--domain",
        action="append",
        default=[],
        metavar="NAME",
        help="also search in this id domain, which no source has",
    )


def erase(args: Namespace, settings: Settings) -> Answer:
    """Complete what is left of erasures, and search the home for what should be gone."""
    from analytics.vault.residue import home_search  # noqa: PLC0415 -- heavy

    home = Home(settings.home)
    read_config(home)
    _check_erase(args)
    terms = None
    if args.search:
        _prompt("one id per line; other texts of the person may follow, one per line")
        terms = home_search.search_terms_from_stdin(args.domain)
    with exclusive_home(home):
        result = home_search.search_home(home, read_declarations(home.contracts), settings.now, terms)
    return Answer(result, _left(result) if args.search else [])


def _check_erase(args: Namespace) -> None:
    if args.person:
        message = "Ids cannot be given on the command line, because a shell remembers it."
        raise UsageError(message, "Write them to standard input: murmuration erase --search < ids.txt")
    if args.domain and not args.search:
        message = "--domain goes with --search."
        raise UsageError(message, "For example: murmuration erase --search --domain app < ids.txt")


def _left(result: dict[str, Any]) -> list[MurmurationError]:
    """Return what a search of the home ends with: nothing found, or where something is left."""
    if result["found"] or result["orphaned_rows"]:
        rows = f", and {result['orphaned_rows']} orphaned rows" if result["orphaned_rows"] else ""
        message = f"The home still holds some of what you searched for: {len(result['found'])} places{rows}."
        action = "If the person withdrew: ingest or remove files that are still waiting, then search again."
        if result["deletion_waiting"]:
            message = f"{message} The deletion of {result['deletion_waiting']} of them waits for a confirmation."
            action = f"Confirm it ({' or '.join(each['confirm'] for each in result['waiting'])}), then search again."
        return [StillThereError(message, action)]
    if result["unread"]:
        message = f"Nothing was found, but {len(result['unread'])} files could not be read to their end."
        return [StillThereError(message, "Check them by hand, or remove them, then search again.")]
    return []


def _erase_lines(result: dict[str, Any]) -> Iterable[str]:
    yield f"Withdrawal batches received: {result['withdrawals']}; orphaned rows: {result['orphaned_rows']}"
    if result["people_waiting"]:
        yield f"Waiting for a confirmation: {result['rows_waiting']} rows of {result['people_waiting']} people"
    yield from waiting_lines(result["waiting"])
    if "files" not in result:
        return
    decoded = ", ".join(f"{kind} {count}" for kind, count in result["decoded"].items())
    yield f"Searched: {result['files']} files, {result['bytes']} bytes; also decoded: {decoded or 'nothing'}"
    yield f"For: {result['texts']} texts, also as ids in the domains {', '.join(result['id_domains'])}"
    yield f"On the suppression list: {result['on_suppression_list']} of them"
    if result["deletion_waiting"]:
        yield f"  the deletion of {result['deletion_waiting']} of them is waiting, so their rows are still here"
    if not result["on_suppression_list"]:
        yield "  as they are written here, none of them is the id of somebody who withdrew"
    if result["short"] and result["found"]:
        yield f"  {result['short']} of them are so short that a file may contain them by chance"
    yield from (f"  could not be read to its end: {place}" for place in result["unread"])
    yield from (f"  found in {place}" for place in result["found"])
    if not result["found"]:
        yield "Found: nothing"


def _prompt(what: str) -> None:
    if sys.stdin.isatty():
        progress(f"Reading standard input: {what}. Ctrl-D ends it.")


COMMANDS = (
    Command(
        "withdraw",
        "withdraw consent, and erase the people in a file or on standard input",
        "withdraw < people.csv",
        withdraw,
        _withdraw_lines,
        _withdraw_arguments,
    ),
    Command(
        "receipts", "show when withdrawals were received and completed", "receipts --json", receipts, _receipts_lines
    ),
    Command(
        "erase",
        "complete interrupted erasures; --search looks for ids and texts",
        "erase --search < ids.txt",
        erase,
        _erase_lines,
        _erase_arguments,
    ),
)
