"""Modelled numbers of another machine agree within a tolerance; keys, states, words and spelling agree exactly."""

import io
import json
import math
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from analytics.contracts import Contracts
from analytics.store.body import RENDERER
from analytics.trends.publication.card import card_of
from analytics.trends.publication.manifest import json_bytes
from analytics.trends.publication.modelled_sentences import Worded
from tests.support.forged_files import changed, files, folder, published, rehash, verified, write
from tests.support.releases import Home, new_home
from tests.support.rendered_once import rendered_once

__all__ = ["rendered_once"]  # the fixture
pytestmark = pytest.mark.usefixtures("rendered_once")


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory, contracts: Contracts) -> Home:
    """Return a home with seven published weeks, which stays as it is."""
    home = new_home(tmp_path_factory.mktemp("modelled") / "home")
    home.draw(*(f"2024-W{week:02d}" for week in range(1, 8)))
    published(home, contracts)
    return home


@pytest.fixture
def modelled(seven: Home, tmp_path: Path) -> Home:
    """Return a copy to alter."""
    return Home(Path(shutil.copytree(seven.folder, tmp_path / "copy")))


@pytest.mark.parametrize("by", [0.0009, -0.0009, 0.0012, math.nan])
@pytest.mark.parametrize(
    ("name", "column"), [("modelled", "shown_low"), ("modelled", "since_4_simultaneous_high"), ("past", "value")]
)
def test_another_machine_s_modelled_numbers_are_close(
    modelled: Home, contracts: Contracts, name: str, column: str, by: float
) -> None:
    """The last bits of long sums differ between processors: a number within 0.001 stays, one beyond it is found."""
    is_found = not abs(by) <= 0.001
    path = folder(modelled, "2024-W07") / f"{name}.parquet"
    changed(path, column, lambda value: value + by)
    reworded(modelled, path)
    rehash(modelled, "2024-W07", {"renderer": RENDERER})
    assert ("published files" in verified(modelled)) == is_found
    before = files(modelled)
    published(modelled, contracts)
    assert (files(modelled) != before) == is_found


def reworded(home: Home, path: Path) -> None:
    """Give every row of `modelled` the sentence of its numbers, as the machine that made it would have."""
    frame = pl.read_parquet(io.BytesIO(path.read_bytes()))
    if path.stem == "modelled" and not any(frame[name].is_nan().any() for name in frame.columns if "low" in name):
        with home.open() as ledger:
            entry = ledger.entries()[-1]
        worded = Worded(entry, card_of(entry))
        sentences = [
            row["sentence"] if row["value"] is None else worded.sentence(row) for row in frame.iter_rows(named=True)
        ]
        write(path, frame.with_columns(sentence=pl.Series(sentences)))


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("state", lambda _: pl.lit("displayed")),
        ("cohort", lambda _: pl.lit("all")),
        ("sentence", lambda value: value + " It does."),
        ("people", lambda _: pl.lit(None, pl.Float64)),
        ("revision", lambda value: value + 1),
    ],
)
def test_keys_states_and_words_of_modelled_figures_are_exact(
    modelled: Home, column: str, change: Callable[[pl.Expr], pl.Expr]
) -> None:
    """A state that is another is found, and so is a sentence that is not that of its row's numbers."""
    changed(folder(modelled, "2024-W07") / "modelled.parquet", column, change)
    rehash(modelled, "2024-W07", {"renderer": RENDERER})
    assert "published files" in verified(modelled)


@pytest.mark.parametrize("name", ["modelled.csv", "past.csv"])
def test_a_modelled_csv_says_what_its_own_table_says(modelled: Home, name: str) -> None:
    """However little it differs: the table is what is compared with the model."""
    path = folder(modelled, "2024-W07") / name
    text = path.read_text()
    path.write_text(re.sub(r"(\.\d\d\d)\d,", r"\g<1>,", text, count=1))
    assert path.read_text() != text
    rehash(modelled, "2024-W07", {"renderer": RENDERER})
    assert "published files" in verified(modelled)


def test_the_parameters_in_force_are_close_in_one_spelling(modelled: Home) -> None:
    """A setting may count a little more on another machine; another number, name or spelling is found."""
    path = folder(modelled, "2024-W07") / "model.json"
    for by, is_found in ((0.0009, False), (0.0012, True)):
        said = json.loads(path.read_text())
        said["measures"]["mood"]["tables"]["all"]["people"][0] += by
        path.write_bytes(json_bytes(said))
        rehash(modelled, "2024-W07", {"renderer": RENDERER})
        assert ("published files" in verified(modelled)) == is_found
        said["measures"]["mood"]["tables"]["all"]["people"][0] -= by
        path.write_bytes(json_bytes(said))
    for damaged in (
        {**said, "format": True},
        {**said, "more": 1},
        {**said, "settings": {**said["settings"], "people": said["settings"]["people"][1:]}},
    ):
        path.write_bytes(json_bytes(damaged))
        rehash(modelled, "2024-W07", {"renderer": RENDERER})
        assert "published files" in verified(modelled)
    path.write_bytes(json_bytes(said).replace(b'"format": 1', b'"format":  1'))
    rehash(modelled, "2024-W07", {"renderer": RENDERER})
    assert "published files" in verified(modelled)
