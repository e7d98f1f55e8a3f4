"""Read a contract file once, strictly: an unknown, missing or repeated key is refused with file, path, reason."""

from collections.abc import Hashable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from analytics.error_guard import Translate
from analytics.errors import ContractRefusedError


class Frozen(BaseModel):
    """A value read from a contract: frozen, and closed to keys that it does not declare."""

    model_config = ConfigDict(frozen=True, extra="forbid")


AnyModel = TypeVar("AnyModel", bound=BaseModel)


class _OnceLoader(yaml.CSafeLoader):
    """YAML that refuses a repeated key instead of keeping the last one silently; in C, since every command reads it."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 -- the parent's signature
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                msg = f"the key {key!r} is repeated (line {key_node.start_mark.line + 1})"
                raise yaml.YAMLError(msg)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> Any:  # noqa: ANN401 -- YAML is anything until a model has checked it
    """Return the file's content.

    Raises:
        ContractRefusedError: if the file is absent, not UTF-8, not YAML, or repeats a key.
    """
    text: str | None = None
    with suppress(OSError, UnicodeDecodeError):
        text = path.read_text("utf-8")
    if text is None:
        reason = "the file cannot be read as UTF-8 text" if path.exists() else "the file is missing"
        raise ContractRefusedError(path.name, "", reason)
    with Translate((yaml.YAMLError,), partial(_not_yaml, path.name)) as failed:
        return yaml.load(text, Loader=_OnceLoader)  # noqa: S506 -- a SafeLoader with one more refusal
    raise failed.error


def _not_yaml(file: str, error: BaseException) -> ContractRefusedError:
    return ContractRefusedError(file, "", f"not a YAML text: {' '.join(str(error).split())}")


def read_model(path: Path, model: type[AnyModel]) -> AnyModel:
    """Return the file as a checked, frozen `model`.

    Raises:
        ContractRefusedError: with the path inside the file of the first thing that is wrong.
    """
    content = read_yaml(path)
    with Translate((ValidationError,), partial(_not_valid, path.name)) as failed:
        return model.model_validate(content)
    raise failed.error


def _not_valid(file: str, error: BaseException) -> ContractRefusedError | None:
    if not isinstance(error, ValidationError):
        return None
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    return ContractRefusedError(file, where, first["msg"].removeprefix("Value error, "))
