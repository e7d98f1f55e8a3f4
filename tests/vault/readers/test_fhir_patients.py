"""FHIR R4: patients, and what of them becomes keys of the grid."""

import pytest

from analytics.contracts import Contracts, Source
from analytics.contracts.source import Cohort
from tests.specimens import fhir as specimens
from tests.specimens.fhir import Json, patient
from tests.support.fhir_reading import Reader, reader_of_records, without
from tests.support.reading import path_of, source_of

source = source_of(specimens)
path = path_of(specimens)
reader = reader_of_records()


def test_a_patient_becomes_keys_of_the_grid(reader: Reader) -> None:
    """Only keys leave the reader, from the day of the record's last change."""
    assert reader.row(patient("CANARY-ana")) == {
        "kind": "participant",
        "person_id": "CANARY-ana",
        "valid_from": "2026-05-01",
        "region": "north",
        "age_band": "25-34",
        "service": "primary_care",
    }


@pytest.mark.parametrize(
    ("change", "dimension", "key"),
    [
        ({"address": [{"state": " NORTH "}]}, "region", "north"),
        ({"address": [{"state": "CANARY"}]}, "region", "?"),  # counted as off the grid
        ({"address": [{"use": "old", "state": "south"}, {"state": "north"}]}, "region", "north"),
        ({"address": [{"state": "south"}, {"state": "north"}]}, "region", ""),  # which counts is not guessed
        ({"address": []}, "region", ""),
        ({"address": ["CANARY", 5, [["CANARY"]]]}, "region", ""),
        (
            {"managingOrganization": {"reference": "https://x.invalid/Organization/primary-care"}},
            "service",
            "primary_care",
        ),
        ({"managingOrganization": {"reference": "Organization/CANARY"}}, "service", "?"),
        ({"birthDate": "2010-05-01"}, "age_band", "16-24"),  # sixteen that very day
        ({"birthDate": "2010-05-02"}, "age_band", "?"),  # too young for the grid by one day
        ({"birthDate": "1961-05-01"}, "age_band", "65+"),
        ({"birthDate": "1961-05-02"}, "age_band", "50-64"),
        ({"birthDate": "1980"}, "age_band", "35-49"),
        ({"birthDate": "1961"}, "age_band", "?"),  # 64 or 65
        ({"birthDate": "1961-04"}, "age_band", "65+"),
        ({"birthDate": "2030-01-01"}, "age_band", "?"),
        ({"birthDate": "CANARY"}, "age_band", "?"),
    ],
)
def test_words_of_a_patient(reader: Reader, change: Json, dimension: str, key: str) -> None:
    """A word that the declaration does not know never leaves the reader, and is unknown."""
    assert reader.row(patient("CANARY-ana", **change))[dimension] == key


def test_a_patient_without_a_day_is_left_to_the_checks(reader: Reader) -> None:
    """From when the cohorts hold is not guessed."""
    row = reader.row(without(patient("CANARY-ana"), "meta"))
    assert (row["valid_from"], row["age_band"]) == ("", "?")
    assert reader.rule(patient("CANARY-ana", meta={"lastUpdated": "2026"})) == ("not_a_date", "valid_from")
    assert reader.row(patient("CANARY-ana", meta={"lastUpdated": "2026-02-30"}))["age_band"] == "?"


def test_the_shipped_bands_are_those_of_the_grid(contracts: Contracts, source: Source) -> None:
    """What the declaration names are keys of the shipped grid."""
    for name, cohort in source.cohorts.items():
        assert {*cohort.keys.values(), *cohort.bands} <= set(contracts.grid.keys(name))
    assert set(source.cohorts) == set(contracts.grid.dimensions)


@pytest.mark.parametrize("bands", [["young"], ["24-16"], ["16-24", "24-30"], ["65+", "70+"], ["16-24-30"]])
def test_bands_that_cannot_be_are_refused(bands: list[str]) -> None:
    """A declaration's bands are ages, and lie apart."""
    with pytest.raises(ValueError, match="band"):
        Cohort.model_validate({"field": "birthDate", "bands": bands})
