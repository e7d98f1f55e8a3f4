"""FHIR R4: moods, totals of questionnaires, patients and consents, as bulk NDJSON, single resources or Bundles.

Narrative, names, contacts, contained resources, extensions, labels and items are never read.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from analytics.contracts import Source
from analytics.vault.readers.shared.documents import member
from analytics.vault.readers.shared.fhir_consents import of_consent
from analytics.vault.readers.shared.fhir_files import read_resources
from analytics.vault.readers.shared.fhir_observations import of_observation, of_response, totals_by_code
from analytics.vault.readers.shared.fhir_parts import Resource
from analytics.vault.readers.shared.fhir_register import of_patient
from analytics.vault.readers.shared.rows import RawRows, Row, RowRefusedError, gather
from analytics.vault.validation.rule_names import RuleName


def read(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield the file's rows of all kinds. Raises FileRefusedError if it is neither of the forms."""
    yield from gather(read_resources(path), partial(_rows, source, totals_by_code(source)))


def _rows(source: Source, totals: Mapping[str, str], resource: Resource) -> list[Row]:
    body = resource.body
    kind = body["resourceType"]
    if kind == "Consent":
        return of_consent(resource, source)
    if kind not in {"Observation", "QuestionnaireResponse", "Patient"}:
        return []
    if resource.damage:
        raise RowRefusedError(resource.damage)
    if member(body, "modifierExtension") or member(body, "implicitRules"):
        raise RowRefusedError(RuleName.UNREADABLE)  # it may say the opposite of what it seems to say
    if kind == "Observation":
        return of_observation(resource, source, totals)
    return of_response(resource, totals) if kind == "QuestionnaireResponse" else of_patient(resource, source)
