"""The evidence table: one row per check, in a fixed order and layout, as JSON and as Markdown."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

from analytics.audit.effort import Effort
from analytics.disclosure.dossier import evidence_block
from analytics.durable import write_durably
from analytics.evidence import Evidence

FORMAT = 1

JSON, MARKDOWN = "evidence.json", "evidence.md"

_PACKAGES = ("murmuration", "opendp", "duckdb", "numpy", "scipy")


def versions() -> dict[str, str]:
    """Return what the evidence was made with."""
    return {name: metadata.version(name) for name in _PACKAGES} | {"python": platform.python_version()}


def write(folder: Path, checks: Sequence[Evidence], effort: Effort, mode: str) -> list[str]:
    """Write both files and return their names."""
    folder.mkdir(parents=True, exist_ok=True)
    result = {
        "format": FORMAT,
        "mode": mode,
        "passed": all(check.passed for check in checks),
        "counts": asdict(effort),
        "versions": versions(),
        "checks": [check.model_dump() for check in checks],
    }
    write_durably(folder / JSON, (json.dumps(result, indent=1) + "\n").encode())
    write_durably(folder / MARKDOWN, markdown(checks, mode).encode())
    return [JSON, MARKDOWN]


def markdown(checks: Sequence[Evidence], mode: str) -> str:
    """Return the table for readers, as the dossier has it."""
    made = ", ".join(f"{name} {version}" for name, version in versions().items())
    failed = sum(not check.passed for check in checks)
    return (
        "# Evidence\n\n"
        f"`murmuration audit`, {mode}: {len(checks)} checks, {failed} failed. Made with {made}.\n"
        "The noise has no seed; a seed is of what was invented around it.\n\n"
        f"{evidence_block(checks)}\n"
    )
