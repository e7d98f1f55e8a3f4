"""What a page says of the service that publishes."""

from dataclasses import dataclass
from datetime import date

from dashboard.texts.words import Language, Words


@dataclass(frozen=True)
class Service:
    """The service behind the figures: nothing where it is not known."""

    help_line: str = ""
    publisher: str = ""
    is_demo: bool = False
    published_on: date | None = None
    next_on: date | None = None
    language: Language = "en"


def help_line(words: Words, service: Service) -> str:
    """Return where a person finds help at once, in the service's own words if it has given them."""
    return service.help_line or words("frame.help")
