"""What a plan assumes of its service in public, so that it can say beforehand what its modelled figures will show."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from analytics.contracts.grid import Key, Name
from analytics.contracts.reading import Frozen

_Part = Annotated[Decimal, Field(ge=0, le=10)]


class Movement(Frozen):
    """How a value moves from period to period; each a part of the spread of one person's value."""

    spread: Annotated[Decimal, Field(gt=0, le=10)]
    """How far values lie from what the simpler tables say of them, as a standard deviation."""
    change: _Part
    """How far the level moves in a period, as a standard deviation."""
    variety: _Part
    """How far a period's own value lies from its level: a part of the variance of as many people chosen by chance."""


class Assumptions(Frozen):
    """What `murmuration plan` and `plan --freeze` assume: used for no figure."""

    people: Annotated[int, Field(ge=1, le=1_000_000_000)] = 10_000
    """How many people log in a period."""
    parts: dict[Name, dict[Key, Annotated[int, Field(ge=0)]]] = Field(default_factory=dict)
    """Per dimension, how they are spread over its keys, as parts of any whole, each dimension for itself. A dimension
    that is not named: evenly over its keys without `unknown`."""
    everybody: Movement = Movement(spread=Decimal("0.3"), change=Decimal("0.007"), variety=Decimal("0.2"))
    """Shares and means of everybody together."""
    groups: Movement = Movement(spread=Decimal("0.1"), change=Decimal("0.01"), variety=Decimal("0.25"))
    """Shares and means of groups, as they differ from what the simpler tables say of them."""
    numbers: Movement = Movement(spread=Decimal(1), change=Decimal("0.006"), variety=Decimal("0.2"))
    """Numbers of people, as parts of themselves."""

    @property
    def evenly(self) -> "Assumptions":
        """The same with people spread evenly."""
        return self.model_copy(update={"parts": {}})
