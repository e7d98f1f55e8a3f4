"""`service.yaml`: who runs this, how to reach them and how to leave, in the operator's own words."""

from typing import Annotated

from pydantic import Field, StringConstraints

from analytics.contracts.reading import Frozen

Words = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\p{C}]*$")
]
"""One line of text without control characters: it is shown on terminals, too."""

Days = Annotated[int, Field(strict=True, ge=1, le=366)]


class Service(Frozen):
    """What the participant's notice says of the service."""

    name: Words
    contact: Words
    """How to reach the service, and how to leave."""
    withdrawal_days: Days = 7
    """Within how many days of receiving a withdrawal the service runs it."""
    backup_days: Days = 35
    """After how many days copies in the service's own backups are gone."""
    help_line: Words
    """Where a person finds help at once."""


def unfilled(service: Service) -> list[str]:
    """Return the names of the fields that still hold a square bracket: the shipped words were not replaced."""
    return [name for name, value in service if isinstance(value, str) and ("[" in value or "]" in value)]
