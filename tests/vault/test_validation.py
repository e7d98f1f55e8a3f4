"""Rules and scores: one row, the first rule that it breaks, in exact arithmetic."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.contracts import Contracts
from analytics.contracts.source import Scale
from analytics.vault.scoring import as_number, on_scale, score, thousandths
from analytics.vault.validation.distinct import Distinct
from analytics.vault.validation.rule_names import RuleName
from analytics.vault.validation.rules import JUDGED_SCHEMA, Rule, judged, rules_by_text, rules_of_texts
from tests.support.people import ANA, CANARY, NOTE, OFF_GRID, Desk, entry, granted, query, registered, withdrawn

ONE_TO_FIVE = Scale(lo=Decimal(1), hi=Decimal(5), better="higher")
FIVE_IS_WORST = Scale(lo=Decimal(1), hi=Decimal(5), better="lower")
COVIDAFFECT = Scale(lo=Decimal(-50), hi=Decimal(50), better="higher")


@pytest.mark.parametrize(
    ("text", "scale", "thousandths_of_a_point"),
    [
        ("1", ONE_TO_FIVE, 0),
        ("5", ONE_TO_FIVE, 100_000),
        ("3", ONE_TO_FIVE, 50_000),
        ("1.5", ONE_TO_FIVE, 12_500),  # a cut between bands
        ("2.5", ONE_TO_FIVE, 37_500),
        ("1", FIVE_IS_WORST, 100_000),
        ("5", FIVE_IS_WORST, 0),
        ("2.5", FIVE_IS_WORST, 62_500),
        ("-50", COVIDAFFECT, 0),
        ("50", COVIDAFFECT, 100_000),
        ("0", COVIDAFFECT, 50_000),
        ("-37.5", COVIDAFFECT, 12_500),
        ("-37.5000000000000000000001", COVIDAFFECT, 12_500),  # rounds to the nearest thousandth, half up
        ("-49.9995", COVIDAFFECT, 1),
        ("-49.9995000000000000000001", COVIDAFFECT, 0),
    ],
)
def test_scores_are_exact(text: str, scale: Scale, thousandths_of_a_point: int) -> None:
    """A native value's score is exact to the last digit and rounded half up once."""
    number = as_number(text)
    assert number is not None
    assert on_scale(number, scale)
    assert score(number, scale) == thousandths_of_a_point


@given(
    value=st.fractions(-50, 50, max_denominator=10**9),
    lo=st.decimals(-100, -50, places=3),
    hi=st.decimals(50, 100, places=3),
)
def test_a_score_is_the_nearest_thousandth(value: Fraction, lo: Decimal, hi: Decimal) -> None:
    """A score lies within half a thousandth of the exact percent, half rounded up, reversed or not."""
    exact = 100_000 * (value - Fraction(lo)) / (Fraction(hi) - Fraction(lo))
    forwards = score(value, Scale(lo=lo, hi=hi, better="higher"))
    backwards = score(value, Scale(lo=lo, hi=hi, better="lower"))
    assert exact - Fraction(1, 2) < forwards <= exact + Fraction(1, 2)
    assert 100_000 - exact - Fraction(1, 2) < backwards <= 100_000 - exact + Fraction(1, 2)


@pytest.mark.parametrize(
    "text",
    ["", "nan", "inf", "-Infinity", "four", "1_0", "1,5", "0x1", "\u0664", "1.", ".5", " 4", "4 ", "1e999", "9" * 31],
)
def test_what_is_no_number(text: str) -> None:
    """Only digits 0 to 9, a point and a short exponent write a number; never NaN or an infinity."""
    assert as_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("7.5", 7500), ("0.0005", 1), ("0.00049", 0), ("1e1", 10_000), ("+8", 8000)]
)
def test_hours_in_thousandths(text: str, value: int) -> None:
    """Hours are kept in thousandths, rounded half up."""
    number = as_number(text)
    assert number is not None
    assert thousandths(number) == value


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        (entry(""), "missing", "person_id"),
        (entry(f"{CANARY}{'x' * 200}"), "too_long", "person_id"),
        (entry(ANA, ""), "missing", "logged_at"),
        (entry(ANA, "soon"), "not_a_time", "logged_at"),
        (entry(ANA, "2026-02-30T09:00"), "not_a_time", "logged_at"),  # an impossible date
        (entry(ANA, "2026-06-02"), "future_date", "logged_at"),  # tomorrow
        (entry(ANA, "1999-12-31T23:59"), "out_of_range", "logged_at"),
        (entry(ANA, mood=""), "missing", "mood"),
        (entry(ANA, mood="good"), "not_a_number", "mood"),
        (entry(ANA, mood="NaN"), "not_a_number", "mood"),
        (entry(ANA, mood="0.999"), "off_scale", "mood"),
        (entry(ANA, mood="6"), "off_scale", "mood"),
        (entry(ANA, mood="1e20"), "off_scale", "mood"),
        (entry(ANA, factors="work|gossip"), "not_allowed", "factors"),
        (entry(ANA, sleep="lots"), "not_a_number", "sleep_hours"),
        (entry(ANA, sleep="24.001"), "out_of_range", "sleep_hours"),
        (entry(ANA, sleep="-1"), "out_of_range", "sleep_hours"),
        (entry("", "soon", "9"), "missing", "person_id"),  # broken in three ways: the first rule is reported
        (f"{ANA},2026-05-04,4", "ragged", ""),
        (f'"{ANA},2026-05-04,4,,,', "broken_quotes", ""),
        (entry(ANA).encode() + b"\xff", "not_utf8", ""),
        (entry(ANA) + "\x00", "nul_byte", ""),
        (entry(ANA, note="x" * 300_000), "line_too_long", ""),
    ],
)
def test_a_bad_entry_s_rule(desk: Desk, line: str | bytes, rule: str, column: str) -> None:
    """A bad entry goes to quarantine by line, rule and column, and its neighbours are kept."""
    desk.consents(granted(ANA))
    report = desk.entries(entry(ANA, "2026-05-01"), line, entry(ANA, "2026-05-02"))
    assert (report.read, report.accepted, dict(report.quarantined)) == (3, 2, {rule: 1})
    assert query(desk.vault, "SELECT line, rule, column_name FROM refused_row") == [(3, rule, column)]


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        (registered(""), "missing", "person_id"),
        (registered(f"{CANARY}{'x' * 200}"), "too_long", "person_id"),
        (registered(ANA, domain="x" * 41), "too_long", "id_domain"),
        (registered(ANA, ""), "missing", "valid_from"),
        (registered(ANA, "2026-02-30"), "not_a_date", "valid_from"),
        (registered(ANA, "2026-01-01T10:00"), "not_a_date", "valid_from"),
        (registered(ANA, "1899-12-31"), "out_of_range", "valid_from"),
    ],
)
def test_a_bad_register_row_s_rule(desk: Desk, line: str, rule: str, column: str) -> None:
    """A bad register row goes to quarantine by line, rule and column."""
    desk.consents(granted(ANA))
    report = desk.participants(line, registered(ANA))
    assert (report.read, report.accepted, dict(report.quarantined)) == (2, 1, {rule: 1})
    assert query(desk.vault, "SELECT line, rule, column_name FROM refused_row") == [(2, rule, column)]


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        (granted(""), "missing", "person_id"),
        (granted(ANA, ""), "missing", "recorded_at"),
        (granted(ANA, "whenever"), "not_a_time", "recorded_at"),
        (granted(ANA, "2026-06-01T12:00:01Z"), "future_date", "recorded_at"),
        (granted(ANA, "1999-12-31"), "out_of_range", "recorded_at"),
        (granted(ANA, covers=""), "missing", "covers_from"),
        (granted(ANA, covers="2026-02-30"), "not_a_date", "covers_from"),
        (granted(ANA, covers="1899-01-01"), "out_of_range", "covers_from"),
        (f"{ANA},granted,2026-01-01,2026-01-01,,,", "missing", "scope"),
        (f"{ANA},granted,2026-01-01,2026-01-01,marketing,,", "not_allowed", "scope"),
        (granted(ANA, version="x" * 201), "too_long", "policy_version"),
    ],
)
def test_a_bad_consent_event_s_rule(desk: Desk, line: str, rule: str, column: str) -> None:
    """A bad consent event goes to quarantine by line, rule and column."""
    report = desk.consents(line, withdrawn(ANA))
    assert (report.read, report.accepted, dict(report.quarantined)) == (2, 1, {rule: 1})
    assert query(desk.vault, "SELECT line, rule, column_name FROM refused_row") == [(2, rule, column)]


@pytest.mark.parametrize(
    "line",
    [
        f"{ANA},Withdrawn,2026-05-20,,population_statistics,v1,",  # spelt otherwise
        f"{ANA},withdrawn,2026-05-20,n/a,population_statistics,v1,",  # a cover that a withdrawal does not need
        f"{ANA},withdrawn,2026-05-20,,,v1,",  # no scope
        f"{ANA},withdrawn,2026-05-20,,everything,v1,",  # a scope of another kind
        f"{ANA},withdrawn,2026-05-20,,population_statistics,{'x' * 300},",  # too long a version
        f"{ANA},withdrawn,,,population_statistics,v1,",  # no time: from now on
        f"{ANA},withdrawn,20/05/2026,,population_statistics,v1,",  # a time that cannot be read: from now on
        f"{ANA},withdrawn,1890-01-01,,population_statistics,v1,",  # an impossible time: from now on
        f"{ANA},withdrawn,2999-01-01,,population_statistics,v1,",  # ahead of the clock
    ],
)
def test_a_withdrawal_with_a_blemish_holds(desk: Desk, line: str) -> None:
    """A withdrawal that names a person holds, whatever else is wrong in its row."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, "2026-05-05T10:00"))
    assert desk.everyone()
    report = desk.consents(line)
    assert (report.accepted, dict(report.quarantined)) == (1, {})
    assert desk.everyone() == {}


def test_tomorrow_there_may_be_today(desk: Desk) -> None:
    """An entry of 2 June is no future where it is already 2 June, and one of 1 June is where it is still 31 May."""
    desk.consents(granted(ANA))
    report = desk.entries(
        entry(ANA, "2026-06-02T01:30+14:00"),  # 11:30 UTC on the 1st: already past
        entry(ANA, "2026-06-02T00:30"),  # the source's zone is UTC: tomorrow
    )
    assert (report.accepted, dict(report.quarantined)) == (1, {"future_date": 1})


def test_missing_texts_of_a_source_are_no_value(desk: Desk, contracts: Contracts) -> None:
    """`NA` is no value where the source says so, and is no number where it does not."""
    desk.consents(granted(ANA))
    assert dict(desk.entries(entry(ANA, mood="NA")).quarantined) == {"not_a_number": 1}
    path = desk.folder / "entries.tsv"
    path.write_text(f"id\ttimestamp_answer\tvalence\n{ANA}\t2026-05-04T09:00:00Z\tNA\n")
    assert dict(desk.take_entries(path, "covidaffect").quarantined) == {"missing": 1}
    assert contracts.sources["covidaffect"].missing == ("NA",)


@pytest.mark.parametrize(
    "others",
    [
        (),
        (entry("other", "soon"),),  # somebody else's row whose time cannot be read
    ],
)
def test_a_missing_text_is_missing_whatever_others_wrote(desk: Desk, others: tuple[str, ...]) -> None:
    """A day that the source writes for "no value" is none, whether or not another row of the file is broken."""
    source = desk.contracts.sources["canonical"].model_copy(update={"missing": ("", "2000-01-01")})
    desk = desk.under(replace(desk.contracts, sources={**desk.contracts.sources, "canonical": source}))
    desk.consents(granted(ANA, covers="1990-01-01"))
    report = desk.entries(entry(ANA, "2000-01-01"), *others)
    assert (report.accepted, report.quarantined["missing"]) == (0, 1)


def test_a_row_is_refused_by_its_first_rule_and_null_breaks_none() -> None:
    """Rules are tried in their order; a rule that cannot be decided for a row does not refuse it."""
    rows = pl.DataFrame({"line": [7, 8, 9], "number": [None, 1, 3]}, schema={"line": pl.Int64, "number": pl.Int64})
    rules = [
        Rule(RuleName.OUT_OF_RANGE, "number", pl.col("number") > 2),  # breaks 3; of null it says nothing
        Rule(RuleName.NOT_ALLOWED, "number", pl.col("number") >= 1),  # breaks 1, and 3 as well
    ]
    checked = judged(rows, rules)
    assert checked.good["line"].to_list() == [7]
    assert checked.bad.rows() == [(8, "not_allowed", "number", 1), (9, "out_of_range", "number", 2)]
    assert checked.bad.schema == JUDGED_SCHEMA


@pytest.mark.parametrize("rules", [[], [Rule(RuleName.MISSING, "number", pl.col("number") == 0)]])
def test_rows_that_break_nothing_stay_as_they_are(rules: list[Rule]) -> None:
    """Without a refusal, the frame comes back whole, and the refusals have their columns all the same."""
    rows = pl.DataFrame({"line": [7, 8], "number": [1, 2]})
    checked = judged(rows, rules)
    assert checked.good.equals(rows)
    assert checked.bad.height == 0
    assert checked.bad.schema == JUDGED_SCHEMA


def test_distinct_texts_are_judged_once_for_all_their_rows() -> None:
    """Rules of texts refuse each row that holds the text, and no other."""
    rows = pl.DataFrame({"line": [1, 2, 3, 4], "text": ["a", "bad", "a", " bad "]})
    texts = Distinct.of(rows["text"])
    by_text = rules_by_text(texts, [Rule(RuleName.NOT_ALLOWED, "text", pl.col("text") == "bad")], "text")
    of_texts = rules_of_texts(texts, [RuleName.OFF_SCALE if text == "a" else None for text in texts.texts], "text")
    assert judged(rows, by_text).bad.rows() == [(2, "not_allowed", "text", 1), (4, "not_allowed", "text", 3)]
    assert judged(rows, of_texts).bad.rows() == [(1, "off_scale", "text", 0), (3, "off_scale", "text", 2)]
    assert [rule.name for rule in (*by_text, *of_texts)] == [RuleName.NOT_ALLOWED, RuleName.OFF_SCALE]


def test_quarantine_holds_no_value(desk: Desk) -> None:
    """No text of a refused row is in what an operator lists; only the held record has some."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, "2026-02-30", note=NOTE), entry(ANA, mood="77", note=NOTE), f"{OFF_GRID},x")
    desk.participants(registered(ANA, "never", OFF_GRID))
    held = str(query(desk.vault, "SELECT * FROM refused_row"))
    assert held.count("(") == 4
    assert not any(value in held for value in (ANA, CANARY, "2026-02-30", "77", "never"))


def test_factors_are_words_in_one_order(desk: Desk) -> None:
    """Factors are kept once each, in one order, whatever order and spacing they came in."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, factors=" work | family|work|"))
    words = "SELECT factor FROM entry JOIN factor ON factors >> bit & 1 = 1 ORDER BY bit"
    assert query(desk.vault, words) == [("family",), ("work",)]
