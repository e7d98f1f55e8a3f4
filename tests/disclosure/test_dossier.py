"""The privacy dossier: its numbers are computed, and everything that it points to is there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from analytics.contracts import NANO
from analytics.disclosure.dossier import (
    evidence_block,
    with_block,
    with_evidence,
)
from analytics.disclosure.others import others
from analytics.errors import UnforeseenError
from analytics.evidence import Evidence
from analytics.odds import _ORDERS, odds, promise_in_words
from pipelines.cli import main
from tests.support import regenerate_dossier
from tests.support.regenerate_dossier import DOCS, measures_page, promise_page, shipped

ROOT = Path(__file__).parents[2]
FOLDER = DOCS / "privacy"
PAGES = ("promise", "attack-model", "proof", "evidence", "reviewers-guide")
LEMMAS = tuple(f"L{number}" for number in range(1, 11))

ROW: dict[str, Any] = {
    "name": "lower bound on epsilon",
    "shows": "a | b",
    "trials": 20000,
    "seed": 7,
    "result": "3.1",
    "bound": "at most 3.55",
    "passed": True,
}


def page(name: str) -> str:
    """Return a page of the dossier."""
    return (FOLDER / f"{name}.md").read_text("utf-8")


def test_the_promise_s_numbers_are_those_of_the_plans() -> None:
    """Odds, epsilon, losses and the lattice gap on the page are what plans and code give."""
    assert page("promise") == promise_page(), "run `make dossier` and read what changed"


def test_the_promise_is_said_as_everywhere() -> None:
    """The page opens with the promise in its own words, and the prose around its tables has the same numbers."""
    cap = shipped("standard").plan.cap_nano
    quoted = " ".join(line.removeprefix("> ") for line in page("promise").splitlines() if line.startswith("> "))
    assert quoted == promise_in_words(cap)
    one, three, five = odds(cap)
    result = " ".join(page("reviewers-guide").split())
    assert f"may be wrong about {one.guessing} of the others" in result
    assert f"year about {one.recognised_in_100} at most; after five years {five.recognised_in_100}." in result
    assert f"{three.recognised_in_100_by_zcdp_alone} | {three.guessing} |" in page("promise")
    assert f"all of {len(_ORDERS)} orders" in page("promise")
    assert f"rho {cap / 1e9:g} a participant" in page("evidence")
    assert f"rho {cap / 1e9:g} about one person and year" in result


def test_the_page_of_measures_has_the_odds_of_others_that_the_small_plan_gives() -> None:
    """Its example of `murmuration plan --plan small` says of households and of one entry what the command says."""
    result = " ".join((ROOT / "docs" / "measures.md").read_text("utf-8").split())
    for each in others(shipped("small").plan):
        both = f"{each.odds.recognised_in_100} {each.odds.recognised_in_100_by_zcdp_alone}"
        assert f"{each.whom} {both} rho {each.rho_nano / NANO:.9f}" in result, "run the page's `murmuration plan` again"


def test_the_page_of_measures_has_the_half_widths_that_the_standard_plan_gives() -> None:
    """What modelled figures will show after 1, 4 and 13 periods is what the program computes from the plan."""
    assert (DOCS / "measures.md").read_text("utf-8") == measures_page(), "run `make dossier`"


def test_the_page_of_measures_shows_what_the_small_plan_answers(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Its example is the command's answer, line by line."""
    assert main(["--home", str(tmp_path / "none"), "plan", "--plan", "small", "--people", "600"]) == 0
    assert capsys.readouterr().out in (DOCS / "measures.md").read_text("utf-8"), "put the answer into the page"


def test_only_text_between_marks_is_made_again() -> None:
    """A page keeps its words; without its marks, or with two of them, it is not touched."""
    text = "before\n<!-- x: begin -->\nold\n<!-- x: end -->\nafter\n"
    made = with_block(text, "x", "new \\1")
    assert made == "before\n<!-- x: begin -->\n\nnew \\1\n\n<!-- x: end -->\nafter\n"
    assert with_block(made, "x", "new \\1") == made
    for wrong in ("no marks", text + text, "<!-- x: end --><!-- x: begin -->"):
        with pytest.raises(UnforeseenError):
            with_block(wrong, "x", "new")


def test_the_script_writes_the_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gives the shipped pages again, and puts an audit's rows into the evidence page, which keeps its words."""
    for constant in ("PARTICIPANTS", "PROMISE", "EVIDENCE", "MEASURES"):
        shipped_page = getattr(regenerate_dossier, constant)
        (tmp_path / shipped_page.name).write_bytes(shipped_page.read_bytes())
        monkeypatch.setattr(regenerate_dossier, constant, tmp_path / shipped_page.name)
    (tmp_path / "participants.md").write_text("old")
    (tmp_path / "evidence.json").write_text(json.dumps({"checks": [ROW]}))
    regenerate_dossier.main([str(tmp_path / "evidence.json")])
    assert (tmp_path / "participants.md").read_bytes() == (DOCS / "participants.md").read_bytes()
    assert (tmp_path / "promise.md").read_text("utf-8") == page("promise")
    assert (tmp_path / "evidence.md").read_text("utf-8") == with_evidence(page("evidence"), [ROW])


def test_evidence_becomes_a_table() -> None:
    """A row of a JSON file is a row of the table; what failed is seen; a bar in a text breaks no column."""
    rows = json.loads(json.dumps([ROW, {**ROW, "seed": None, "passed": False}]))
    lines = evidence_block([Evidence.model_validate(row) for row in rows]).splitlines()
    assert lines[0] == "| name | shows | trials | seed | result | bound | passed |"
    assert lines[2] == "| lower bound on epsilon | a \\| b | 20,000 | 7 | 3.1 | at most 3.55 | yes |"
    assert lines[3].endswith("| 20,000 | - | 3.1 | at most 3.55 | **no** |")
    assert "\n".join(lines) in with_evidence(page("evidence"), rows)


@pytest.mark.parametrize("change", [{"trials": -1}, {"passed": "yes"}, {"result": " "}, {"more": 1}, {"seed": "7"}])
def test_evidence_is_whole_or_refused(change: dict[str, object]) -> None:
    """No row is incomplete."""
    with pytest.raises(ValidationError):
        with_evidence(page("evidence"), [{**ROW, **change}])


@pytest.mark.parametrize("name", PAGES)
def test_every_test_that_a_page_names_exists(name: str) -> None:
    """A test named as evidence is there to be run."""
    everything = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^(?:async )?def (test_\w+)\(", everything, re.MULTILINE))
    named = set(re.findall(r"`(test_\w+)`", page(name)))
    assert sorted(named - there) == []
    least = {"attack-model": 40, "proof": 20, "evidence": 35}
    assert len(named) >= least.get(name, 0)


def test_every_hazard_names_a_test() -> None:
    """No line of the table of hazards is without what holds it."""
    table = page("attack-model").split("## Hazards")[1].split("## Out of scope")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 25
    assert [row for row in rows if not re.search(r"\| `test_\w+`(, `test_\w+`)* \|$", row)] == []


def test_every_lemma_is_named_at_its_code() -> None:
    """Each lemma is proved once, and its number is in a comment of each file that the page names for it."""
    text = page("proof")
    rows = dict(re.findall(r"^\| (L\d+) \| (.*) \| .* \|$", text, re.MULTILINE))
    assert tuple(rows) == LEMMAS
    for lemma, cell in rows.items():
        assert len(re.findall(rf"^\*\*{lemma}\. ", text, re.MULTILINE)) == 1
        files = re.findall(r"`([\w/]+\.(?:py|sql))`", cell)
        assert files
        for file in files:
            comments = re.findall(r"(?:--|#) .*", (ROOT / file).read_text("utf-8"))
            assert any(re.search(rf"\b{lemma}\b", comment) for comment in comments), (lemma, file)
    for comment in sorted({found for path in _sources() for found in _numbers(path)}):
        assert comment in LEMMAS


def test_every_measure_says_its_lemma() -> None:
    """The SQL of each measure, those to come included, says that it keeps L1."""
    for path in (ROOT / "analytics" / "vault" / "sql" / "shares").glob("*.sql"):
        assert re.search(r"^-- L1: ", path.read_text("utf-8"), re.MULTILINE), path.name


def test_every_measure_is_listed_in_the_lemma() -> None:
    """By the way in which its SQL keeps L1, which the proof shows for each way: one of them, once."""
    lemma = page("proof").split("**L1. ")[1].split("**L2. ")[0]
    ways = dict(re.findall(r"^- \*([a-z ]+)\*: ((?:.|\n  )+)[;.]$", lemma, re.MULTILINE))
    says = {
        "votes": "floors of parts of a whole sum to at most the whole",
        "one place": "one unit in one category",
        "equal parts": "floors of parts of a whole sum to at most the whole",
    }
    assert ways.keys() == says.keys()
    found = [(way, name) for way, result in ways.items() for name in re.findall(r"`(\w+)`", result)]
    folder = ROOT / "analytics" / "vault" / "sql" / "shares"
    assert sorted(name for _, name in found) == sorted(path.stem for path in folder.glob("*.sql"))
    for way, name in found:
        assert f"-- L1: {says[way]} (" in (folder / f"{name}.sql").read_text("utf-8"), name


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_points_to_is_there(name: str) -> None:
    """Links lead to pages and headings that exist, and files that are named exist."""
    text = page(name)
    for target, anchor in re.findall(r"\]\(([\w./-]+\.md)(#[\w-]+)?\)", text):
        linked = (FOLDER / target).read_text("utf-8")
        headings = {
            re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-")
            for line in linked.splitlines()
            if line.startswith("#")
        }
        assert not anchor or anchor.removeprefix("#") in headings
    for file in re.findall(r"`((?:analytics|pipelines|dashboard|data_contracts)/[\w./]+\.\w+)`", text):
        assert (ROOT / file).is_file(), file


@pytest.mark.parametrize("name", PAGES)
def test_no_page_promises_more_than_is_so(name: str) -> None:
    """Nobody is called anonymous; where the words are used, they are a warning."""
    warned = "\n".join(part for part in page(name).split("*Red flag*")[:1])
    assert not re.search(r"anonym|impossible to identify|no risk|fully private|guaranteed privacy", warned)


def _sources() -> list[Path]:
    return [
        path
        for folder in ("analytics", "pipelines")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in {".py", ".sql"}
    ]


def _numbers(path: Path) -> list[str]:
    return re.findall(r"(?:--|#) .*\b(L\d+)\b.*docs/privacy/proof\.md", path.read_text("utf-8"))
