"""Sign-in by OpenID Connect: the file that an operator writes, in two values. Who may read what, and the secrets.

Pages get `SignIn` alone. `provider_secrets` is asked for once, when the server starts.
"""

import tomllib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from analytics.errors import ContractRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.runtime.secrets import SecretsValue

Page = Literal["summary", "trends", "groups", "patterns", "people", "privacy", "methods", "operations"]
_Text = Annotated[str, Field(min_length=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class SignIn(_Frozen):
    """Who may read which page. It holds no secret."""

    claim: _Text = "roles"
    """The claim of the identity token that holds a person's roles; `realm_access.roles` looks inside `realm_access`."""
    hours: Annotated[int, Field(ge=1, le=720)] = 12
    """How long a sign-in lasts. A role that is taken away at the provider ends by then."""
    pages: dict[_Text, tuple[Page, ...]]
    """The pages of each role. Privacy is everybody's, also of those who are not signed in."""


class _Provider(_Frozen):
    server_metadata_url: _Text
    client_id: _Text
    client_secret: Annotated[SecretStr, Field(min_length=1)]
    cookie_secret: Annotated[SecretStr, Field(min_length=32)]
    scope: _Text = "openid"


class _File(_Frozen):
    provider: _Provider
    roles: SignIn


def read_sign_in(file: Path) -> SignIn:
    """Return who may read which page.

    Raises:
        ContractRefusedError: if the file cannot be read or has a mistake in it; it quotes no value of the file.
    """
    return _read(file).roles


def provider_secrets(file: Path, public_url: str) -> "Mapping[str, SecretsValue]":
    """Return the file's provider as Streamlit wants it in `st.App(secrets=...)`; people come back to `public_url`.

    Raises:
        ContractRefusedError: as `read_sign_in`.
    """
    provider = _read(file).provider
    section: dict[str, SecretsValue] = {
        "redirect_uri": f"{public_url}/oauth2callback",
        "cookie_secret": provider.cookie_secret.get_secret_value(),
        "client_id": provider.client_id,
        "client_secret": provider.client_secret.get_secret_value(),
        "server_metadata_url": provider.server_metadata_url,
        "client_kwargs": {"scope": provider.scope},
    }
    return {"auth": section}


def _read(file: Path) -> _File:
    text: str | None = None
    with suppress(OSError, UnicodeDecodeError):
        text = file.read_text("utf-8")
    if text is None:
        raise ContractRefusedError(file.name, "", "the file is missing, or this user cannot read it as UTF-8 text")
    content: dict[str, object] | None = None
    with suppress(tomllib.TOMLDecodeError):
        content = tomllib.loads(text)
    if content is None:
        raise ContractRefusedError(file.name, "", "not a TOML text")
    result: _File | None = None
    where, reason = "", ""
    try:
        result = _File.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        where, reason = ".".join(str(part) for part in first["loc"]), first["msg"]
    if result is None:
        raise ContractRefusedError(file.name, where, reason)
    address = urlsplit(result.provider.server_metadata_url)
    if address.scheme != "https" and address.hostname not in {"localhost", "127.0.0.1", "::1"}:
        reason = "the provider must be reached by https"
        raise ContractRefusedError(file.name, "provider.server_metadata_url", reason)
    return result
