"""A dimension's map: only shapes and public keys leave it, and a file that is no such map is refused with its place."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from analytics.contracts import Grid, read_plan, shipped_contracts
from analytics.contracts.map_file import MOST_BYTES, map_of
from analytics.contracts.reading import read_model
from analytics.errors import ContractRefusedError

RING: list[list[float]] = [[0, 50], [2, 50], [1, 51.5], [0, 50]]


def dimension(folder: Path, map_: object = "regions.geojson") -> Any:  # noqa: ANN401 -- the dimension of a grid
    """Return a dimension of two regions and the unknown ones, with a map."""
    keys = {"north": "North", "south": "South", "unknown": "Not known"}
    content = {"dimensions": {"region": {"label": "Region", "keys": keys, "map": map_}}}
    (folder / "cohorts.yaml").write_text(json.dumps(content))
    return read_model(folder / "cohorts.yaml", Grid).dimensions["region"]


def feature(key: object, coordinates: object, kind: object = "Polygon", **more: object) -> dict[str, Any]:
    """Return one feature."""
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "id": 7, "properties": {"cohort": key, **more}, "geometry": geometry}


def written(folder: Path, *features: object, **top: object) -> bytes | None:
    """Write a file of features and return the map."""
    content = {"type": "FeatureCollection", "features": list(features), **top}
    (folder / "regions.geojson").write_text(json.dumps(content))
    return map_of(folder, dimension(folder))


def test_only_shapes_and_keys_are_taken(tmp_path: Path) -> None:
    """Every other property, an id, a name of the file and heights stay; the order is that of the keys."""
    high = [[*position, 120.5] for position in RING]
    found = written(
        tmp_path,
        feature("south", [[RING], [RING, RING]], "MultiPolygon", people=4821),
        feature("north", [high], inspector="Ada"),
        name="secret",
    )
    assert json.loads(found or b"") == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"cohort": "north"},
                "geometry": {"type": "Polygon", "coordinates": [RING]},
            },
            {
                "type": "Feature",
                "properties": {"cohort": "south"},
                "geometry": {"type": "MultiPolygon", "coordinates": [[RING], [RING, RING]]},
            },
        ],
    }


def test_another_property_may_hold_the_key(tmp_path: Path) -> None:
    """It is published under the one name that a page reads."""
    content = {"type": "FeatureCollection", "features": [feature("?", [RING], code="north")]}
    (tmp_path / "areas.geojson").write_text(json.dumps(content))
    found = map_of(tmp_path, dimension(tmp_path, {"file": "areas.geojson", "key": "code"}))
    assert json.loads(found or b"")["features"][0]["properties"] == {"cohort": "north"}


def test_a_dimension_without_a_map_has_none(tmp_path: Path) -> None:
    assert map_of(tmp_path, dimension(tmp_path, None)) is None


@pytest.mark.parametrize(
    ("features", "where"),
    [
        ([], "features"),
        ([feature("west", [RING])], "features.0.properties.cohort"),  # a key that the grid lacks
        ([feature("unknown", [RING])], "features.0.properties.cohort"),  # those of no known place
        ([feature(["north"], [RING])], "features.0.properties.cohort"),
        ([feature("north", [RING]), feature("north", [RING])], "features.1.properties.cohort"),  # one key twice
        ([feature("north", [RING]), 7], "features.1.properties.cohort"),
        ([feature("north", RING[0], "Point")], "features.0.geometry.type"),
        ([feature("north", [RING], ["Polygon"])], "features.0.geometry.type"),
        ([feature("north", [])], "features.0.geometry.coordinates"),
        ([feature("north", RING)], "features.0.geometry.coordinates"),  # a ring where rings belong
        ([feature("north", [RING], "MultiPolygon")], "features.0.geometry.coordinates"),
        ([feature("north", [RING[:3]])], "features.0.geometry.coordinates"),  # too few corners
        ([feature("north", [[*RING[:3], [9, 9]]])], "features.0.geometry.coordinates"),  # not closed
        ([feature("north", [[[0], [2], [1], [0]]])], "features.0.geometry.coordinates"),  # no latitude
        ([feature("north", [[*RING[:1], [True, 50], *RING[1:]]])], "features.0.geometry.coordinates"),
        ([feature("north", [[*RING[:1], ["2", 50], *RING[1:]]])], "features.0.geometry.coordinates"),
        ([feature("north", [[*RING[:1], [180.5, 50], *RING[1:]]])], "features.0.geometry.coordinates"),
        ([feature("north", [[*RING[:1], [2, -90.5], *RING[1:]]])], "features.0.geometry.coordinates"),  # metres?
    ],
)
def test_what_is_no_map_of_the_dimension_is_refused_with_its_place(
    tmp_path: Path, features: list[object], where: str
) -> None:
    with pytest.raises(ContractRefusedError) as refused:
        written(tmp_path, *features)
    assert refused.value.message.startswith(f"regions.geojson: {where}: ")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "missing"),
        (b"", "not a JSON text"),
        (b"\xff\xff", "not a JSON text"),
        (b"[" * 100_000, "not a JSON text"),  # deeper than Python reads
        (b'{"type": "FeatureCollection", "features": [NaN]}', "not a JSON text"),
        (b"[]", "expected a FeatureCollection"),
        (b'{"type": "Feature"}', "expected a FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": {}}', "at least one feature"),
        (b" " * (MOST_BYTES + 1), "larger than 2,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_geojson_is_refused(tmp_path: Path, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "regions.geojson").write_bytes(content)
    with pytest.raises(ContractRefusedError, match=reason) as refused:
        map_of(tmp_path, dimension(tmp_path))
    assert refused.value.__cause__ is None


def test_a_map_changes_no_fingerprint(tmp_path: Path) -> None:
    """No figure depends on it, so a home that is given one draws on under the same plan."""
    plan, grid = read_plan(shipped_contracts(), "standard")
    path = tmp_path / "cohorts.yaml"
    text = (shipped_contracts() / "cohorts.yaml").read_text()
    assert text.count("    # map: regions.geojson\n") == 1
    path.write_text(text.replace("    # map: regions", "    map: regions"))
    other = read_model(path, Grid)
    assert (grid.dimensions["region"].map_, other.dimensions["region"].map_ is None) == (None, False)
    assert plan.fingerprint(other) == plan.fingerprint(grid)


def test_the_shipped_map_has_every_known_region(tmp_path: Path) -> None:
    """The invented place of the demo; each shape turns to the left, as RFC 7946 asks."""
    (tmp_path / "regions.geojson").write_bytes((shipped_contracts() / "regions.geojson").read_bytes())
    _, grid = read_plan(shipped_contracts(), "standard")
    region = grid.dimensions["region"].model_copy(update={"map_": dimension(tmp_path).map_})
    features = json.loads(map_of(tmp_path, region) or b"")["features"]
    assert [one["properties"]["cohort"] for one in features] == [key for key in region.keys if key != "unknown"]
    for one in features:
        (ring,) = one["geometry"]["coordinates"]
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) > 0
