"""Contracts: refused with file, path and reason; obeyed without a change of code."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analytics.contracts import Contracts, cohort_name, read_contracts, shipped_contracts, table_name
from analytics.errors import ContractRefusedError, UsageError
from tests.support.people import ANA, Desk, entry, granted

Edit = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an operator's copy of the contracts."""
    return Path(shutil.copytree(shipped_contracts(), tmp_path / "contracts"))


def edit(path: Path, old: str, new: str) -> None:
    """Change one place of a contract file."""
    text = path.read_text()
    assert text.count(old) == 1, f"{path.name} should hold the text once"
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize("plan", ["standard", "small"])
def test_the_shipped_contracts_are_read(plan: str) -> None:
    """Both plans that the program brings are read, with both sources."""
    contracts = read_contracts(shipped_contracts(), plan)
    assert contracts.plan.name == plan
    assert set(contracts.sources) >= {"canonical", "covidaffect"}


def test_every_map_of_cohorts_has_the_keys_of_the_grid(contracts: Contracts) -> None:
    """People with a key that a source's map lacks would count as unknown; those of a key off the grid as well."""
    maps = {
        (source.name, dimension): {*cohort.keys.values(), *cohort.bands}
        for source in contracts.sources.values()
        for dimension, cohort in source.cohorts.items()
    }
    assert maps.keys() >= {("fhir", dimension) for dimension in contracts.grid.dimensions}
    for (_, dimension), keys in maps.items():
        assert keys == {*contracts.grid.keys(dimension)} - {"unknown"}


PLAN = "release_plan.yaml"


CROSSED = "        - [service]\n        - [region, age_band]\n    # Where"
STRATA = "strata: {mood_bands: [region, age_band]}"
LOW, MEAN = "weights: [band_1, band_2]", "weights: [0, 25, 50, 75, 100]"
SERVICE, WITHIN = "service.yaml", "backup_days: 35"
MAP = "    # map: regions.geojson\n"
PEOPLE = "people: {label: People who logged, kind: people, unit: persons, importance: 1"


@pytest.mark.parametrize(
    ("file", "old", "new", "path", "reason"),
    [
        # an unknown key, at the top and deep inside
        (PLAN, "grace_days: 3", "grace_days: 3\ngrace_hours: 2", "grace_hours", "Extra inputs"),
        (PLAN, "cadence: week", "cadence: week\n    colour: red", "products.weekly_mood.colour", "Extra inputs"),
        ("sources/canonical.yaml", "kind: momentary", "kind: momentary\nsort: x", "sort", "Extra inputs"),
        ("mood_entry.odcs.yaml", "status: active", "status: active\nmood: x", "mood", "Extra inputs"),
        # a missing key
        (PLAN, "unit: participant\n", "", "unit", "Field required"),
        ("sources/canonical.yaml", "kind: momentary\n", "", "kind", "Field required"),
        ("cohorts.yaml", "    label: Region\n", "", "dimensions.region.label", "Field required"),
        ("cohorts.yaml", "      unknown: Region not known\n", "", "dimensions.region.keys", "'unknown' is missing"),
        # a repeated key
        (PLAN, "grace_days: 3", "grace_days: 3\ngrace_days: 4", "", "'grace_days' is repeated"),
        ("cohorts.yaml", "      north: North\n", "      north: A\n      north: B\n", "", "'north' is repeated"),
        # a table over a dimension that nobody declared
        (
            PLAN,
            CROSSED,
            CROSSED.replace("service", "postcode"),
            "products.weekly_mood.tables.mood_bands.3",
            "'postcode' is not declared",
        ),
        # the same table twice, in another order of dimensions
        (
            PLAN,
            CROSSED,
            CROSSED.replace("service", "age_band, region"),
            "products.weekly_mood.tables",
            "each only once",
        ),
        # strata of a measure that is not here, strata that are everyone, or in another order than any table
        (PLAN, STRATA, "strata: {persistence: [region]}", "products.weekly_mood", "the strata of 'persistence'"),
        (PLAN, STRATA, "strata: {mood_bands: []}", "products.weekly_mood", "at least one dimension"),
        (PLAN, STRATA, "strata: {mood_bands: [age_band, region]}", "products.weekly_mood", "one of its tables"),
        # parts over the cap
        (PLAN, "revision_reserve: {part_rho: 0,", "revision_reserve: {part_rho: 0.01,", "", "over the cap"),
        (PLAN, "cap_rho: 0.25", "cap_rho: 0.2", "", "over the cap"),
        # weights that do not fit the categories, or the kind
        (PLAN, LOW, "weights: [1, 1, 0, 0]", "measures.mood_bands", "4 weights for 5 categories"),
        (PLAN, LOW, "weights: [2, 1, 0, 0, 0]", "measures.mood_bands.headlines.low_share", "a share counts"),
        (PLAN, LOW, "weights: [band_1, band_9]", "measures.mood_bands", "does not have"),
        (PLAN, LOW, "weights: [band_1, band_1]", "measures.mood_bands", "or one twice"),
        (PLAN, LOW, f"{LOW}, of: [band_1, band_3]", "measures.mood_bands.headlines.low_share", "a share counts"),
        (PLAN, MEAN, f"{MEAN}, of: [band_1, band_3]", "measures.mood_bands.headlines.mean_mood", "only a share"),
        (PLAN, PEOPLE, f"{PEOPLE}, weights: [1, 1, 1, 1, 0]", "measures.mood_bands.headlines.people", "every category"),
        # what is typical is of other categories, or of none
        (PLAN, "spread: [8, 92]", "spread: [8, 90, 2]", "measures.persistence", "spread over 2 categories"),
        (PLAN, "spread: [8, 92]", "spread: [0, 0]", "measures.persistence", "not all of them are empty"),
        # a name that is not the file's
        (PLAN, "name: standard", "name: large", "name", "as the file is called"),
        ("sources/canonical.yaml", "name: canonical", "name: other", "name", "as the file is called"),
        # a source that cannot be: an empty scale, a zone that does not exist, one column for two things
        ("sources/canonical.yaml", "{lo: 1, hi: 5,", "{lo: 5, hi: 5,", "scale", "lo must lie below hi"),
        ("sources/canonical.yaml", "Etc/UTC", "Mars/Base", "clock.zone", "not a time zone"),
        ("sources/canonical.yaml", "mood: mood", "mood: person_id", "columns", "two things"),
        # a limit that its column cannot be held to, and a column that the intake needs
        (
            "mood_entry.odcs.yaml",
            "{minimum: 0, maximum: 24}",
            "{minimum: 0, pattern: x}",
            "schema.0.properties.4.logicalTypeOptions.pattern",
            "not a limit",
        ),
        ("mood_entry.odcs.yaml", "- name: sleep_hours", "- name: nap_hours", "schema.0.properties", "'sleep_hours'"),
        # a note without its day, without words, over two lines, with a time, with a number for a day, with too many
        # words, of another key
        (SERVICE, WITHIN, f"{WITHIN}\nnotes: [{{text: x}}]", "notes.0.on", "Field required"),
        (SERVICE, WITHIN, f"{WITHIN}\nnotes: [{{on: 2026-09-21}}]", "notes.0.text", "Field required"),
        (SERVICE, WITHIN, f'{WITHIN}\nfaults: [{{on: 2026-09-21, text: "a\\nb"}}]', "faults.0.text", "match pattern"),
        (SERVICE, WITHIN, f"{WITHIN}\nnotes: [{{on: 2026-09-21T10:00:00, text: x}}]", "notes.0.on", "valid date"),
        (SERVICE, WITHIN, f"{WITHIN}\nnotes: [{{on: 20260921, text: x}}]", "notes.0.on", "valid date"),
        (SERVICE, WITHIN, f"{WITHIN}\nnotes: [{{on: 2026-09-21, text: {'x' * 161}}}]", "notes.0.text", "160 char"),
        (SERVICE, WITHIN, f"{WITHIN}\nnotes: [{{on: 2026-09-21, text: x, by: y}}]", "notes.0.by", "Extra inputs"),
        # a map that is not beside the cohorts
        ("cohorts.yaml", MAP, "    map: ../x.geojson\n", "dimensions.region.map.file", "match pattern"),
        ("cohorts.yaml", MAP, "    map: {key: x}\n", "dimensions.region.map.file", "Field required"),
        # no YAML at all
        ("cohorts.yaml", "dimensions:\n", "dimensions: [\n", "", "not a YAML text"),
    ],
)
def test_a_wrong_contract_is_refused(folder: Path, file: str, old: str, new: str, path: str, reason: str) -> None:  # noqa: PLR0913, PLR0917 -- a table of cases
    """A contract that is not what it must be is refused with its file, the path inside it and the reason."""
    edit(folder / file, old, new)
    error: ContractRefusedError | None = None
    try:  # a source's declaration stops its own source only: the others are read
        error = read_contracts(folder, "standard").broken.get("canonical")
    except ContractRefusedError as refused:
        assert not file.startswith("sources/")
        error = refused
    assert error is not None
    assert error.message.startswith((f"{file.removeprefix('sources/')}: {path}", f"{file}: {path}"))
    assert reason in error.message
    assert error.exit_code == 3
    assert error.__cause__ is None


def test_a_missing_contract_is_named(folder: Path) -> None:
    """A contract file that is absent is named."""
    (folder / "cohorts.yaml").unlink()
    with pytest.raises(ContractRefusedError, match=r"cohorts\.yaml: the file is missing"):
        read_contracts(folder, "standard")


def test_an_unknown_plan_names_those_that_there_are(folder: Path) -> None:
    """A plan that does not exist is a usage error that lists the others."""
    with pytest.raises(UsageError, match="standard, small") as refused:
        read_contracts(folder, "huge")
    assert refused.value.exit_code == 2


def test_the_fingerprint_changes_with_the_policy(folder: Path, contracts: Contracts) -> None:
    """Any change of plan or grid changes the fingerprint; a comment does not."""
    edit(folder / PLAN, "# The privacy policy", "# A privacy policy")
    same = read_contracts(folder, "standard")
    assert same.plan.fingerprint(same.grid) == contracts.plan.fingerprint(contracts.grid)
    edit(folder / "cohorts.yaml", "north: North", "north: The North")
    other = read_contracts(folder, "standard")
    assert other.plan.fingerprint(other.grid) != contracts.plan.fingerprint(contracts.grid)


def test_a_part_is_shared_over_all_releases_that_366_days_touch() -> None:
    """A weekly release may lose a 54th of its part, a four-weekly one's tables a 15th, and more that look back less."""
    standard, small = (read_contracts(shipped_contracts(), name).plan for name in ("standard", "small"))
    weekly, monthly = standard.products["weekly_mood"], small.products["monthly_mood"]
    assert (weekly.part_nano, standard.touches(weekly, "mood_bands")) == (150_000_000, 54)
    assert (monthly.part_nano, small.touches(monthly, "mood_bands")) == (150_000_000, 15)
    patterns = standard.products["monthly_patterns"]
    touched = {measure: standard.touches(patterns, measure) for measure in patterns.tables}
    extremes = dict.fromkeys(("weekday_extremes", "day_part_extremes", "clearest_factor"), 17)
    back = {"persistence": 17, "transitions": 16, "change": 16, "attendance": 19, **extremes}
    assert touched == {measure: back.get(measure, 15) for measure in patterns.tables}


def test_public_names() -> None:
    """Tables and cohorts have one public spelling."""
    assert (table_name(()), table_name(("region", "age_band"))) == ("all", "region_by_age_band")
    assert (cohort_name(()), cohort_name(("north", "25-34"))) == ("all", "north/25-34")


def refusals(desk: Desk, *rows: str) -> dict[str, int]:
    """Return what is refused of a file with these entries."""
    return dict(desk.entries(*rows).quarantined)


def changed(folder: Path, file: str, old: str, new: str) -> Contracts:
    """Return the contracts after one change of a copied file."""
    edit(folder / file, old, new)
    return read_contracts(folder, "standard")


def test_a_changed_bound_changes_what_is_refused(desk: Desk, folder: Path) -> None:
    """Lowering the most hours of sleep in the contract file refuses a row that was good before."""
    desk.consents(granted(ANA))
    assert refusals(desk, entry(ANA, sleep="11")) == {}
    stricter = desk.under(
        changed(folder, "mood_entry.odcs.yaml", "{minimum: 0, maximum: 24}", "{minimum: 0, maximum: 10}")
    )
    assert refusals(stricter, entry(ANA, sleep="11")) == {"out_of_range": 1}


def test_a_changed_earliest_day_changes_what_is_refused(desk: Desk, folder: Path) -> None:
    """Raising the first day that the contract allows refuses older entries."""
    desk.consents(granted(ANA))
    later = desk.under(changed(folder, "mood_entry.odcs.yaml", '"2000-01-01"', '"2026-05-05"'))
    assert refusals(later, entry(ANA, "2026-05-04"), entry(ANA, "2026-05-05")) == {"out_of_range": 1}


def test_a_changed_score_bound_changes_what_is_refused(desk: Desk, folder: Path) -> None:
    """A floor on the score refuses moods below it."""
    desk.consents(granted(ANA))
    floor = desk.under(changed(folder, "mood_entry.odcs.yaml", "minimum: 0, maximum: 100000", "minimum: 30000"))
    assert refusals(floor, entry(ANA, mood="2"), entry(ANA, mood="3")) == {"out_of_range": 1}


def test_a_required_column_must_have_a_value(desk: Desk, folder: Path) -> None:
    """Requiring hours of sleep in the contract file refuses a row without them."""
    desk.consents(granted(ANA))
    path = folder / "mood_entry.odcs.yaml"
    head, tail = path.read_text().split("- name: sleep_hours")
    path.write_text(head + "- name: sleep_hours" + tail.replace("required: false", "required: true"))
    assert refusals(desk.under(read_contracts(folder, "standard")), entry(ANA)) == {"missing": 1}


def test_a_changed_word_list_changes_what_is_refused(desk: Desk, folder: Path) -> None:
    """A factor that is taken off the list is refused, one that is put on it is kept."""
    desk.consents(granted(ANA))
    other = desk.under(changed(folder, "mood_entry.odcs.yaml", "{value: weather}", "{value: football}"))
    assert refusals(desk, entry(ANA, factors="weather"), entry(ANA, factors="football")) == {"not_allowed": 1}
    assert refusals(other, entry(ANA, factors="football|work")) == {}
    assert refusals(other, entry(ANA, factors="weather|work")) == {"not_allowed": 1}


def test_a_changed_event_list_changes_what_is_clear(desk: Desk, folder: Path) -> None:
    """An event that is taken off the list is no clear answer any more, and suspends."""
    other = desk.under(changed(folder, "consent_event.odcs.yaml", "          - {value: withdrawn}\n", ""))
    assert other.consents(f"{ANA},withdrawn,2026-05-01,,population_statistics,,").suspended == 1


def test_a_changed_register_list_changes_what_is_refused(desk: Desk, folder: Path) -> None:
    """A register column that is given allowed values refuses others, on the grid or not."""
    other = changed(
        folder,
        "participant.odcs.yaml",
        "{name: region, logicalType: string, required: false,",
        "{name: region, logicalType: string, enum: [{value: north}], required: true,",
    )
    rows = (f"{ANA},2026-01-01,{region},25-34,primary_care," for region in ("north", "south", ""))
    assert dict(desk.under(other).participants(*rows).quarantined) == {"not_allowed": 1, "missing": 1}


def test_a_changed_scale_changes_what_is_off_it(desk: Desk, contracts: Contracts, folder: Path) -> None:
    """A mood of 7 is off a scale to 5 and on a scale to 10."""
    desk.consents(granted(ANA))
    assert refusals(desk, entry(ANA, mood="7")) == {"off_scale": 1}
    wider = changed(folder, "sources/canonical.yaml", "{lo: 1, hi: 5,", "{lo: 1, hi: 10,")
    assert wider.sources["canonical"] != contracts.sources["canonical"]
    assert refusals(desk.under(wider), entry(ANA, mood="7")) == {}


def test_no_limit_in_a_contract_lets_a_number_stop_a_file(desk: Desk, contracts: Contracts) -> None:
    """Where the contract has no most hours of sleep, a number that the vault has no room for is refused as a row."""
    desk.consents(granted(ANA))
    sleep = replace(contracts.mood_entry["sleep_hours"], minimum=None, maximum=None)
    columns = {**contracts.mood_entry.columns, "sleep_hours": sleep}
    open_ended = desk.under(replace(contracts, mood_entry=replace(contracts.mood_entry, columns=columns)))
    rows = (entry(ANA, sleep="1e90"), entry(ANA, "2026-05-05", sleep="-1e90"), entry(ANA, "2026-05-06", sleep="30"))
    assert refusals(open_ended, *rows) == {"out_of_range": 2}


def test_a_home_made_before_a_table_was_published_is_under_its_shipped_contract(folder: Path) -> None:
    """The operator's copy governs where it has a file; only tables that came later may have none."""
    for name in ("modelled", "past"):
        (folder / f"published_{name}.odcs.yaml").unlink()
    assert read_contracts(folder, "standard").published == read_contracts(shipped_contracts(), "standard").published
    (folder / "published_past.odcs.yaml").write_text("{}")
    with pytest.raises(ContractRefusedError, match="published_past"):
        read_contracts(folder, "standard")


def test_a_table_that_always_was_published_needs_its_contract(folder: Path) -> None:
    """A copy that lacks it is damaged, not old."""
    (folder / "published_pair.odcs.yaml").unlink()
    with pytest.raises(ContractRefusedError, match="published_pair"):
        read_contracts(folder, "standard")
