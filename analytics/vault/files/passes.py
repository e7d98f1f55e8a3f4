"""The passes of an ingest: consents of all files, then the register of all, then entries of all.

So the content of one file never decides when another is read: the order is that of the declarations, and within a
source that of the files' age. A pass is cut into chunks, one task each, since many small files are the usual case.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from analytics.contracts import Declarations, Source
from analytics.vault.files.inbox import IncomingFile
from analytics.vault.ingest import PASSES, Pass
from analytics.vault.readers import kinds_of

CHUNK = 500
"""Files of a task. A task costs Prefect tenths of a second, and a killed command shows how far it came by tasks."""


def passes_of(source: Source | None) -> tuple[Pass, ...]:
    """Return the passes that files of a source need; without a source the last one, to be refused in."""
    if source is None:
        return PASSES[-1:]
    kinds = kinds_of(source)
    return tuple(one for one in PASSES if not kinds.isdisjoint(one.kinds))


def chunks(
    incoming_files: Iterable[IncomingFile], contracts: Declarations
) -> Iterator[tuple[Pass, list[IncomingFile]]]:
    """Yield each pass's chunks of files, of one source each, in the order in which they are read. Memory: one chunk."""
    by_source = [(name, list(several)) for name, several in groupby(incoming_files, key=lambda each: each.source)]
    for one in PASSES:
        for name, several in by_source:
            # Held records are judged again in one go, batch by batch, in the order of the batches.
            if one in (PASSES[-1:] if several[0].again else passes_of(contracts.source(name))):
                for start in range(0, len(several), CHUNK):
                    yield one, several[start : start + CHUNK]
