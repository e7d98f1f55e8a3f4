"""Consent events in the project's own form: one event per line.

A withdrawal counts if it names a person: if a line cannot be read as the header says, but names somebody and says
`withdrawn` in the right places, it is read for that much (DECISIONS.md, "A withdrawal needs only a person to hold").
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from analytics.contracts import Source
from analytics.vault.readers.shared.delimited import Fields, read_delimited
from analytics.vault.readers.shared.rows import COLUMNS, RawRows
from analytics.vault.readers.shared.withdrawn_lines import withdrawals_on

_OPTIONAL = ("policy_version", "id_domain")


def read(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield the file's events. Raises FileRefusedError for its header or container only."""
    names = [name for name in COLUMNS["consent"] if name != "ends"]
    fields = Fields(
        required={name: name for name in names if name not in _OPTIONAL}, optional={name: name for name in _OPTIONAL}
    )
    for part in read_delimited(path, source.delimiter, fields):
        if not part.bad.height:
            yield replace(part, kind="consent")
            continue
        withdrawals = withdrawals_on(path, source.delimiter, set(part.bad["line"]))
        bad = part.bad.filter(~part.bad["line"].is_in(withdrawals["line"].implode()))
        yield replace(part, kind="consent", bad=bad)
        yield replace(part, kind="consent", rows=withdrawals, bad=bad.clear(), free_text_fields=0)
