"""What a published folder says of its service: `service.json`, and the notice and maps that it vouches for."""

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from analytics.errors import StoreDamagedError
from analytics.trends.publication.service_facts import FileBeside, ServiceFacts, read_beside, read_facts
from dashboard.reading.shapes import Shapes, shapes_in


def read_service(folder: Path) -> tuple[ServiceFacts, bytes | None, dict[str, Shapes]]:
    """Return the facts, the participant's notice, and the maps by dimension; nothing where the folder has none.

    Raises:
        StoreDamagedError: if one of these files is not the one that was published.
    """
    said = read_facts(folder)
    notice = None if said.notice is None else read_beside(folder, said.notice)
    return said, notice, {name: _map(folder, beside) for name, beside in said.maps.items()}


@lru_cache(maxsize=4)
def _map(folder: Path, beside: FileBeside) -> Shapes:
    content = read_beside(folder, beside)
    with suppress(AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return shapes_in(content)
    message = f"The published file {beside.file} is no map."
    raise StoreDamagedError(message, "Write it again: `murmuration publish`. The releases do not depend on it.")
