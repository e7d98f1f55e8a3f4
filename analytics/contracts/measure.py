"""What a plan measures: public categories, the figures made of them, and what is typical."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from analytics.contracts.grid import Label, Name
from analytics.contracts.reading import Frozen
from analytics.periods import MOST_LOOK_BACK_WEEKS

Text = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\n\r]*$")]


class Headline(Frozen):
    """One figure derived from a measure's cells.

    `people`: the sum over categories, in persons. `share`: 100 · weights·x / of·x, both 0 or 1, in percent.
    `mean`: weights·x / sum x, on the weights' own scale from 0 to 100.
    """

    label: Label
    kind: Literal["people", "share", "mean"]
    weights: tuple[Annotated[int, Field(ge=0, le=100)], ...]
    """One per category."""
    of: tuple[Annotated[int, Field(ge=0, le=1)], ...] = ()
    """Of a share: the categories that are the whole, one number each; empty means all of them."""
    among: Annotated[str, Field(max_length=120, pattern=r"^[^\n\r]*$")] = ""
    """Of a share: what it is a part of, in words that follow the number."""
    unit: Literal["persons", "percent", "0-100"]
    importance: Annotated[Decimal, Field(gt=0)]
    """What its error weighs when the noise is chosen, as a multiple of its error under the identity basis."""

    @property
    def whole(self) -> tuple[int, ...]:
        """One number per category: 1 where it belongs to what a ratio is of."""
        return self.of or (1,) * len(self.weights)

    @property
    def functional(self) -> tuple[float, ...]:
        """One number per category: what of a cell's noise moves the figure.

        Of a share its numerator's, as for a small share; of a mean its sum's about the middle of the scale, in halves
        of the scale.
        """
        middle = 50 if self.kind == "mean" else 0
        return tuple((weight - middle) / (middle or 1) for weight in self.weights)

    @model_validator(mode="after")
    def _weights_fit_the_kind(self) -> "Headline":
        unit = {"people": "persons", "share": "percent", "mean": "0-100"}[self.kind]
        if self.unit != unit:
            msg = f"the unit of a {self.kind} is {unit}"
            raise ValueError(msg)
        if self.kind == "people" and set(self.weights) != {1}:
            msg = "people count every category once"
            raise ValueError(msg)
        if self.kind == "share" and (
            set(self.weights) != {0, 1}
            or len(self.whole) != len(self.weights)
            or sum(self.whole) <= sum(self.weights)
            or any(part > whole for part, whole in zip(self.weights, self.whole, strict=True))
        ):
            msg = "a share counts some categories of its whole once and the others not at all"
            raise ValueError(msg)
        if self.kind != "share" and (self.of or self.among):
            msg = "only a share is of something"
            raise ValueError(msg)
        return self


class Typical(Frozen):
    """What `murmuration plan` expects of 100 people who log in a period: a public assumption, used for nothing else."""

    counted: Annotated[int, Field(ge=1, le=1000)]
    """How many of them a measure counts; over 100 where it counts people who stayed away."""
    spread: tuple[Annotated[int, Field(ge=0)], ...]
    """How they are spread over the categories, as parts of any whole."""


class Measure(Frozen):
    """How a person's period is sorted into public categories: the shares are `vault/sql/shares/<name>.sql`."""

    label: Label
    definition: Text
    """What it counts, in words; published with every release."""
    least_data: Text
    """How much a person must have logged to be counted, in words; published with every release."""
    looks_back_weeks: Annotated[int, Field(ge=0, le=MOST_LOOK_BACK_WEEKS)] = 0
    """How many weeks before the period its SQL may read."""
    parameters: dict[Name, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    """The numbers of its definition, as its SQL names them."""
    categories: dict[Name, Label] = Field(min_length=1)
    headlines: dict[Name, Headline] = Field(min_length=1)
    typical: Typical | None = Field(default=None, exclude_if=lambda value: value is None)
    category_importance: Annotated[Decimal, Field(gt=0)]
    """What the error of each single category weighs beside the headlines': no category is left unmeasured."""

    @model_validator(mode="before")
    @classmethod
    def _names_become_weights(cls, value: Any) -> Any:  # noqa: ANN401 -- not yet checked
        """Let a plan name categories: `[newly_low]` instead of `[1, 0, 0, 0]`; `people` need no weights."""
        if not isinstance(value, dict) or not isinstance(value.get("headlines"), dict):
            return value
        categories = list(value.get("categories") or ())
        headlines = {name: _weighted(result, categories) for name, result in value["headlines"].items()}
        return {**value, "headlines": headlines}

    @model_validator(mode="after")
    def _weights_cover_the_categories(self) -> "Measure":
        for name, headline in self.headlines.items():
            if len(headline.weights) != len(self.categories):
                msg = f"headline '{name}' has {len(headline.weights)} weights for {len(self.categories)} categories"
                raise ValueError(msg)
        if self.typical and (len(self.typical.spread) != len(self.categories) or not sum(self.typical.spread)):
            msg = f"what is typical is spread over {len(self.categories)} categories, and not all of them are empty"
            raise ValueError(msg)
        if "people" not in self.headlines or self.headlines["people"].kind != "people":
            msg = "every measure has a headline 'people' of kind people: the display rule needs it"
            raise ValueError(msg)
        return self


def _weighted(result: Any, categories: list[str]) -> Any:  # noqa: ANN401 -- not yet checked
    if not isinstance(result, dict):
        return result
    weighted = dict(result)
    if result.get("kind") == "people":
        weighted.setdefault("weights", [1] * len(categories))
    for field in ("weights", "of"):
        named = weighted.get(field)
        if isinstance(named, list) and any(isinstance(one, str) for one in named):
            unknown = [one for one in named if one not in categories]
            if unknown or len(set(named)) != len(named):
                msg = f"'{field}' names categories that the measure does not have, or one twice: {named}"
                raise ValueError(msg)
            weighted[field] = [int(one in named) for one in categories]
    return weighted
