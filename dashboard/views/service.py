"""What every page says of the service that publishes."""

from dataclasses import dataclass

from dashboard.texts.words import Language, Words
from dashboard.views.facts import NOTHING_KNOWN, Facts


@dataclass(frozen=True)
class Service:
    """The service behind the figures."""

    language: Language = "en"
    """In which a page is shown that nobody has chosen another language for."""
    help_line: str = ""
    """What the server was started with; a folder that names a line itself has the newer one."""
    facts: Facts = NOTHING_KNOWN


def help_line(words: Words, service: Service) -> str:
    """Return where a person finds help at once, in the service's own words if it has given them."""
    return service.facts.help_line or service.help_line or words("frame.help")
