"""`card.json` and `README.md` of a release: the promise, the loss, the floors and the texts, from its entry alone."""

from dataclasses import asdict
from typing import Any

from analytics.contracts import NANO, table_name
from analytics.odds import odds, promise_in_words
from analytics.store.chain import Entry
from analytics.templating import environment
from analytics.trends.estimation.estimates import layout_of
from analytics.trends.estimation.figures import people_floor
from analytics.wording import ABOUT_A_GROUP, DO_NOT_ACT


def card_of(entry: Entry) -> dict[str, Any]:
    """Return the card of a release; "so far" is as of its own entry."""
    body = entry.body
    return {
        "format": 1,
        "product": {"name": entry.product, "label": body["product_label"], "cadence": body["cadence"]},
        "period": entry.period,
        "revision": entry.revision,
        "first_day": body["first_day"],
        "last_day": body["last_day"],
        "plan": {
            "name": body["plan"],
            "policy_version": body["policy_version"],
            "fingerprint": body["plan_fingerprint"],
            **({} if entry.counted_versions is None else {"counted_versions": list(entry.counted_versions)}),
        },
        "promise": {
            "words": promise_in_words(entry.cap_nano),
            "unit": body["unit"],
            "horizon": f"everything released about ISO year {entry.charge_year}, all products together",
            "rho_cap": entry.cap_nano / NANO,
            "epsilon": body["epsilon_cap"],
            "odds": [asdict(each) for each in odds(entry.cap_nano)],
        },
        "loss": {
            "mechanism": body["mechanism"],
            "rho": entry.loss_nano / NANO,
            "rho_so_far": body["spent_nano"] / NANO,
            "epsilon_so_far": body["epsilon_spent"],
            "year": entry.charge_year,
        },
        "display": {name: float(value) for name, value in body["display"].items()},
        "dimensions": {one["name"]: {"label": one["label"], "keys": dict(one["keys"])} for one in body["dimensions"]},
        "measures": {one["name"]: _measure(entry, one) for one in body["measures"]},
        **_population(body),
        "versions": body["versions"],
    }


def _population(body: dict[str, Any]) -> dict[str, Any]:
    """Return the public sizes where the release was drawn beside any."""
    result = body.get("population")
    return {"population": {**result, "people": dict(result["people"]), "strata": body["strata"]}} if result else {}


def _measure(entry: Entry, described: dict[str, Any]) -> dict[str, Any]:
    layout = layout_of(entry, described["name"])
    return {
        **{name: described[name] for name in ("label", "definition", "least_data", "looks_back_weeks", "parameters")},
        "basis": described["basis"],
        "categories": dict(described["categories"]),
        "headlines": {
            result["name"]: {name: result[name] for name in ("label", "kind", "unit", "weights", "whole", "among")}
            for result in described["headlines"]
        },
        "tables": {
            table_name(tuple(table["dimensions"])): {
                "dimensions": table["dimensions"],
                "sigma_micro_persons": table["sigma"],
                "people_floor": round(people_floor(layout, tuple(table["dimensions"]), entry.body["display"]), 1),
            }
            for table in entry.body["tables"]
            if table["measure"] == described["name"]
        },
    }


def readme_of(entry: Entry, card: dict[str, Any]) -> str:
    """Return the release's own README: what it is, what protects people, what the columns are, what it cannot tell."""
    page = environment("analytics.trends.publication").get_template("README.md.j2")
    return page.render(
        card=card,
        counted_versions=entry.counted_versions,
        population=card.get("population"),
        about_a_group=ABOUT_A_GROUP,
        do_not_act=DO_NOT_ACT,
        epsilons=lambda found: ", ".join(f"{value} at delta {delta}" for delta, value in found.items()),
    )
