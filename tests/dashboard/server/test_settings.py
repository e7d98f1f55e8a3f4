"""The settings, read once: what is missing says how to set it, and no secret comes along."""

from pathlib import Path

import pytest

from analytics.errors import ContractRefusedError, UsageError
from dashboard.server.settings import read_settings
from dashboard.server.sign_in import provider_secrets, read_sign_in

HIDDEN = "s3cret-of-the-client"
COOKIES = "c0okies-are-signed-with-these-signs"
FILE = f"""
[provider]
server_metadata_url = "https://login.example.org/.well-known/openid-configuration"
client_id = "murmuration"
client_secret = "{HIDDEN}"
cookie_secret = "{COOKIES}"

[roles]
claim = "groups"

[roles.pages]
planner = ["summary", "trends"]
"""


def test_a_folder_is_all_that_is_needed() -> None:
    """Everything else has what a page on this machine needs."""
    settings = read_settings({"MURMURATION_PUBLISHED": "published"})
    assert (settings.origin, settings.base_path, settings.secure) == ("http://localhost:8501", "", False)
    assert settings.allowed_hosts == {"localhost", "127.0.0.1", "::1"}
    assert (settings.language, settings.help_line, settings.sign_in) == ("en", "", None)


def test_the_public_address_gives_name_and_path() -> None:
    """One variable, so that they cannot differ."""
    settings = read_settings(
        {
            "MURMURATION_PUBLISHED": "published",
            "MURMURATION_PUBLIC_URL": "https://Example.org/public/moods/",
            "MURMURATION_ALLOWED_HOSTS": "10.0.0.5",
            "MURMURATION_HELP_LINE": " Call 0800 000 000. ",
        }
    )
    assert (settings.base_path, settings.secure) == ("/public/moods", True)
    assert settings.origin == "https://example.org"  # browsers send it in lower case
    assert settings.allowed_hosts >= {"example.org", "10.0.0.5", "127.0.0.1"}
    assert settings.help_line == "Call 0800 000 000."


@pytest.mark.parametrize(
    ("environment", "variable"),
    [
        ({}, "MURMURATION_PUBLISHED"),
        ({"MURMURATION_PUBLISHED": ""}, "MURMURATION_PUBLISHED"),
        ({"MURMURATION_PUBLISHED": "x", "MURMURATION_PUBLIC_URL": "moods.example.org"}, "MURMURATION_PUBLIC_URL"),
    ],
)
def test_what_is_missing_says_which_variable_to_set(environment: dict[str, str], variable: str) -> None:
    with pytest.raises(UsageError, match=variable):
        read_settings(environment)


def test_the_settings_hold_roles_and_no_secret(tmp_path: Path) -> None:
    """What a page can look at, and what an error might print, has none; the server alone asks for them."""
    file = tmp_path / "sign-in.toml"
    file.write_text(FILE)
    settings = read_settings({"MURMURATION_PUBLISHED": "published", "MURMURATION_SIGN_IN": str(file)})
    assert settings.sign_in is not None
    assert (settings.sign_in.claim, settings.sign_in.pages) == ("groups", {"planner": ("summary", "trends")})
    assert HIDDEN not in repr(settings)
    assert COOKIES not in repr(settings)
    secrets = provider_secrets(file, "https://example.org/moods")["auth"]
    assert isinstance(secrets, dict)
    assert secrets["redirect_uri"] == "https://example.org/moods/oauth2callback"
    assert (secrets["client_secret"], secrets["cookie_secret"]) == (HIDDEN, COOKIES)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (FILE.replace('"summary"', '"sumary"'), "roles.pages.planner.0"),  # a page that is not there
        (FILE.replace("claim", "claims"), "roles.claims"),  # a key that nothing reads
        (FILE.replace(COOKIES, "short"), "provider.cookie_secret"),
        (FILE.replace(f'client_secret = "{HIDDEN}"', ""), "provider.client_secret"),
        (FILE.replace("https://login", "http://login"), "must be reached by https"),
        (FILE.replace("[roles]", "[roles"), "not a TOML text"),
        (None, "the file is missing"),
    ],
)
def test_a_mistake_in_the_file_is_named_without_its_values(tmp_path: Path, text: str | None, sentence: str) -> None:
    """The message comes into logs."""
    file = tmp_path / "sign-in.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(ContractRefusedError) as refused:
        read_sign_in(file)
    assert sentence in refused.value.message
    for secret in (HIDDEN, COOKIES, "sumary"):
        assert secret not in f"{refused.value.message}{refused.value.__context__}{refused.value.__cause__}"
