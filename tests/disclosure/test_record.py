"""The disclosure record: made from what runs, in the registry's form, with nothing left out.

The form is that of the OpenDP deployments registry (opendp/deployments-registry-data,
`schemas/deployments-schema.yaml` at commit aebc41b9e4ca).
"""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from analytics.cells import ExactCells, TableKey
from analytics.contracts import NANO, read_contracts
from analytics.disclosure.record import Running, record_of, record_words
from analytics.disclosure.registry import DisclosureRecord, as_yaml
from analytics.home import Home
from analytics.odds import odds, promise_in_words
from analytics.periods import Period
from analytics.release.draw import DELTAS, draw
from analytics.release.noise import epsilon, versions
from analytics.store.ledger import open_ledger
from pipelines import disclosure_commands
from pipelines.cli import main
from pipelines.settings import Settings

FORM: dict[str, Any] = {
    "product": "name data_curators intended_use data_product_type data_product_region description publication_date "
    "data_product_sector",
    "dp_flavor": "name input_metric bound_on_input_distance output_measure bound_on_output_distance data_domain "
    "unprotected_quantities",
    "privacy_loss": "privacy_unit privacy_unit_description privacy_parameters privacy_parameters_description",
    "model": "model_name model_name_description actors release_type release_type_description data_source_type "
    "data_source_type_description access_type access_type_description",
    "accounting": "post_processing composition",
    "implementation": "pre_processing_eda_hyperparameter_tuning mechanisms justification",
    "resources": "sources notes registry_authors",
}
"""Every field that the registry's schema has below `deployment`."""


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MURMURATION_HOME", str(tmp_path / "home"))


@pytest.fixture
def shipped() -> Running:
    """Return what would run under the shipped contracts, where there is no home."""
    return disclosure_commands.running(Home(Path("nowhere")), None, Settings.read())


def texts(value: object) -> Iterator[str]:
    """Yield every text of a record."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def result(running: Running) -> str:
    """Return a record as one line."""
    return " ".join(as_yaml(record_of(running)).split())


def test_the_file_is_in_the_registry_s_form(shipped: Running) -> None:
    """As YAML it reads back as the same record: each field of tier 3 is there, and no other."""
    made = record_of(shipped)
    read = yaml.safe_load(as_yaml(made))
    assert DisclosureRecord.model_validate(read) == made
    assert list(read) == ["url_slug", "status", "tier", "deployment"]
    assert {name: " ".join(part) for name, part in read["deployment"].items()} == FORM
    assert read["deployment"]["privacy_loss"]["privacy_parameters"].keys() == {"epsilon", "delta", "rho"}
    assert (read["status"], read["tier"]) == ("Draft", 3)
    assert isinstance(read["deployment"]["product"]["publication_date"], str)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("status",), "Ready"),
        (("tier",), 4),
        (("url_slug",), "Mood Trends"),
        (("more",), "a field that the schema does not have"),
        (("deployment", "product", "publication_date"), yaml.safe_load("2026-01-05")),
        (("deployment", "product", "data_product_type"), "Figures"),
        (("deployment", "product", "data_curators"), []),
        (("deployment", "dp_flavor", "name"), "Zero Concentrated DP"),
        (("deployment", "dp_flavor", "unprotected_quantities"), " "),
        (("deployment", "model", "access_type"), "None"),
        (("deployment", "privacy_loss", "privacy_parameters", "epsilon"), "3.55"),
    ],
)
def test_what_the_registry_would_refuse_is_refused(shipped: Running, path: tuple[str, ...], value: object) -> None:
    """A value outside the schema's lists, an empty text, a date that is no text, or a foreign field is no record."""
    read = yaml.safe_load(as_yaml(record_of(shipped)))
    DisclosureRecord.model_validate(read)
    place = read
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(ValidationError):
        DisclosureRecord.model_validate(read)


def test_its_numbers_are_computed(shipped: Running) -> None:
    """Loss, epsilon and odds follow from the plan; another cap gives another record."""
    cap = shipped.contracts.plan.cap_nano
    made = record_of(shipped).deployment.privacy_loss
    assert made.privacy_parameters.rho == cap / NANO
    assert made.privacy_parameters.delta == 1e-6
    assert made.privacy_parameters.epsilon == epsilon(cap, 1e-6)
    words = " ".join(made.privacy_parameters_description.split())
    assert f"Epsilon {epsilon(cap, 1e-6)} at delta 1e-06 and {epsilon(cap, 1e-9)} at delta 1e-09" in words
    assert promise_in_words(cap) in words
    one, three, five = (each.recognised_in_100_by_zcdp_alone for each in odds(cap))
    assert f"from rho alone they would be {one}, {three} and {five} in 100" in words
    plan = shipped.contracts.plan.model_copy(update={"cap_rho": Decimal("0.5")})
    other = replace(
        shipped,
        contracts=replace(shipped.contracts, plan=plan),
        epsilon={delta: epsilon(plan.cap_nano, delta) for delta in DELTAS},
    )
    assert record_of(other).deployment.privacy_loss.privacy_parameters.rho == 0.5
    assert promise_in_words(plan.cap_nano) in result(other)
    assert promise_in_words(cap) not in result(other)


@pytest.mark.parametrize("plan", ["standard", "small"])
def test_the_noise_of_every_table_is_in_the_record(plan: str) -> None:
    """The record has the noise of each table as the frozen plan has it."""
    running = disclosure_commands.running(Home(Path("nowhere")), plan, Settings.read())
    mechanisms = record_of(running).deployment.implementation.mechanisms
    tables = [one for product in running.contracts.plan.products.values() for one in product.measured()]
    assert len(running.noise) == len(tables)
    for each in running.noise:
        assert f"{each.integers} integers, L2 sensitivity {each.d_in}, sigma {each.sigma} " in mechanisms
    for name, version in versions().items():
        assert version in mechanisms, name


def test_a_service_speaks_for_itself(shipped: Running) -> None:
    """The curator, its delays and its cohorts are those of the contracts."""
    service = shipped.contracts.service.model_copy(
        update={"name": "Invented house", "withdrawal_days": 3, "backup_days": 1}
    )
    other = replace(shipped, contracts=replace(shipped.contracts, service=service))
    made = record_of(other)
    assert made.deployment.product.data_curators == ("Invented house",)
    assert re.fullmatch(r"mood-trends-invented-house-\d{4}", made.url_slug)
    assert "within 3 days" in result(other)
    assert "after 1 day." in result(other)
    for dimension in shipped.contracts.grid.dimensions.values():
        assert dimension.label in made.deployment.product.description


def test_nothing_is_left_to_fill_in_but_the_service(shipped: Running) -> None:
    """Every text of the record is used, no placeholder is left, and nothing is promised that is not so."""
    service = shipped.contracts.service.model_copy(update={"name": "House", "contact": "desk"})
    filled = replace(shipped, contracts=replace(shipped.contracts, service=service))
    made = record_of(filled).model_dump(mode="json")
    everything = " ".join(" ".join(texts(made)).split())
    assert not re.search(r"[{}\[\]]", everything.replace("square brackets", ""))
    for name, words in record_words().items():
        for each in [words] if isinstance(words, str) else words:
            start = " ".join(re.split(r"\{[{%]", each)[0].split())
            assert start in everything, name
    for word in ("anonym", "no information was provided", "cannot be identified", "impossible"):
        assert word not in everything.lower()


def test_the_record_lists_all_releases_so_far(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a home: releases, losses and head by the ledger, the day of the first; the vault is not looked for."""
    assert main(["init", "--plan", "small", "--start", "2024-01-01"]) == 0
    home = Home(tmp_path / "home")
    contracts = read_contracts(home.contracts, "small")
    plan, grid = contracts.plan, contracts.grid
    empty = ExactCells(
        {
            TableKey(measure, dimensions): [0] * grid.size(dimensions) * len(plan.measures[measure].categories)
            for measure, dimensions in plan.products["monthly_mood"].measured()
        }
    )
    with open_ledger(home.ledger, home.head) as ledger:
        for period, day in (("2024-P01", 3), ("2024-P02", 9)):
            drawn_at = datetime(2026, 2, day, tzinfo=UTC)
            draw(ledger, plan, grid, "monthly_mood", Period.parse(period), lambda _: empty, drawn_at)
        entries = ledger.entries()
    shutil.rmtree(home.vault.parent)
    capsys.readouterr()
    assert main(["record"]) == 0
    made = DisclosureRecord.model_validate(yaml.safe_load(capsys.readouterr().out))
    notes = made.deployment.resources.notes
    spent = sum(entry.loss_nano for entry in entries)
    assert made.deployment.product.publication_date == "2026-02-03"
    assert made.url_slug.endswith("-2026")
    assert f"Released about 2024: 2 releases, rho {spent / NANO:.9f}".rstrip("0") in notes
    assert f"of 0.25 (epsilon {epsilon(spent, 1e-6)} at delta 1e-06 and {epsilon(spent, 1e-9)} at delta" in notes
    assert f"entry 2, {entries[-1].hash}." in notes


def test_the_command_prints_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a home: of the shipped plan; `--json` holds the same record; what is not filled in is said beside it."""
    assert main(["record"]) == 0
    said = capsys.readouterr()
    made = DisclosureRecord.model_validate(yaml.safe_load(said.out))
    assert "service.yaml: name, contact." in said.err
    assert "Nothing is released yet" in made.deployment.resources.notes
    assert main(["record", "--plan", "small", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["unfilled"] == ["name", "contact"]
    assert answer["record"] == yaml.safe_load(answer["yaml"])
    assert "Plan small," in answer["record"]["deployment"]["resources"]["notes"]
