"""Stored JSON read once: text in, a checked and frozen value out."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from analytics.errors import StoreDamagedError


class Stored(BaseModel):
    """A value read from stored JSON: frozen, and of the declared types exactly.

    Keys that it does not declare are ignored, because a later program may have added them.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


AnyStored = TypeVar("AnyStored", bound=Stored)


def read_stored(model: type[AnyStored], text: str | bytes, called: str, action: str) -> AnyStored:
    """Return a stored text as a checked value; `called` names the text in the message.

    Raises:
        StoreDamagedError: if it is not JSON, or a fact is missing or of another type. The message quotes no value.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        place = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
    at = f" (at '{place}')" if place else ""
    message = f"{called} is not in the expected form{at}."
    raise StoreDamagedError(message, action)
