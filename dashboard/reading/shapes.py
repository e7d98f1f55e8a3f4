"""The shapes of a published map, as frozen values."""

import json
from dataclasses import dataclass
from typing import Any

Ring = list[list[float]]
"""Longitude and latitude of each corner; the first is also the last."""


@dataclass(frozen=True)
class Shape:
    """The area of one group."""

    cohort: str
    polygons: list[list[Ring]]
    """Of each polygon its outer ring, then its holes."""

    @property
    def geometry(self) -> dict[str, object]:
        """The area as GeoJSON."""
        return {"type": "MultiPolygon", "coordinates": self.polygons}


Shapes = tuple[Shape, ...]


def shapes_in(content: bytes) -> Shapes:
    """Return the shapes of a GeoJSON that was checked when it was published: polygons with the property `cohort`."""
    features: list[dict[str, Any]] = json.loads(content)["features"]
    return tuple(Shape(feature["properties"]["cohort"], _polygons(feature["geometry"])) for feature in features)


def _polygons(geometry: dict[str, Any]) -> list[list[Ring]]:
    found: list[list[Ring]] = (
        geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    )
    return found
