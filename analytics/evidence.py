"""One row of evidence: what the audit tried, how often, and the result."""

from typing import Annotated

from pydantic import Field, StringConstraints

from analytics.contracts.reading import Frozen

EvidenceText = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]


class Evidence(Frozen):
    """One row of the evidence table: what was tried, how often, and what came of it."""

    name: EvidenceText
    shows: EvidenceText
    trials: Annotated[int, Field(strict=True, ge=0)]
    seed: Annotated[int, Field(strict=True)] | None
    """None where nothing was drawn by a seed: noise cannot be seeded."""
    result: EvidenceText
    bound: EvidenceText
    passed: Annotated[bool, Field(strict=True)]
