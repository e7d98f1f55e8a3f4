"""Which texts can be the id of a person: no id that a spreadsheet damaged, and only ids that match the patterns.

A spreadsheet that opens a list of long numbers writes them rounded when it saves: `202611050000041` and
`202611050000042` both become `2.02611E+14`. Three people would be one. Its words for a failed formula
are the same in every row.
"""

import polars as pl

from analytics.contracts import Column
from analytics.contracts.patterns import anchored
from analytics.vault.validation.rule_names import RuleName

_ROUNDED = r"[+-]?[0-9]{1,3}(?:[.,][0-9]+[eE][+-]?|[eE]\+)[0-9]{1,3}"
"""A number with a decimal point or comma before its exponent, or with a plus sign in its exponent. `12E4`, `1E5` and
`3E-01` may well be ids: no spreadsheet writes a rounded whole number like that."""

_FAILED = (
    # Every language's words that end with a mark: #REF!, #NAME?, #DIV/0!, #WERT!, #BEZUG!, and the Spanish and Russian.
    r"#[\u00a1\u00bf]?\p{Lu}[\p{Lu}0/_]{0,29}[!?]"
    # Those without one: not available, and still being fetched.
    r"|#(?:N/A|N/D|N/B|NV|I/T|YOK|HI\u00c1NYZIK|NEN\u00cd_K_DISPOZICI|\u041d/\u0414|GETTING_DATA)"
    r"|#{2,}"  # a column too narrow for its number
    r"|Err:[0-9]{3}"
)

_DAMAGED = anchored(f"{_ROUNDED}|{_FAILED}")


def is_blank(text: pl.Expr) -> pl.Expr:
    """Say whether an id is empty without its white space, separators among control characters included."""
    return text.str.contains(r"^[\s\x1c-\x1f]*$")


def is_damaged(text: pl.Expr) -> pl.Expr:
    """Say whether an id is what a spreadsheet writes for a rounded number or a failed formula."""
    return text.str.strip_chars().str.contains(_DAMAGED)


def breaks_pattern(text: pl.Expr, column: Column) -> pl.Expr:
    """Say whether an id does not match all patterns that are declared for it; they are of the whole id."""
    id_ = _composed(text)
    return pl.any_horizontal(pl.lit(value=False), *(~id_.str.contains(anchored(each)) for each in column.patterns))


def id_rule_broken(text: str, column: Column) -> RuleName | None:
    """Return the rule that one id breaks, which a folder or a line of a map names; None where it is fine."""
    id_ = pl.lit(text)
    damaged, other = pl.select(damaged=is_damaged(id_), other=breaks_pattern(id_, column)).row(0)
    if damaged:
        return RuleName.DAMAGED_ID
    return RuleName.ID_PATTERN if other else None


def _composed(text: pl.Expr) -> pl.Expr:
    """Return ids as they are pseudonymised: without outer white space, in Unicode NFC."""
    return text.str.strip_chars().str.normalize("NFC")
