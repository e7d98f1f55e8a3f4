"""What tests of withdrawals share: a vault that has all of a person, and who and what is in it."""

from collections.abc import Callable

from analytics.vault.database import Vault
from tests.support.people import Desk, entry, granted, query, registered


def everything(person: str, *others: str) -> Callable[[Desk], None]:
    """Return what fills a vault with everything that it can keep of a person."""

    def fill(desk: Desk) -> None:
        desk.consents(*(granted(each) for each in (person, *others)))
        desk.participants(*(registered(each) for each in (person, *others)))
        desk.entries(*(entry(each) for each in (person, *others)))

    return fill


def people_of(desk: Desk) -> set[bytes]:
    """Return the pseudonyms that the vault has."""
    return {each for (each,) in query(desk.vault, "SELECT pseudonym FROM person")}


def uncovered(vault: Vault) -> int:
    """Count rows that no given consent covers: people, entries, totals, orphaned rows."""
    dated = "SELECT person_no, local_date FROM entry UNION ALL SELECT person_no, local_date FROM questionnaire_total"
    dated = f"SELECT * FROM ({dated}) ANTI JOIN waiting_person USING (person_no)"  # noqa: S608 -- what waits is in no view
    found = query(vault, f"SELECT count(*) FROM ({dated}) LEFT JOIN consent_given USING (person_no) "  # noqa: S608 -- our names
                  "WHERE covers_from IS NULL OR local_date < covers_from")[0][0]  # fmt: skip
    people = query(vault, "SELECT count(*) FROM person ANTI JOIN consent_given USING (person_no)")[0][0]
    return int(found + people + vault.rows("erasure/orphaned_rows")[0][0])
