"""Read a contract file once, strictly: an unknown, missing or repeated key is refused with file, path, reason."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

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
                msg = f"the key {key!r} stands twice (line {key_node.start_mark.line + 1})"
                raise yaml.YAMLError(msg)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> Any:  # noqa: ANN401 -- YAML is anything until a model has checked it
    """Return the file's content.

    Raises:
        ContractRefusedError: if the file is absent, not UTF-8, not YAML, or repeats a key.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise ContractRefusedError(path.name, "", "the file is missing") from None
    except (OSError, UnicodeDecodeError):
        raise ContractRefusedError(path.name, "", "the file cannot be read as UTF-8 text") from None
    try:
        return yaml.load(text, Loader=_OnceLoader)  # noqa: S506 -- a SafeLoader with one more refusal
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise ContractRefusedError(path.name, "", f"not a YAML text: {reason}") from None


def read_model(path: Path, model: type[AnyModel]) -> AnyModel:
    """Return the file as a checked, frozen `model`.

    Raises:
        ContractRefusedError: with the path inside the file of the first thing that is wrong.
    """
    content = read_yaml(path)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise ContractRefusedError(path.name, where, first["msg"].removeprefix("Value error, ")) from None
