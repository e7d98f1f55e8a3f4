"""What an Open Data Contract Standard file says of each column: type, presence, bounds, allowed values."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal, cast, get_args

from open_data_contract_standard.model import OpenDataContractStandard, SchemaProperty

from analytics.contracts.patterns import fault_of_pattern
from analytics.contracts.reading import read_model
from analytics.errors import ContractRefusedError

ColumnType = Literal["string", "integer", "number", "date", "timestamp", "boolean", "array"]

_LIMITS = {
    "string": {"maxLength", "pattern"},
    "integer": {"minimum", "maximum"},
    "number": {"minimum", "maximum"},
    "date": {"minimum", "maximum"},
    "timestamp": {"minimum", "maximum"},
    "boolean": set[str](),
    "array": set[str](),
}


@dataclass(frozen=True)
class Column:
    """One column of a contract, as the intake and the publisher check it."""

    name: str
    kind: ColumnType
    required: bool
    minimum: Decimal | date | None
    """The least value allowed; for timestamps a date in the participant's local time."""
    maximum: Decimal | date | None
    """The greatest value allowed; no date may lie after today whatever this says."""
    max_length: int | None
    allowed: frozenset[str] | None
    """The only values allowed; for an array, of its items."""
    listed: tuple[str, ...] = ()
    """The same in the contract's order."""
    patterns: tuple[str, ...] = ()
    """Each must match the whole text (Rust's regular expressions); of `person_id` alone."""


@dataclass(frozen=True)
class Contract:
    """One contract file: its single table's columns by name."""

    file: str
    columns: dict[str, Column]

    def __getitem__(self, name: str) -> Column:
        """Return the column `name`.

        Raises:
            ContractRefusedError: if the contract does not declare it.
        """
        if name not in self.columns:
            raise ContractRefusedError(self.file, "schema.0.properties", f"the column '{name}' is missing")
        return self.columns[name]

    def with_id_pattern(self, pattern: str | None) -> "Contract":
        """Return the contract for files of a source: `person_id` must match its `id_pattern`, too."""
        return self if pattern is None else self._with_patterns((*self["person_id"].patterns, pattern))

    def without_id_patterns(self) -> "Contract":
        """Return the contract for rows that do not name their person by an id."""
        return self._with_patterns(()) if self["person_id"].patterns else self

    def _with_patterns(self, patterns: tuple[str, ...]) -> "Contract":
        person = replace(self["person_id"], patterns=patterns)
        return replace(self, columns={**self.columns, person.name: person})


def read_contract(path: Path) -> Contract:
    """Read one `*.odcs.yaml`: valid against the standard, one table, only limits that are enforced.

    Raises:
        ContractRefusedError: if it is not.
    """
    document = read_model(path, OpenDataContractStandard)
    if document.schema_ is None or len(document.schema_) != 1:
        raise ContractRefusedError(path.name, "schema", "exactly one table is expected")
    properties = document.schema_[0].properties or []
    columns: dict[str, Column] = {}
    for position, entry in enumerate(properties):
        column = _column(path.name, f"schema.0.properties.{position}", entry)
        if column.name in columns:
            raise ContractRefusedError(
                path.name, f"schema.0.properties.{position}", f"'{column.name}' is declared twice"
            )
        columns[column.name] = column
    return Contract(path.name, columns)


def _column(file: str, path: str, entry: SchemaProperty) -> Column:
    if entry.name is None:
        raise ContractRefusedError(file, f"{path}.name", "the column has no name")
    if entry.logicalType not in get_args(ColumnType):
        raise ContractRefusedError(file, f"{path}.logicalType", f"expected one of {', '.join(get_args(ColumnType))}")
    kind = cast("ColumnType", entry.logicalType)
    limits = entry.logicalTypeOptions or {}
    for limit in limits:
        if limit not in _LIMITS[kind]:
            raise ContractRefusedError(
                file, f"{path}.logicalTypeOptions.{limit}", f"not a limit that a {kind} column can be held to"
            )
    holder = entry.items if kind == "array" else entry
    values = holder.enum if holder is not None else None
    listed = None if values is None else tuple(str(value.value) for value in values)
    return Column(
        name=entry.name,
        kind=kind,
        required=bool(entry.required),
        minimum=_limit(file, f"{path}.logicalTypeOptions.minimum", kind, limits.get("minimum")),
        maximum=_limit(file, f"{path}.logicalTypeOptions.maximum", kind, limits.get("maximum")),
        max_length=_length(file, f"{path}.logicalTypeOptions.maxLength", limits.get("maxLength")),
        allowed=None if listed is None else frozenset(listed),
        listed=tuple(dict.fromkeys(listed or ())),
        patterns=_patterns(file, f"{path}.logicalTypeOptions.pattern", entry.name, limits.get("pattern")),
    )


def _limit(file: str, path: str, kind: ColumnType, value: Any) -> Decimal | date | None:  # noqa: ANN401 -- YAML
    if value is None:
        return None
    with suppress(ValueError, TypeError, InvalidOperation):
        if kind in {"date", "timestamp"}:
            return value if isinstance(value, date) else date.fromisoformat(value)
        return Decimal(str(value))
    raise ContractRefusedError(file, path, f"not a limit for a {kind} column")


def _length(file: str, path: str, value: Any) -> int | None:  # noqa: ANN401 -- YAML
    if value is not None and (not isinstance(value, int) or value < 1):
        raise ContractRefusedError(file, path, "expected a whole number above 0")
    return value


def _patterns(file: str, path: str, name: str, value: Any) -> tuple[str, ...]:  # noqa: ANN401 -- YAML
    if value is None:
        return ()
    fault = "only person_id is held to a pattern" if name != "person_id" else fault_of_pattern(value)
    if fault is not None:
        raise ContractRefusedError(file, path, fault)
    return (str(value),)
