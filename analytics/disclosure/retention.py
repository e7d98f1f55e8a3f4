"""The notice on what is kept, what is not, and for how long: a sentence for every column, or a refusal."""

from analytics.contracts import Contract, Contracts, Grid
from analytics.disclosure.parts import Block, Section, bounded, days, listed
from analytics.disclosure.words import BESIDES, COLUMNS, COUNTED, HELD_DAYS, NEVER_DONE, NEVER_KEPT, plain
from analytics.errors import ContractRefusedError

_COUNTED = "So that you count in no more figures than told below, it is kept which ones counted you:"

_WORDS_A_LINE = 8
"""How many factors stand in one item of a list, so that it can be read."""


def kept(contracts: Contracts) -> Section:
    """Return what is kept about a participant.

    Raises:
        ContractRefusedError: if a contract has a column that the notice has no sentence for.
    """
    result: set[str] = set()
    groups: list[Block] = [
        "For each entry that you log:",
        _sentences(contracts.mood_entry, contracts.grid, result),
        "This is kept with it, too:",
        tuple(BESIDES.values()),
        *_factors(contracts.mood_entry),
    ]
    for intro, contract in (
        ("For each question sheet whose total your app sends:", contracts.questionnaire_total),
        ("About the groups that you belong to:", contracts.participant),
        ("About your choice to take part:", contracts.consent_event),
    ):
        sentences = _sentences(contract, contracts.grid, result)
        if sentences:
            groups += [intro, sentences]
    if bounded(contracts.plan):
        groups += [_COUNTED, tuple(COUNTED.values())]
    return Section(
        "What is kept about you",
        (
            (
                "Only what stands here is kept, and only if you say yes. What you log before the day from which your "
                "yes counts is not kept."
            ),
            *groups,
            (
                "If your app says that you deleted an entry, the entry is deleted here. Its code or its time stays, "
                "so that it does not come back."
            ),
            (
                "Sometimes a row of a file cannot be used. If it is yours and you said yes, it waits for up to "
                f"{days(HELD_DAYS)}, so that the fault can be put right. What waits is your mood, its time and "
                "what goes with it, as your app wrote them. Your id and your notes are not with it. If you "
                "leave, it is deleted. Of other rows that cannot be used, only their place in the file is kept."
            ),
            "Your app and your care team may keep records of their own. This notice does not speak for those.",
        ),
    )


def _sentences(contract: Contract, grid: Grid, result: set[str]) -> tuple[str, ...]:
    """Return a sentence for each column that has not been told before."""
    sentences = []
    for name, column in contract.columns.items():
        if name in grid.dimensions:
            dimension = grid.dimensions[name]
            sentences.append(f"{dimension.label}: {listed(tuple(dimension.keys.values()), 'or')}.")
        elif name not in COLUMNS:
            reason = f"the participant's notice has no sentence for the column '{name}'"
            raise ContractRefusedError(contract.file, "schema.0.properties", reason)
        elif name not in result:
            allowed = tuple(sorted(plain(value) for value in column.allowed or ("any",)))
            sentences.append(COLUMNS[name].format(allowed=listed(allowed, "or")))
    result.update(contract.columns)
    return tuple(sentences)


def _factors(mood_entry: Contract) -> tuple[Block, ...]:
    allowed = mood_entry["factors"].allowed
    if allowed is None:
        reason = "without a list of words, the participant's notice cannot say what is kept"
        raise ContractRefusedError(mood_entry.file, "schema.0.properties", f"factors: {reason}")
    words = tuple(sorted(plain(value) for value in allowed))
    lines = (words[start : start + _WORDS_A_LINE] for start in range(0, len(words), _WORDS_A_LINE))
    return "The fixed list of what can go with your mood, and no other word is kept:", tuple(
        ", ".join(line) for line in lines
    )


def never() -> Section:
    """Return what is never kept and never done."""
    return Section(
        "What is never kept, and never done",
        (
            (
                "These are thrown away when a file is read. A row that waits, as said above, can hold what was written "
                f"into the wrong column, for up to {days(HELD_DAYS)}."
            ),
            NEVER_KEPT,
            "These things are never done with what is kept about you:",
            NEVER_DONE,
        ),
    )


def how_long(contracts: Contracts) -> Section:
    """Return how long things are kept."""
    return Section(
        "How long it is kept",
        (
            (
                f"Entries and totals older than {days(contracts.plan.retention_days)} are deleted, once the figures "
                "that need them are out."
            ),
            f"What is kept of a row that could not be used is deleted after {days(HELD_DAYS)}.",
            "Your groups and your yes are kept until you leave. If you leave, all of it goes sooner, as told below.",
            *(("In which figures you were counted is kept until you leave, too.",) if bounded(contracts.plan) else ()),
            "The code that says that somebody left is kept for as long as this goes on.",
        ),
    )
