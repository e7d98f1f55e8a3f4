"""A dimension's map, read from the operator's GeoJSON: only shapes and public keys are taken from it."""

import json
import math
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from analytics.canonical import canonical_json
from analytics.contracts.grid import UNKNOWN, Dimension
from analytics.errors import ContractRefusedError

MOST_BYTES = 2_000_000
"""A page draws it in every browser that opens it; maps of a country's districts are smaller when simplified."""

_SHAPES = {"Polygon": 1, "MultiPolygon": 2}
"""How deep a shape's rings lie in its coordinates."""
_LEAST_POSITIONS = 4
"""Of a closed ring: a triangle, its first corner twice."""
_LONGITUDE, _LATITUDE = 180, 90


def map_of(folder: Path, dimension: Dimension) -> bytes | None:
    """Return the dimension's map as it is published, or None where it names none.

    A feature has its shape, and its key as the property `cohort`, in the order of the keys; all else is left out.

    Raises:
        ContractRefusedError: if the file is not a collection of shapes, each with a key of the dimension.
    """
    named = dimension.map_
    if named is None:
        return None
    content = _read(folder / named.file)
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise ContractRefusedError(named.file, "type", "expected a FeatureCollection")
    features = content.get("features")
    if not isinstance(features, list) or not features:
        raise ContractRefusedError(named.file, "features", "expected a list with at least one feature")
    known = set(dimension.keys) - {UNKNOWN}
    shapes: dict[str, object] = {}
    for number, feature in enumerate(features):
        where = f"features.{number}"
        key = _part(_part(feature, "properties"), named.key)
        if not isinstance(key, str) or key not in known:
            reason = "expected a key of the dimension in cohorts.yaml that is not 'unknown'"
            raise ContractRefusedError(named.file, f"{where}.properties.{named.key}", reason)
        if key in shapes:
            reason = "another feature has this key; put both shapes into one MultiPolygon"
            raise ContractRefusedError(named.file, f"{where}.properties.{named.key}", reason)
        shapes[key] = _geometry(_part(feature, "geometry"), named.file, f"{where}.geometry")
    listed = [
        {"type": "Feature", "properties": {"cohort": key}, "geometry": shapes[key]}
        for key in dimension.keys
        if key in shapes
    ]
    return (canonical_json({"type": "FeatureCollection", "features": listed}) + "\n").encode()


def _read(path: Path) -> object:
    data: bytes | None = None
    with suppress(OSError), path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if data is None:
        raise ContractRefusedError(path.name, "", "the file is missing or cannot be read")
    if len(data) > MOST_BYTES:
        reason = f"the file is larger than {MOST_BYTES:,} bytes; simplify its shapes"
        raise ContractRefusedError(path.name, "", reason)
    with suppress(ValueError, RecursionError):
        content: object = json.loads(data, parse_constant=_no_number)
        return content
    raise ContractRefusedError(path.name, "", "not a JSON text")


def _no_number(_name: str) -> NoReturn:
    raise ValueError


def _part(content: object, name: str) -> object:
    return content.get(name) if isinstance(content, dict) else None


def _geometry(geometry: object, file: str, where: str) -> dict[str, object]:
    kind = _part(geometry, "type")
    depth = _SHAPES.get(kind) if isinstance(kind, str) else None
    if depth is None:
        raise ContractRefusedError(file, f"{where}.type", f"expected {' or '.join(_SHAPES)}")
    with suppress(ValueError):
        return {"type": kind, "coordinates": _nested(_part(geometry, "coordinates"), depth)}
    reason = "expected closed rings of positions in degrees, longitude before latitude"
    raise ContractRefusedError(file, f"{where}.coordinates", reason)


def _nested(content: object, depth: int) -> list[Any]:
    """Return rings, or lists of rings. Raises ValueError if they are none."""
    if not isinstance(content, list) or not content:
        raise ValueError
    return [_nested(one, depth - 1) if depth else _position(one) for one in _closed(content, depth)]


def _closed(content: list[object], depth: int) -> list[object]:
    if depth == 0 and (len(content) < _LEAST_POSITIONS or content[0] != content[-1]):
        raise ValueError
    return content


def _position(content: object) -> list[float]:
    """Return longitude and latitude without a height."""
    if not isinstance(content, list) or len(content) < len((_LONGITUDE, _LATITUDE)):
        raise ValueError
    for value, most in zip(content, (_LONGITUDE, _LATITUDE), strict=False):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError  # noqa: TRY004 -- one refusal for all that is no position
        if not math.isfinite(value) or abs(value) > most:
            raise ValueError
    return content[:2]
