"""What participants and data-protection officers ask for: withdraw, receipts, erase and its proof, the notice.

Ids come from a file or from standard input, never from the command line, which a shell remembers. No flow engine runs:
Prefect learns nothing of a withdrawal.
"""

import sys
from argparse import Namespace
from typing import Any

from analytics.contracts import (
    Contracts,
    most_erased_at_once,
    read_consent_contracts,
    read_contracts,
    read_declarations,
    shipped_contracts,
    unfilled,
)
from analytics.errors import FileRefusedError, MurmurationError, StillThereError, UsageError
from analytics.home import Home, read_config
from analytics.vault.residue.search_terms import read_search_terms
from pipelines.commands import Answer
from pipelines.file_results import broken_sources
from pipelines.orphans import exclusive_home
from pipelines.output import progress
from pipelines.settings import Settings

_STDIN = "-"
_ASKED = "an id per line; other texts of the person may follow, a line each"


def withdraw(args: Namespace, settings: Settings) -> Answer:
    """Take withdrawals and carry them out, or say what they would do, or decide about some whose deletion waits."""
    from pipelines import brake  # noqa: PLC0415 -- heavy

    if args.confirm is not None or args.cancel is not None:
        if args.file is not None:
            message = "--confirm and --cancel take the number of a receipt, and no file."
            raise UsageError(message, "For example: murmuration withdraw --confirm 3")
        number = args.confirm if args.confirm is not None else args.cancel
        return (brake.confirm if args.confirm is not None else brake.cancel)(number, settings)
    return _withdraw(args, settings)


def _withdraw(args: Namespace, settings: Settings) -> Answer:
    from analytics.vault.erasure import completion  # noqa: PLC0415 -- heavy
    from analytics.vault.erasure.rows import absent_hashes  # noqa: PLC0415 -- heavy
    from analytics.vault.erasure.suppression_list import read_suppression_list  # noqa: PLC0415 -- heavy
    from analytics.vault.files import inbox, ingest_file  # noqa: PLC0415 -- heavy
    from analytics.vault.pseudonym import read_key  # noqa: PLC0415 -- heavy
    from pipelines import brake  # noqa: PLC0415 -- heavy

    home = Home(settings.home)
    config = read_config(home)
    file = args.file or _STDIN
    said = _read_stdin("one person_id per line below a line `person_id`") if file == _STDIN else None
    with exclusive_home(home):
        contracts = read_consent_contracts(home.contracts)
        key = read_key(home.key)
        with completion.existing_vault(home, contracts, settings.now) as vault:
            number = vault.next_batch_no()
            path = settings.folder / file
            if said is not None:
                path = home.vault.parent / "spill" / "withdrawals.csv"  # emptied whenever the vault is opened
                path.write_bytes(said)
            before, known = vault.suppression_list.sequence, vault.rows("person_count")[0][0]
            incoming = inbox.IncomingFile(number, "withdrawals", path, shown=file)
            try:
                file_ingest = ingest_file.FileIngest(home, vault, contracts, key, settings.now, progress)
                if args.dry_run:
                    most = most_erased_at_once(home.contracts, config.plan)
                    return brake.dry_run(vault, contracts, file_ingest.ready(incoming).batch, most), [], []
                report = file_ingest.ingest(incoming)
            finally:
                if said is not None:
                    path.unlink()
            known -= vault.rows("person_count")[0][0]
            unheard = [{"line": line, "rule": rule} for line, rule in vault.rows("refused_line", {"batch_no": number})]
            receipts, old_files = vault.suppression_list.batches[before:], completion.old_held_files(vault)
            marks = {bytes.fromhex(mark) for batch in receipts for mark, _ in batch.people}
            stay = len(marks - absent_hashes(vault))
        completion.complete_erasures(home, contracts, settings.now)
        waiting = brake.waiting_deletions(read_suppression_list(home.suppression_list))
    result = {
        "people": len(marks),
        "of_them_known": known,
        "of_them_consenting_anew": stay,
        "already_on_the_list": report.duplicates,
        "suspended": report.suspended,
        "waiting": waiting,
        "receipt": receipts[-1].sequence if receipts else None,
        "unheard": unheard,
        "broken_sources": broken_sources(contracts),
        **old_files,
    }
    errors: list[MurmurationError] = []
    if unheard:
        message = f"{len(unheard)} lines name nobody for sure; the withdrawals of the others are carried out."
        errors.append(FileRefusedError(message, "Correct these lines, and send them again."))
    if report.suspended:
        message = (
            f"{report.suspended} lines do not clearly withdraw; those people are suspended, and nothing is erased."
        )
        errors.append(
            FileRefusedError(message, "Write `withdrawn` or nothing into the column `event`, and send it again.")
        )
    return result, errors, []


def receipts(_words: Namespace, settings: Settings) -> Answer:
    """Tell when which withdrawals were heard and carried out."""
    from analytics.vault.erasure.suppression_list import read_suppression_list  # noqa: PLC0415 -- as above
    from pipelines.brake import waiting_deletions  # noqa: PLC0415 -- heavy

    home = Home(settings.home)
    read_config(home)
    with exclusive_home(home):
        listed = read_suppression_list(home.suppression_list)
    cancelled = listed.cancelled()
    result = [
        {
            "receipt": batch.sequence,
            "people": len(batch.people),
            "heard_at": batch.received_at,
            "erased": [vars(each) for each in batch.erased],
            "waits_since": batch.waits_since,
            "confirmed_at": batch.confirmed_at,
            "cancels": batch.cancels,
            "cancelled_at": cancelled.get(batch.sequence),
        }
        for batch in listed.batches
    ]
    head = {"sequence": listed.sequence, "hash": listed.hash}
    return {"receipts": result, "waiting": waiting_deletions(listed), "head": head}, [], []


def erase(args: Namespace, settings: Settings) -> Answer:
    """Carry out what is left of erasures, and prove them if asked to."""
    from analytics.vault.erasure import completion  # noqa: PLC0415 -- heavy
    from pipelines.brake import waiting_deletions  # noqa: PLC0415 -- heavy

    home = Home(settings.home)
    read_config(home)
    _check_erase(args)
    asked = read_search_terms(_read_stdin(_ASKED), args.domain) if args.prove else None
    with exclusive_home(home):
        contracts = read_declarations(home.contracts)
        with completion.existing_vault(home, contracts, settings.now) as vault:
            result: dict[str, Any] = {
                "withdrawals": vault.suppression_list.sequence,
                "rows_of_nobody": vault.rows("erasure/orphaned_rows")[0][0],
                "broken_sources": broken_sources(contracts),
                **completion.old_held_files(vault),
            }
            result["waiting"] = waiting_deletions(vault.suppression_list)
            result["people_waiting"], result["rows_waiting"] = vault.rows("erasure/waiting_rows")[0]
            waiting_hashes = frozenset(mark for (mark,) in vault.rows("erasure/waiting_hash"))
        if asked is None:
            return result, [], []
        from analytics.vault.residue.report import residue_report  # noqa: PLC0415 -- heavy

        result |= residue_report(home, contracts, asked.texts, asked.domains, waiting_hashes)
    errors: list[MurmurationError] = []
    if result["found"] or result["rows_of_nobody"]:
        message = f"Something of what was asked for is still in the home: {len(result['found'])} places."
        action = "If the person withdrew: take in or remove files that still wait, then ask for the proof again."
        if result["of_them_waiting"]:
            message = f"{message} The deletion of {result['of_them_waiting']} of them waits for a confirmation."
            action = f"Confirm it ({' or '.join(each['confirm'] for each in result['waiting'])}), then ask again."
        errors.append(StillThereError(message, action))
    elif result["unread"]:
        message = f"Nothing was found, but {len(result['unread'])} files could not be read to their end."
        errors.append(StillThereError(message, "Look at them by hand, or remove them, then ask for the proof again."))
    return result, errors, []


def notice(args: Namespace, settings: Settings) -> Answer:
    """Print what a participant should read before saying yes."""
    from analytics.disclosure import as_html, as_markdown, as_text, notice  # noqa: PLC0415 -- only here

    home = Home(settings.home)
    contracts = _contracts(home, args.plan)
    forms = {"text": as_text, "markdown": as_markdown, "html": as_html}
    missing = unfilled(contracts.service)
    if missing:
        progress(f"Still to be filled in, in contracts/service.yaml: {', '.join(missing)}.")
    return {"format": args.format, "unfilled": missing, "notice": forms[args.format](notice(contracts))}, [], []


def _contracts(home: Home, plan: str | None) -> Contracts:
    if not home.exists():
        return read_contracts(shipped_contracts(), plan or "standard")
    return read_contracts(home.contracts, plan or read_config(home).plan)


def _check_erase(args: Namespace) -> None:
    if args.person:
        message = "An id is not taken from the command line, which a shell remembers."
        raise UsageError(message, "Write it to standard input: murmuration erase --prove < ids.txt")
    if args.domain and not args.prove:
        message = "--domain goes with --prove."
        raise UsageError(message, "For example: murmuration erase --prove --domain app < ids.txt")


def _read_stdin(what: str) -> bytes:
    if sys.stdin.isatty():
        progress(f"Reading standard input: {what}; Ctrl-D ends it.")
    return sys.stdin.buffer.read()
