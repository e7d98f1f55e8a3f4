"""An entry's stored JSON is read once into frozen, checked values; what older entries do not hold is None."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from analytics.canonical import canonical_json
from analytics.errors import StoreDamagedError
from analytics.periods import Period
from analytics.store.body import RENDERER, HeadlineKind
from analytics.store.chain import Entry
from analytics.trends.publication.card import card_json, card_of
from analytics.trends.publication.rendering import rendered
from tests.support.bodies import altered, body_of, entry_of
from tests.support.releases import Home, new_home

SINCE = {
    "body": ("horizon", "accounting", "rebase", "plan_cap_nano", "counted_versions", "renderer", "drawn_at"),
    "measures": ("looks_back_weeks", "parameters", "definition", "least_data"),
    "tables": ("integers", "reads_from"),
}
"""The facts that entries of some earlier program do not hold."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home with one release."""
    made = new_home(tmp_path / "home")
    made.draw("2024-W10")
    return made


@pytest.fixture
def entry(home: Home) -> Entry:
    """Return the release's entry."""
    with home.open() as ledger:
        (drawn,) = ledger.entries()
    return drawn


def first_kind(entry: Entry) -> dict[str, Any]:
    """Return the body as a program of before would have stored it."""
    body = {name: value for name, value in body_of(entry).items() if name not in SINCE["body"]}
    for part in ("measures", "tables"):
        body[part] = [{name: value for name, value in one.items() if name not in SINCE[part]} for one in body[part]]
    return body | {"kind": "release/1"}


def test_a_drawn_body_is_read_as_it_was_written(entry: Entry) -> None:
    """Read and written again it is the same text: nothing is lost, and nothing is added."""
    assert entry.body.text == entry.text
    assert entry.body.renderer == RENDERER
    assert entry.period_ == Period.parse(entry.period)
    kinds = [one.kind for one in entry.body.measure("mood").headlines]
    assert kinds == [HeadlineKind.PEOPLE, HeadlineKind.SHARE, HeadlineKind.MEAN]
    with pytest.raises(ValidationError):
        entry.body.loss_nano = 0  # frozen: that is the test


def test_facts_that_an_older_entry_does_not_hold_are_none(home: Home, entry: Entry) -> None:
    """It is accounted for and published all the same, and its card leaves them out."""
    old = altered(entry, first_kind(entry))
    assert all(getattr(old.body, name) is None for name in SINCE["body"])
    assert all(getattr(one, name) is None for one in old.body.measures for name in SINCE["measures"])
    assert all(getattr(one, name) is None for one in old.body.tables for name in SINCE["tables"])
    assert old.plan_cap_nano == old.cap_nano
    assert not any(f'"{name}"'.encode() in card_json(card_of(old)) for name in ("counted_versions", *SINCE["measures"]))
    with home.open() as ledger:
        cells = ledger.cells(entry)
    ((_, now),) = rendered([entry], lambda _: cells)
    ((_, then),) = rendered([old], lambda _: cells)
    assert then["measures.csv"] == now["measures.csv"]


def test_a_fact_of_a_later_program_is_left_alone(entry: Entry) -> None:
    """A key that this program does not know changes no value, and the hash is of the whole text."""
    later = entry_of({**body_of(entry), "colour": "blue"})
    assert later.body == entry.body
    assert later.hash != entry_of(body_of(entry)).hash


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("loss_nano", 1.5),  # a loss is an integer
        ("loss_nano", "31415"),
        ("loss_nano", True),
        ("cap_nano", None),
        ("charge_year", None),
        ("tables", [{"measure": "mood", "dimensions": [], "loss_nano": "31415"}]),
        ("tables", {}),
        ("counted_versions", "31415"),
    ],
)
def test_a_wrong_fact_is_damage_when_the_ledger_is_opened(home: Home, name: str, value: object) -> None:
    """The message says which fact it is, and no value."""
    with home.open() as ledger:
        (drawn,) = ledger.entries()
    second = Entry.chained(2, drawn.hash, canonical_json({**body_of(drawn), "period": "2024-W11", name: value}))
    with closing(sqlite3.connect(home.ledger)) as connection, connection:
        row = (2, second.product, second.period, 0, second.text, second.previous_hash, second.hash)
        connection.execute("INSERT INTO release_entry VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    with pytest.raises(StoreDamagedError, match=rf"Entry 2 .*{name}") as refusal, home.open():
        pass
    assert "31415" not in f"{refusal.value.message} {refusal.value.action}"


def test_a_headline_of_an_unknown_kind_is_not_guessed(entry: Entry) -> None:
    """Neither from its weights nor from the beginning of a text."""
    body = body_of(entry)
    body["measures"][0]["headlines"][0]["kind"] = "peoples"
    with pytest.raises(StoreDamagedError, match=r"measures\.0\.headlines\.0\.kind"):
        _ = entry_of(body).body
