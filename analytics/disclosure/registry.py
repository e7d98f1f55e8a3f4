"""The form of a disclosure record: that of the OpenDP deployments registry, filled in whole (tier 3).

Field names and allowed values are those of `schemas/deployments-schema.yaml` in the public repository
opendp/deployments-registry-data at commit aebc41b9e4ca5d2d5355c18fa6ee02e752fcb0d5. What the schema leaves optional
below tier 3 is demanded here.
"""

from typing import Annotated, Literal

import yaml
from pydantic import Field, StringConstraints

from analytics.contracts.reading import Frozen

RegistryText = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
Day = Annotated[str, StringConstraints(strict=True, pattern=r"^\d{4}-\d{2}-\d{2}$")]
"""A date as text: the registry's schema does not take YAML's own dates."""


class DataProduct(Frozen):
    """What is published, by whom, for what."""

    name: RegistryText
    data_curators: Annotated[tuple[RegistryText, ...], Field(min_length=1)]
    intended_use: RegistryText
    data_product_type: Literal[
        "Summary statistics", "Machine learning model", "Dataset", "Synthetic data", "Interactive API"
    ]
    data_product_region: RegistryText
    description: RegistryText
    publication_date: Day
    """Of the first release, where there are many."""
    data_product_sector: Literal["Technology", "Healthcare", "Education", "Government", "Energy"]


class Flavor(Frozen):
    """Which promise, over which data, and what it leaves out."""

    name: Literal["Pure DP", "Approximate DP", "Zero-concentrated DP", "Renyi DP", "Custom"]
    input_metric: RegistryText
    bound_on_input_distance: RegistryText
    output_measure: RegistryText
    bound_on_output_distance: RegistryText
    data_domain: RegistryText
    unprotected_quantities: RegistryText


class PrivacyParameters(Frozen):
    """How strong the promise is."""

    epsilon: Annotated[float, Field(strict=True, gt=0)]
    delta: Annotated[float, Field(strict=True, gt=0, lt=1)]
    rho: Annotated[float, Field(strict=True, gt=0)]


class PrivacyLoss(Frozen):
    """About whom the promise is, and how strong."""

    privacy_unit: RegistryText
    privacy_unit_description: RegistryText
    privacy_parameters: PrivacyParameters
    privacy_parameters_description: RegistryText


class TrustModel(Frozen):
    """Who is trusted, how often data come in and go out, and who may ask."""

    model_name: Literal["Local", "Central", "Shuffle", "Federated", "Varies"]
    model_name_description: RegistryText
    actors: RegistryText
    release_type: Literal["One release", "Many releases"]
    release_type_description: RegistryText
    data_source_type: Literal["Static", "Dynamic"]
    data_source_type_description: RegistryText
    access_type: Literal["Interactive", "Non-interactive"]
    access_type_description: RegistryText


class Accounting(Frozen):
    """What is done after the noise, and how losses add."""

    post_processing: RegistryText
    composition: RegistryText


class Implementation(Frozen):
    """How it is built, and why so."""

    pre_processing_eda_hyperparameter_tuning: RegistryText
    mechanisms: RegistryText
    justification: RegistryText


class Resources(Frozen):
    """Where to read more, and who wrote the record."""

    sources: RegistryText
    notes: RegistryText
    registry_authors: Annotated[tuple[RegistryText, ...], Field(min_length=1)]


class Deployment(Frozen):
    """The deployment."""

    product: DataProduct
    dp_flavor: Flavor
    privacy_loss: PrivacyLoss
    model: TrustModel
    accounting: Accounting
    implementation: Implementation
    resources: Resources


class DisclosureRecord(Frozen):
    """One record of the registry."""

    url_slug: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    status: Literal[
        "Converted",
        "Draft",
        "Pending",
        "Changes Required",
        "Approved",
        "Approved (Update Requested)",
        "Approved (Pending)",
    ]
    tier: Literal[1, 2, 3]
    deployment: Deployment


class _Readable(yaml.SafeDumper):
    """YAML with texts of several lines written as such."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Readable.add_representer(str, _text)


def as_yaml(record: DisclosureRecord) -> str:
    """Return the record as the registry's file."""
    return yaml.dump(record.model_dump(mode="json"), Dumper=_Readable, sort_keys=False, allow_unicode=True, width=110)
