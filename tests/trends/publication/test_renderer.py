"""Released files keep their bytes: a program with other words leaves them, and still finds altered numbers.

`tests/published/renderer_1.tar.xz` is a ledger with its head and two published weeks, made by the last program whose
manifests named no renderer.
"""

import io
import json
import re
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from analytics.canonical import canonical_json, sha256_hex
from analytics.cells import NoisyCells
from analytics.contracts import Contracts, FrozenMeasure
from analytics.periods import Period
from analytics.release.draw import described
from analytics.store.body import RENDERER
from analytics.store.chain import GENESIS, Entry
from analytics.trends.publication import agreement, publish, rendering, rows, verify
from analytics.trends.publication.modelled_columns import MODELLED_SCHEMA, PAST_SCHEMA
from analytics.trends.publication.published import Published
from tests.support.forged_files import changed, files, folder, published, rehash, renderer_of, verified, write
from tests.support.releases import PRODUCT, Home
from tests.support.rendered_once import rendered_once
from tests.support.sized import exact, grid_of, plan_of

__all__ = ["rendered_once"]  # the fixture
pytestmark = pytest.mark.usefixtures("rendered_once")

OLD = Path(__file__).parents[2] / "published" / "renderer_1.tar.xz"

WORDED = {
    2: "96b7996f166a146d718bb67d332a4031c4dfd96dba4f7dc3850ff8e186053faa",
    3: "203277c689d0e5d71755ec66e71a1f51aa9a1e498951a39e1caa450035978a67",
}
"""By renderer, the SHA-256 of all texts and columns of the golden weeks.

Did a sentence or a column change? If no version of the program that people have used this renderer, store the new hash.
Otherwise raise `RENDERER` in `analytics/store/body.py` by one and add its hash here; put added columns into
`ADDED_COLUMNS`; and list in CHANGELOG.md what changed."""

MODELLED_TEXTS = {name for name, kind in MODELLED_SCHEMA.items() if kind != pl.Float64}

OTHER_WORDS = "withheld, in the words of a later program"


@pytest.fixture
def old(tmp_path: Path) -> Home:
    """Return the home that an earlier program published."""
    with tarfile.open(OLD) as packed:
        packed.extractall(tmp_path / "old", filter="data")
    return Home(tmp_path / "old")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what turns this program into a later one, with other words and the next number."""

    def turn() -> None:
        monkeypatch.setattr(rows, "TOO_UNCERTAIN", OTHER_WORDS)
        for module in (publish, verify):
            monkeypatch.setattr(module, "rendered", rendering.rendered)  # what was rendered before has the old words
        for module in (rendering, agreement, verify):
            monkeypatch.setattr(module, "RENDERER", RENDERER + 1)
        monkeypatch.setattr("analytics.release.draw.RENDERER", RENDERER + 1)

    return turn


def test_a_home_that_an_earlier_program_published_keeps_its_bytes_and_verifies(old: Home, contracts: Contracts) -> None:
    """Before and after a publish, and beside a release that this program words."""
    before = files(old)
    assert verified(old) == []
    published(old, contracts)
    assert files(old) == before
    assert verified(old) == []
    old.draw("2024-W12")
    published(old, contracts)
    assert [renderer_of(old, f"2024-W{week}") for week in (10, 11, 12)] == [1, 1, RENDERER]
    after = files(old)
    assert before.items() < after.items()
    assert verified(old) == []


def test_new_words_are_for_new_releases(old: Home, contracts: Contracts, later: Callable[[], None]) -> None:
    """A program that words a reason differently leaves both older renderers' files, and words the next release."""
    old.draw("2024-W12")
    published(old, contracts)
    before = files(old)
    later()
    published(old, contracts)
    assert files(old) == before
    assert verified(old) == []
    old.draw("2024-W13")
    published(old, contracts)
    after = files(old)
    assert before.items() < after.items()
    worded = [OTHER_WORDS in (folder(old, f"2024-W{week}") / "measures.csv").read_text() for week in (10, 11, 12, 13)]
    assert worded == [False, False, False, True]
    assert verified(old) == []


@pytest.mark.parametrize("name", ["measures.csv", "README.md", "pairs.parquet", "manifest.json"])
@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_a_damaged_release_is_made_again_by_the_current_renderer(
    old: Home, contracts: Contracts, later: Callable[[], None], name: str, damage: str
) -> None:
    """Whole, and the same every time; the release beside it stays as it was."""
    later()
    before = files(old)
    path = folder(old) / name
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-2] + b"x\n")
    assert verified(old)
    published(old, contracts)
    assert [renderer_of(old, week) for week in ("2024-W10", "2024-W11")] == [1, RENDERER + 1]
    assert OTHER_WORDS in (folder(old) / "measures.csv").read_text()
    made = files(old)
    assert {one: data for one, data in made.items() if "W10" in one}.items() < before.items()
    assert verified(old) == []
    shutil.rmtree(folder(old))
    published(old, contracts)
    assert files(old) == made


MODELLED = ("modelled.parquet", "modelled.csv", "past.parquet", "past.csv", "model.json")
"""The files that renderer 3 added."""


def test_a_release_of_an_earlier_renderer_has_the_files_of_its_time(old: Home, contracts: Contracts) -> None:
    """It has no modelled figures, and a reader gets an empty table; the next release looks back at it all the same."""
    old.draw("2024-W12")
    published(old, contracts)
    assert [[(folder(old, f"2024-W{week}") / name).exists() for name in MODELLED] for week in (10, 11, 12)] == [
        *([[False] * 5] * 2),
        [True] * 5,
    ]
    said = json.loads((folder(old, "2024-W12") / "model.json").read_text())
    assert said["measures"]["mood"]["periods"] == ["2024-W10", "2024-W12"]
    opened = Published.open(old.published)
    for one in opened.releases(PRODUCT):
        is_new = one.period == "2024-W12"
        assert opened.modelled(one).height == (opened.measures(PRODUCT).filter(period="2024-W12").height * is_new)
        assert (opened.past(one).height > 0) == is_new
        assert (opened.modelled(one).columns, opened.past(one).columns) == (list(MODELLED_SCHEMA), list(PAST_SCHEMA))


@pytest.mark.parametrize("removed", [MODELLED, *((name,) for name in MODELLED)])
@pytest.mark.parametrize("said", [{"renderer": RENDERER}, {"renderer": 2}, {}])
def test_modelled_files_cannot_be_left_out(
    old: Home, contracts: Contracts, removed: tuple[str, ...], said: dict[str, object]
) -> None:
    """Not under this renderer's number, nor under an earlier one: the chained entry names the renderer of the draw."""
    old.draw("2024-W12")
    published(old, contracts)
    whole = files(old)
    forged(old, removed, said)
    assert "published files" in verified(old)
    published(old, contracts)
    assert files(old) == whole


def forged(home: Home, removed: tuple[str, ...], said: dict[str, object]) -> None:
    """Remove files of the newest release, from its manifest, too."""
    path = folder(home, "2024-W12") / "manifest.json"
    manifest = json.loads(path.read_text())
    for name in removed:
        (path.parent / name).unlink()
        del manifest["files"][name]
    path.write_text(json.dumps(manifest, indent=1) + "\n")
    rehash(home, "2024-W12", said)


FORGED = [
    ("measures.parquet", "estimate"),
    ("measures.parquet", "since_previous_at_once_low"),
    ("measures.parquet", "people"),
    ("pairs.parquet", "difference"),
    ("signals.parquet", "revision"),
    ("cells.parquet", "value_micro_persons"),
    ("cells.parquet", "sigma_micro_persons"),
]


@pytest.mark.parametrize(("name", "column"), FORGED)
@pytest.mark.parametrize("said", [{}, {"renderer": RENDERER}, {"renderer": RENDERER + 1}])
def test_altered_numbers_are_found_whatever_renderer_the_manifest_names(
    old: Home, contracts: Contracts, name: str, column: str, said: dict[str, object]
) -> None:
    """With all hashes made to match, and table and CSV alike: the cells give other numbers. A publish mends it."""
    changed(folder(old) / name, column, lambda value: value + 1)
    rehash(old, said=said)
    assert "published files" in verified(old) or "noisy cells" in verified(old)
    published(old, contracts)
    assert renderer_of(old, "2024-W11") == RENDERER
    assert verified(old) == []


@pytest.mark.parametrize(("name", "column"), [("measures.parquet", "cohort"), ("measures.parquet", "reliability")])
def test_keys_and_states_are_numbers_too(old: Home, name: str, column: str) -> None:
    """A figure of another group, or one that is called reliable, is no other wording."""
    changed(folder(old) / name, column, lambda _: pl.lit("ok"))
    rehash(old)
    assert "published files" in verified(old)


def test_a_csv_says_what_its_table_says(old: Home) -> None:
    """A number that is altered in the CSV alone is found, too."""
    path = folder(old) / "measures.csv"
    text = path.read_text()
    path.write_text(text.replace(",people,persons,", ",people,persons,1", 1))
    assert path.read_text() != text
    rehash(old)
    assert "published files" in verified(old)


@pytest.mark.parametrize("place", [("promise", "rho_cap"), ("loss", "rho"), ("display", "floor_people")])
def test_an_older_card_has_the_right_numbers(old: Home, place: tuple[str, str]) -> None:
    """Of the card only the sentences of the promise may be others."""
    path = folder(old) / "card.json"
    card = json.loads(path.read_text())
    card["promise"]["words"] = "Other words."
    path.write_text(json.dumps(card, indent=1) + "\n")
    rehash(old)
    assert verified(old) == []
    card[place[0]][place[1]] = 0.125
    path.write_text(json.dumps(card, indent=1) + "\n")
    rehash(old)
    assert "published files" in verified(old)


FORGED_CARDS: dict[str, Callable[[str], str]] = {
    "a loss twice": lambda text: text.replace('"loss": {', '"loss": {\n  "rho": 0.0,', 1),
    "true for one": lambda text: text.replace('"format": 1', '"format": true', 1),
    "numbers as words": lambda text: re.sub(r'"horizon": "[^"]*"', '"horizon": {"rho": 0.0}', text, count=1),
}


@pytest.mark.parametrize("forged", FORGED_CARDS)
def test_an_older_card_is_spelled_in_one_way(old: Home, forged: str) -> None:
    """What reads as the right number here must not read as another one in the next program."""
    path = folder(old) / "card.json"
    text = path.read_text()
    path.write_text(FORGED_CARDS[forged](text))
    assert path.read_text() != text
    rehash(old)
    assert "published files" in verified(old)


@pytest.mark.parametrize(
    "change", [lambda frame: frame.drop("estimate"), lambda frame: frame.with_columns(estimate_2=pl.lit(1.0))]
)
def test_an_older_table_has_its_columns_and_no_other(old: Home, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """A column that is gone could not be compared, and nothing vouches for one that is new."""
    path = folder(old) / "measures.parquet"
    write(path, change(pl.read_parquet(io.BytesIO(path.read_bytes()))))
    rehash(old)
    assert "published files" in verified(old)


def test_the_texts_of_an_earlier_renderer_are_vouched_for_by_their_hash_alone(old: Home) -> None:
    """An altered sentence is found by its hash; whoever alters the manifest, too, is not found out in these texts."""
    path = folder(old) / "README.md"
    path.write_text(path.read_text().replace("Nothing about any one person", "Much about any one person"))
    assert "published files" in verified(old)
    rehash(old)
    assert verified(old) == []


@pytest.mark.parametrize("said", [{}, {"renderer": 1}])
def test_a_release_of_this_renderer_cannot_pass_for_an_older_one(
    old: Home, contracts: Contracts, said: dict[str, object]
) -> None:
    """The entry, which is chained, names the renderer of the draw: altered words are found, though a manifest lies."""
    old.draw("2024-W12")
    published(old, contracts)
    path = folder(old, "2024-W12") / "README.md"
    path.write_text(path.read_text().replace("nothing about any one person", "much about any one person"))
    rehash(old, "2024-W12", said)
    assert "published files" in verified(old)
    published(old, contracts)
    assert "nothing about any one person" in path.read_text()
    assert verified(old) == []


@pytest.mark.parametrize("said", [0, -1, RENDERER + 1, True, "1", 1.0, None])
def test_a_renderer_that_this_program_does_not_know_is_damage(old: Home, contracts: Contracts, said: object) -> None:
    """A number of the future, or no number, is not taken for an earlier one; a publish makes the release again."""
    rehash(old, said={"renderer": said})
    assert "published files" in verified(old) or "published files can be read" in verified(old)
    published(old, contracts)
    assert renderer_of(old, "2024-W11") == RENDERER
    assert verified(old) == []


def golden() -> tuple[list[Entry], dict[int, NoisyCells]]:
    """Return fourteen weeks with public sizes and numbers that are always the same; mood falls in the last."""
    tables = plan_of().products[PRODUCT].tables["mood"]
    names = ["_by_".join(table) or "all" for table in tables]
    noise = FrozenMeasure(basis=((1, 0, 0), (0, 1, 0), (0, 0, 1)), sigma=dict.fromkeys(names, 9_000_000))
    plan = plan_of().model_copy(update={"frozen": {PRODUCT: {"mood": noise}}})
    period, entries, cells = Period.parse("2024-W01"), list[Entry](), dict[int, NoisyCells]()
    fixed = {"versions": {}, "plan_fingerprint": "", "epsilon_cap": {"1e-06": 3.55}, "epsilon_spent": {"1e-06": 0.3}}
    for week in range(14):
        low = 1000 if week == 13 else 400  # a noise of 9 people does not reach so far
        people: dict[tuple[str, ...], tuple[int, int, int]] = {
            (region, age): (low, 500, 600) for region in ("north", "south") for age in ("young", "old")
        }
        people["unknown", "unknown"] = (32, 32, 32)  # too few for a week, enough for four
        whole = exact(people)
        body = described(plan, grid_of(), PRODUCT, period).model_copy(update={**fixed, "cap_nano": 250_000_000})
        entry = Entry.chained(week + 1, entries[-1].hash if entries else GENESIS, body.text)
        cells[entry.sequence] = NoisyCells(
            {
                key: tuple(
                    value + 500_000 * ((place * 7 + week * 5) % 37 - 18)
                    for place, value in enumerate(whole.reveal(key))
                )
                for key in entry.tables
            }
        )
        entries.append(entry)
        period = period.next
    return entries, cells


def test_a_changed_text_or_column_needs_a_new_renderer() -> None:
    """All texts of fourteen golden weeks, and the columns of their tables, are those of this renderer."""
    entries, cells = golden()
    said: list[tuple[str, str]] = []
    sentences: set[tuple[str, str]] = set()
    for _, made in rendering.rendered(entries, lambda entry: cells[entry.sequence]):
        for name, data in sorted(made.items()):
            if name.endswith(".parquet"):
                frame = pl.read_parquet(io.BytesIO(data))
                said.append((name, str(dict(frame.schema))))
                kind = {"measures.parquet": "instead", "representation.parquet": "kind"}.get(name)
                if "sentence" in frame.columns:
                    worded = frame.filter(pl.col("sentence") != "")
                    sentences |= {(name, one) for one in (worded[kind] if kind else [""] * min(worded.height, 1))}
            elif name == "manifest.json":
                said.append((name, str(list(json.loads(data)))))
            elif name == "model.json":
                said.append((name, str({**json.loads(data), "measures": None})))
            elif name in {"modelled.csv", "past.csv"}:  # the last digits of modelled numbers are a machine's own
                frame = pl.read_csv(data, infer_schema=False)
                texts = [one for one in frame.columns if one in {*MODELLED_TEXTS, "of_period"}]
                said.append((name, frame.select(texts).write_csv()))
            else:
                said.append((name, data.decode()))
    assert sentences == {
        *(("measures.parquet", kind) for kind in ("", "four_weeks", "parent")),
        *(("representation.parquet", kind) for kind in ("coverage", "weighted")),
        *((f"{name}.parquet", "") for name in ("pairs", "signals", "outlook", "modelled")),
    }
    assert (RENDERER, sha256_hex(canonical_json(said))) == max(WORDED.items())
