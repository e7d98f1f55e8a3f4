"""The promise for experts: what the card says, rounded so that it is never stated stronger than it is."""

from analytics.trends.publication.labels import OddsCard
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.budget import DIGITS

_DELTAS = {1e-6: "million", 1e-9: "billion"}
_YEARS = (1, 3, 5)
"""After so many years the promise's sentence gives odds."""


def promise(words: Words, choice: Choice) -> tuple[str, ...]:
    """Return the promise, its unit and horizon, epsilon by delta, odds without the noise's law, loss and floors."""
    card = choice.card
    stated, loss = card.promise, card.loss
    horizon = as_published(words, "privacy.experts.forms.horizon", stated.horizon, year=loss.year)
    mechanism = as_published(words, "privacy.experts.forms.mechanism", loss.mechanism)
    spent = {"year": loss.year, "rho": _rho(words, loss.rho_so_far), "cap": _rho(words, stated.rho_cap)}
    return (
        promise_sentence(words, choice),
        words("privacy.experts.unit", unit=as_published(words, "privacy.experts.forms.unit", stated.unit)),
        words("privacy.experts.horizon", horizon=horizon),
        words("privacy.experts.epsilon", epsilons=epsilons(words, stated.epsilon)),
        *_by_zcdp_alone(words, stated.odds),
        words("privacy.experts.spent", **spent, epsilons=epsilons(words, loss.epsilon_so_far)),
        words("privacy.experts.this_release", rho=_rho(words, loss.rho)),
        words("privacy.experts.mechanism", mechanism=mechanism),
        words("privacy.experts.noise"),
        words("privacy.experts.floors", floors=_floors(words, choice)),
        words("privacy.experts.floors_mean"),
    )


def promise_sentence(words: Words, choice: Choice) -> str:
    """Return the promise's one sentence in the reader's language, or as it was published where its form is another."""
    stated = choice.card.promise
    after = {each.years: each for each in stated.odds}
    if any(years not in after for years in _YEARS):
        return stated.words
    one, three, five = (after[years].recognised_in_100 for years in _YEARS)
    odds = {"guessing": after[1].guessing, "one": one, "three": three, "five": five}
    return as_published(words, "privacy.experts.forms.promise", stated.words, **odds)


def as_published(words: Words, key: str, published: str, **values: object) -> str:
    """Return a published sentence of a known form in the reader's language; of another form, as it was published."""
    return words(key, **values) if Words("en")(key, **values) == published else published


def epsilons(words: Words, by_delta: dict[str, float]) -> str:
    """Return `3.55 at delta 1 in a million, 4.44 at delta 1 in a billion`, each rounded up."""
    found = []
    for delta, epsilon in by_delta.items():
        name = _DELTAS.get(float(delta))
        named = words(f"privacy.experts.delta.{name}") if name else delta
        found.append(words("privacy.experts.at_delta", epsilon=words.rounded_up(epsilon), delta=named))
    return ", ".join(found)


def _by_zcdp_alone(words: Words, odds: tuple[OddsCard, ...]) -> tuple[str, ...]:
    """Return the odds without the noise's law; a card of an older program lacks them."""
    found = [
        words.count("privacy.experts.alone_after", each.years, recognised=each.recognised_in_100_by_zcdp_alone)
        for each in odds
        if each.recognised_in_100_by_zcdp_alone is not None
    ]
    return (words("privacy.experts.alone", odds=words.listed(found)),) if found else ()


def _floors(words: Words, choice: Choice) -> str:
    tables = choice.card.measures[choice.measure].tables
    return words.listed(
        [
            f"{naming.table_name(words, choice, name)} {words.rounded_up(table.people_floor, 0)}"
            for name, table in tables.items()
        ]
    )


def _rho(words: Words, rho: float) -> str:
    return words.rounded_up(rho, DIGITS)
