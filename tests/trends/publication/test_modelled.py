"""Modelled figures as they are published: of the releases before, in one line for as long as it is one measure."""

import io
import json
import re
from typing import Any

import polars as pl
import pytest

from analytics.contracts import Contracts, cohort_name, table_name
from analytics.trends.estimation.estimates import layout_of, noisy_of
from analytics.trends.estimation.figures import figures_of, weights_of
from analytics.trends.estimation.not_compared import STARTING
from analytics.trends.modelling.figures import modelled_figures
from analytics.trends.modelling.line import Line
from analytics.trends.publication.lines import Lines
from analytics.trends.publication.modelled_columns import DIFFERENCES, MODELLED_SCHEMA, PAST_SCHEMA
from tests.support.forbidden import FORBIDDEN, FORBIDDEN_WORDS
from tests.support.invented_releases import Release, files_of, ledger, weeks

KEYS = ["measure", "table", "cohort", "headline"]
MODELLED = ("modelled.parquet", "modelled.csv", "past.parquet", "past.csv", "model.json")


def made(releases: list[Release]) -> list[dict[str, bytes]]:
    """Return the files of every release."""
    return [files for _, files in files_of(releases)]


def table(files: dict[str, bytes], name: str) -> pl.DataFrame:
    """Return a table of a release."""
    return pl.read_parquet(io.BytesIO(files[f"{name}.parquet"]))


def numbers(files: dict[str, bytes]) -> list[tuple[object, ...]]:
    """Return the modelled rows, without what names the release and its words."""
    return table(files, "modelled").drop("period", "revision", "sentence").rows()


def states(files: dict[str, bytes]) -> set[str]:
    """Return the states of everybody's figures."""
    return set(table(files, "modelled").filter(table="all")["state"])


def row(files: dict[str, bytes], cohort: str = "all", headline: str = "low_share") -> dict[str, Any]:
    """Return one modelled row."""
    found = table(files, "modelled").filter(cohort=cohort, headline=headline).to_dicts()
    assert len(found) == 1
    return found[0]


def test_the_rows_are_the_model_s_figures_in_the_order_of_the_plain_ones() -> None:
    """Value, intervals, state and differences of each row are those of a line that is followed by hand."""
    releases = weeks(*range(1, 16))
    entries, cells = ledger(releases)
    line = Line.begun(weights_of(entries[0].body.measure("mood").headline("mean_mood"))[0])
    for entry in entries:
        line = line.taken(entry.period_, layout_of(entry, "mood"), noisy_of(entry, cells[entry.sequence], "mood"))
    body = entries[-1].body
    found = modelled_figures(line, body.measure("mood"), body.display)
    files = made(releases)[-1]
    frame = table(files, "modelled")
    assert frame.select(KEYS).equals(table(files, "measures").select(KEYS))
    assert len(found) == frame.height
    for figure, published in zip(found, frame.to_dicts(), strict=True):
        assert table_name(figure.table) == published["table"]
        cohort = tuple(body.keys[name][place] for name, place in zip(figure.table, figure.cell, strict=True))
        assert cohort_name(cohort) == published["cohort"]
        assert (figure.headline, figure.state) == (published["headline"], published["state"])
        for name in ("value", "low", "high", "shown_low", "shown_high", "people", "own_share"):
            assert published[name] == pytest.approx(getattr(figure, name), abs=5.1e-5)
        for name in DIFFERENCES:
            difference = getattr(figure, name)
            assert (published[name] is None) == (difference is None)
            if difference is not None:
                assert published[name] == pytest.approx(difference.value, abs=5.1e-5)
                for end in ("low", "high", "simultaneous_low", "simultaneous_high"):
                    assert published[f"{name}_{end}"] == pytest.approx(getattr(difference, end), abs=5.1e-5)
    assert {"displayed", "withheld"} <= set(frame["state"])
    assert all(frame[name].drop_nulls().len() for name in DIFFERENCES)


def test_modelled_groups_add_up_to_everybody() -> None:
    """Regions and ages in people and in every category; to the four decimals that are published."""
    frame = table(made(weeks(*range(1, 7)))[-1], "modelled")
    for dimension in ("region", "age"):
        everyone, groups = (
            frame.filter(table=name).pivot("headline", index="cohort", values="value") for name in ("all", dimension)
        )
        (everybody,) = everyone.to_dicts()
        assert groups["people"].sum() == pytest.approx(everybody["people"], abs=0.001)
        for name in ("low_share", "mean_mood"):
            whole = everybody["people"] * everybody[name]
            assert (groups["people"] * groups[name]).sum() == pytest.approx(whole, abs=1e-3 * everybody["people"])


def test_files_are_the_same_every_time_and_a_later_release_changes_none() -> None:
    """No figure of a later release enters an earlier one: a ledger that goes on gives the same bytes up to there."""
    releases = weeks(1, 2, 3, 5, 6)
    whole = made(releases)
    assert made(releases) == whole
    for number in range(1, len(releases)):
        assert made(releases[:number]) == whole[:number]


def test_a_revision_rests_on_the_releases_before_its_period_and_takes_its_place() -> None:
    """Its figures are those of a ledger without the first draw of its period, and so are those of the next week."""
    revised = Release("2024-W04", revision=1)
    with_both = made([*weeks(1, 2, 3, 4), revised, *weeks(5)])
    without = made([*weeks(1, 2, 3), revised, *weeks(5)])
    assert numbers(with_both[4]) == numbers(without[3])
    assert numbers(with_both[5]) == numbers(without[4])
    assert numbers(with_both[4]) != numbers(with_both[3])


@pytest.mark.parametrize("late", [Release("2024-W04"), Release("2024-W03", revision=1)])
def test_what_is_drawn_late_rests_on_the_releases_before_it_and_changes_no_other(late: Release) -> None:
    """A week that was left out, and a revision of an old week: each is modelled as if nothing later were there."""
    earlier = [one for one in weeks(1, 2, 3) if one.period < late.period]
    with_late = made([*weeks(1, 2, 3, 5), late, *weeks(6)])
    assert numbers(with_late[4]) == numbers(made([*earlier, late])[-1])
    assert with_late[5]["modelled.csv"] == made(weeks(1, 2, 3, 5, 6))[-1]["modelled.csv"]


def test_a_missing_period_is_allowed() -> None:
    """Changes are counted in periods of the calendar, and a gap makes an older release say less."""
    across, along = (row(made(weeks(*numbers))[-1]) for numbers in ((1, 2, 3, 7), (4, 5, 6, 7)))
    assert across["since_4"] is not None  # from W03
    assert along["since_4"] is None
    assert across["own_share"] > along["own_share"]


def changed_measure(**changes: object) -> dict[str, object]:
    """Return a body in which the measure is another."""
    (entry,), _ = ledger(weeks(1))
    return {"measures": (entry.body.measure("mood").model_copy(update=changes),)}


def other_weights() -> dict[str, object]:
    """Return a body in which the mean has other weights."""
    (entry,), _ = ledger(weeks(1))
    headlines = tuple(
        one.model_copy(update={"weights": (0, 40, 100)}) if one.name == "mean_mood" else one
        for one in entry.body.measure("mood").headlines
    )
    return changed_measure(headlines=headlines)


@pytest.mark.parametrize(
    "change",
    [
        {"rebase": (("2024-W04", "Another question"),)},
        changed_measure(parameters={"least": 3}),
        changed_measure(categories=(("a", "A"), ("b", "B"), ("d", "D"))),
        other_weights(),
    ],
    ids=["a declared break", "a parameter", "a category", "a headline's weights"],
)
def test_a_measure_begins_again_where_it_is_no_longer_the_same(change: dict[str, object]) -> None:
    """From then on its figures are those of a ledger that began there; the releases before stay as they were."""
    after = [Release(f"2024-W{number:02d}", body=change) for number in (4, 5, 6)]
    whole = made([*weeks(1, 2, 3), *after])
    assert [numbers(files) for files in whole[3:]] == [numbers(files) for files in made(after)]
    assert whole[:3] == made(weeks(1, 2, 3))
    assert [states(files) for files in whole[3:]] == [{"too_little_history"}] * 2 + [{"displayed"}]


def test_a_measure_begins_again_after_one_release_too() -> None:
    """With its own weights of the mean: the line that had begun before is of no use."""
    after = [Release(f"2024-W{number:02d}", body=other_weights()) for number in (4, 5, 6)]
    assert [numbers(files) for files in made([*weeks(3), *after])[1:]] == [numbers(files) for files in made(after)]


def test_a_break_that_is_declared_afterwards_counts_from_the_next_release_on() -> None:
    """The release rests on those since the break, though earlier releases had gone on across it."""
    declared = Release("2024-W06", body={"rebase": (("2024-W03", "Another question"),)})
    assert numbers(made([*weeks(1, 2, 3, 4, 5), declared])[-1]) == numbers(made([*weeks(3, 4, 5), declared])[-1])


def test_other_noise_and_other_texts_go_on_in_the_same_line() -> None:
    """A changed sigma, basis or label makes no new measure: the release rests on those before it."""
    texts = changed_measure(label="Another label", least_data="Two entries.")
    basis = changed_measure(basis=((1, 0, 0), (1, 1, 0), (1, 1, 1)))
    for other in (Release("2024-W04", sigma=8), Release("2024-W04", body=texts), Release("2024-W04", body=basis)):
        whole = made([*weeks(1, 2, 3), other])
        assert states(whole[-1]) == {"displayed"}
        assert json.loads(whole[-1]["model.json"])["measures"]["mood"]["releases"] == 4


def test_a_period_that_is_compared_with_no_other_is_not_followed() -> None:
    """A look-back that reaches before the first release: no figure, but the reason; and no later one rests on it."""
    looks_back = changed_measure(looks_back_weeks=2)
    releases = [Release(f"2024-W{number:02d}", body=looks_back) for number in range(1, 7)]
    whole = made(releases)
    for files in whole[:2]:
        frame = table(files, "modelled")
        assert set(frame["state"]) == {"too_little_history"}
        assert frame["value"].null_count() == frame.height
        assert all(STARTING in sentence for sentence in frame["sentence"])
        assert table(files, "past").height == 0
        assert json.loads(files["model.json"])["measures"]["mood"]["releases"] == 0
    assert [states(files) for files in whole[2:]] == [{"too_little_history"}] * 2 + [{"displayed"}] * 2
    assert json.loads(whole[-1]["model.json"])["measures"]["mood"]["periods"] == ["2024-W03", "2024-W06"]


def test_the_next_release_is_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release next in order, and a revision of the newest, are not modelled from the beginning."""
    steps = 0
    taken = Line.taken

    def counted(self: Line, *release: object) -> Line:
        nonlocal steps
        steps += 1
        return taken(self, *release)  # type: ignore[arg-type]

    monkeypatch.setattr(Line, "taken", counted)
    entries, cells = ledger([*weeks(1, 2, 3, 4), Release("2024-W04", revision=1), *weeks(5)])
    lines = Lines(lambda entry: cells[entry.sequence])
    for entry in entries:
        lines.add(entry, figures_of(entry, cells[entry.sequence], entries[0].period_))
    assert steps == len(entries)


def test_nothing_is_smoothed_before_a_figure_could_be_displayed() -> None:
    """Two releases are too little history: what `modelled` holds back is not in `past` either."""
    assert [table(files, "past").height > 0 for files in made(weeks(1, 2, 3))] == [False, False, True]


def test_the_smoothed_past_goes_up_to_the_release() -> None:
    """Every period so far, in tables of at most one dimension; the newest has the modelled figures themselves."""
    files = made(weeks(1, 2, 3, 5))[-1]
    frame = table(files, "past")
    assert frame["of_period"].unique(maintain_order=True).to_list() == [f"2024-W0{number}" for number in (1, 2, 3, 5)]
    assert set(frame["table"]) == {"all", "region", "age"}
    assert set(frame["period"]) == {"2024-W05"}
    newest = frame.filter(of_period="2024-W05").select(*KEYS, "value", "low", "high")
    known = table(files, "modelled").filter(pl.col("table").is_in(["all", "region", "age"])).drop_nulls("value")
    assert newest.sort(KEYS).equals(known.select(newest.columns).sort(KEYS))


def test_the_parameters_in_force_are_listed_by_their_meaning() -> None:
    """For each table how much each setting counts: as many numbers as settings, adding up to 1."""
    said = json.loads(made(weeks(1, 2, 3, 4))[-1]["model.json"])
    mood = said["measures"]["mood"]
    assert (mood["releases"], mood["periods"]) == (4, ["2024-W01", "2024-W04"])
    assert list(mood["tables"]) == ["all", "region", "age", "region_by_age"]
    mixes = ("mix_of_all", "mix_of_groups", "mix_of_groups", "mix_of_crossed_groups")
    for one, mix in zip(mood["tables"].values(), mixes, strict=True):
        for counts, settings in ((one["people"], "people"), *((direction, mix) for direction in one["mix"])):
            assert len(counts) == len(said["settings"][settings])
            assert sum(counts) == pytest.approx(1, abs=1e-3)
    assert set(said["settings"]["people"][0]) == {"change", "variety"}


def test_the_contracts_name_every_column(contracts: Contracts) -> None:
    """What is published and what may be published are the same columns, each with a type that fits."""
    for name, schema in (("modelled", MODELLED_SCHEMA), ("past", PAST_SCHEMA)):
        columns = contracts.published[name].columns
        kinds = {pl.String: "string", pl.Int64: "integer", pl.Float64: "number"}
        assert {key: kinds[kind] for key, kind in schema.items()} == {key: one.kind for key, one in columns.items()}
        assert list(columns) == list(schema)


def test_a_modelled_figure_in_words() -> None:
    """Figure and interval, differences, how many people, and where it comes from; what it cannot say."""
    files = made(weeks(*range(1, 15)))[-1]
    north = row(files, "north")
    figure, low, high, rest, rest_low, rest_high = (
        f"{abs(float(north[name] or 0)):.1f}"
        for name in (
            *("value", "shown_low", "shown_high"),
            *("against_rest", "against_rest_simultaneous_high", "against_rest_simultaneous_low"),
        )
    )
    assert re.fullmatch(
        rf"Low in North: {figure}% \(between {low}% and {high}%\) in the week of 1 to 7 April 2024\. "
        r"No clear difference from the week 4 weeks before \(between \S+ and \S+ percentage points\); "
        r"no clear difference from the week 13 weeks before \(between \S+ and \S+ percentage points\); "
        rf"{rest} percentage points lower than among everybody else \(between {rest_low} and {rest_high} percentage "
        rf"points\)\. About {north['people']:,.0f} people were counted\. About "
        rf"{100 * float(north['own_share'] or 0):.0f}% of this figure comes from the week's own numbers, the rest from "
        r"earlier weeks and similar groups\. This does not show why\.",
        str(north["sentence"]),
    ), north["sentence"]
    sentences = table(files, "modelled")["sentence"].to_list()
    assert all(sentences)
    assert not [one for one in sentences if FORBIDDEN.search(one) or FORBIDDEN_WORDS.search(one)]
    assert row(files, "unknown/unknown")["sentence"] == (
        "Low in the group Unknown, Unknown: no modelled figure for this week; too few people had enough entries to "
        "show this, even with earlier weeks and similar groups, or most of them have left."
    )
    assert row(made(weeks(1))[0])["sentence"] == (
        "Low among all participants: no modelled figure for this week; there are too few releases so far."
    )
