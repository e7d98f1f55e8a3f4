"""The record of ingested files: a file whose batch is in the vault is there as a whole."""

from collections.abc import Sequence

from analytics.contracts import Source
from analytics.vault.database import Vault
from analytics.vault.loading.file import Batch


def record_batches(vault: Vault, source: Source, batches: Sequence[Batch]) -> None:
    """Record files of one source, all at the time of the first; part of their transaction.

    A later pass over a file changes nothing.
    """
    scale = source.scale
    vault.run(
        "batch_add",
        {
            "numbers": [batch.number for batch in batches],
            "source": source.name,
            "scale": f"{scale.lo}..{scale.hi}, {scale.better} is better",
            "taken_in_at": batches[0].now.replace(tzinfo=None),
        },
    )
