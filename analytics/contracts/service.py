"""`service.yaml`: who runs this, how to reach them and how to leave, in the operator's own words."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from analytics.contracts.reading import Frozen

Words = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\p{C}]*$")
]
"""One line of text without control characters: it is shown on terminals, too."""

ShortWords = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=160, pattern=r"^[^\p{C}]*$")
]
"""As `Words`, and short enough to be read in a chart."""

MOST_LISTED = 100
"""Notes, or faults: more cannot be read in a chart or on a page."""

Days = Annotated[int, Field(strict=True, ge=1, le=366)]


class Dated(Frozen):
    """One thing that happened on a day, in the operator's own words: published, so never about one person."""

    on: Annotated[date, Field(strict=True)]
    text: ShortWords

    @model_validator(mode="before")
    @classmethod
    def _on_is_a_name(cls, content: object) -> object:
        """Give the key `on` its name back: to YAML an unquoted `on` means yes."""
        if isinstance(content, dict) and True in content and "on" not in content:
            return {"on" if key is True else key: value for key, value in content.items()}
        return content


class Service(Frozen):
    """What the participant's notice and the page say of the service."""

    name: Words
    contact: Words
    """How to reach the service, and how to leave."""
    withdrawal_days: Days = 7
    """Within how many days of receiving a withdrawal the service runs it."""
    backup_days: Days = 35
    """After how many days copies in the service's own backups are gone."""
    help_line: Words
    """Where a person finds help at once."""
    notes: tuple[Dated, ...] = Field(default=(), max_length=MOST_LISTED)
    """What readers of a chart should know of a day, like a new app. No figure depends on them."""
    faults: tuple[Dated, ...] = Field(default=(), max_length=MOST_LISTED)
    """What was found wrong with figures that are published, and on which day."""


def unfilled(service: Service) -> list[str]:
    """Return the names of the fields that still hold a square bracket: the shipped words were not replaced."""
    return [name for name, value in service if isinstance(value, str) and ("[" in value or "]" in value)]
