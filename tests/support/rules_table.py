"""The table of rules in `docs/bad-input.md`, made from the rules' own texts: `python -m tests.support.rules_table`."""

from pathlib import Path

from analytics.vault.validation.rule_names import RuleName

PAGE = Path(__file__).parents[2] / "docs" / "bad-input.md"

_HEAD = "| rule | columns | what happened | what to do |\n| --- | --- | --- | --- |\n"


def rules_table() -> str:
    """Return the table, one line per rule in the order in which they are declared."""
    return _HEAD + "".join(
        f"| `{rule.value}` | {rule.columns or '-'} | {rule.happened} | {rule.action} |\n" for rule in RuleName
    )


def with_table(page: str) -> str:
    """Return the page with today's table in the place of the one that it has."""
    before, rest = page.split(_HEAD)
    rows = rest.split("\n")
    end = next(number for number, row in enumerate(rows) if not row.startswith("|"))
    return before + rules_table() + "\n".join(rows[end:])


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), "utf-8")
