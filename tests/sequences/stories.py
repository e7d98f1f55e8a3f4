"""Short stories of commands that have to do with one another: what an operator does in that order.

Each has a part that is Ada's, where one person could move another: her row beside others' in a file that is judged
again, her withdrawal beside others' held records, one leaver more than the plan lets go at once. Who, which rows and
which edits are chosen as freely as elsewhere; a story may end in the middle, and another one follows it.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeAlias

from hypothesis import strategies as st

from tests.sequences.commands import RETRY, Command, Factors, Ingest, IngestInbox, Settle, Withdraw
from tests.sequences.meaning import (
    GRANTED,
    LEAVES,
    OLD,
    REFUSED,
    SAYS_CONSENT,
    SOUND,
    UNCLEAR,
    UNCLEAR_NOW,
    WITHDRAWS_NOW,
    WITHDREW,
)
from tests.sequences.parts import (
    FACTORS,
    PROMISE,
    PUBLISH,
    RELEASE,
    SETTLE,
    WAIT,
    Cast,
    Story,
    correct,
    inbox,
    ingest,
    one,
    withdraw,
)
from tests.sequences.records import File, Row, in_domain
from tests.sequences.rows import ADAS_OWN, ANYBODY, Template
from tests.sequences.world import BEA, CAI, CONSENTED, DEE, EVE, FAY, Person, domain_of

Kind: TypeAlias = Callable[[Cast], st.SearchStrategy[Story]]
"""A story by whom it is about."""

_Rows: TypeAlias = st.SearchStrategy[tuple[Row, ...]]

_DEFAULT = ("canonical", "mydatahelps", "canonical ndjson", "fhir moods")
"""Shapes of entries with ids of the default domain."""


def _shapes(cast: Cast) -> tuple[str, ...]:
    """Return the shapes of entries in which Ada has a part."""
    return ("app",) if cast.ada.domain == "app" else (*_DEFAULT, "canonical")


def _here(cast: Cast, shape: str) -> tuple[Person, ...]:
    """Return those of the others who have an id in the file's source, those with consent where there are any."""
    known = in_domain(cast.others, domain_of(shape.split(maxsplit=1)[0]))
    return tuple(person for person in known if person in CONSENTED) or known


def _rows(templates: Sequence[Template], people: Sequence[Person | None], least: int = 1, most: int = 1) -> _Rows:
    """Return rows of these people (None: Ada)."""
    row = st.builds(Row, st.sampled_from(templates), st.sampled_from(people))
    return st.lists(row, min_size=least, max_size=most).map(tuple)


def _of_all(template: Template, people: Sequence[Person | None]) -> tuple[Row, ...]:
    return tuple(Row(template, person) for person in people)


def _file(shape: str, *parts: _Rows) -> st.SearchStrategy[File]:
    """Return files of all these rows, in this order or the other."""
    rows = st.tuples(*parts).map(lambda some: tuple(row for part in some for row in part))
    return st.builds(File, st.just(shape), rows | rows.map(lambda some: some[::-1]))


def _named(file: st.SearchStrategy[File]) -> st.SearchStrategy[Command]:
    return st.tuples(file).map(Ingest)


def _consents(*rows: Row) -> Ingest:
    return Ingest((File("consents", rows),))


def _refused(cast: Cast, shape: str) -> st.SearchStrategy[Command]:
    """Return a file with others' sound rows in which a row is refused: hers, often hers alone."""
    people = _here(cast, shape)
    sound, hers = _rows(SOUND[shape], people, 1, 3), _rows(REFUSED[shape], [None])
    theirs, own = _rows(REFUSED[shape], people), _rows(ADAS_OWN[shape], [None])
    files = (
        _file(shape, sound, hers),
        _file(shape, sound, hers),
        _file(shape, sound, theirs, hers),
        _file(shape, sound, own),
    )
    return _named(st.one_of(*files))


@cache
def corrected(cast: Cast) -> st.SearchStrategy[Story]:
    """Return: a file comes, its declaration is edited, refused rows are tried again, and perhaps it comes once more."""

    def result(shape: str) -> st.SearchStrategy[Story]:
        again = st.sampled_from([(), (), (RETRY,)]) | one(shape, cast.others).map(lambda each: (each,))
        parts = st.tuples(_refused(cast, shape), correct(shape.split(maxsplit=1)[0]), st.just(RETRY))
        return st.builds(lambda begin, end: (*begin, *end), parts, again)

    return st.sampled_from(_shapes(cast)).flatmap(result)


@cache
def late(cast: Cast) -> st.SearchStrategy[Story]:
    """Return: entries come of people who consent only afterwards, then refused rows are tried again."""
    people = [person for person in cast.others if person in {EVE, FAY}] or [EVE]
    file = _file(
        "canonical", _rows(SOUND["canonical"], people, 1, 2), _rows(REFUSED["canonical"], [None, *people], 1, 2)
    )
    return st.tuples(_named(file), st.just(_consents(*_of_all(GRANTED, people))), st.just(RETRY))


@cache
def leaves(cast: Cast) -> st.SearchStrategy[Story]:
    """Return: records of others are held, and Ada leaves, with some others or alone; a retry follows."""

    def result(shape: str) -> st.SearchStrategy[Story]:
        held = _named(_file(shape, _rows(REFUSED[shape], _here(cast, shape), 1, 2), _rows(REFUSED[shape], [None], 0)))
        also = _rows([LEAVES], cast.others, 0)
        gone = _file("withdrawals", also, _rows([LEAVES], [None])).map(Withdraw)
        said = _named(_file("consents", _rows([WITHDREW, WITHDRAWS_NOW], [None])))
        return st.tuples(held, gone | gone | said, st.just(RETRY))

    return st.sampled_from(_shapes(cast)).flatmap(result)


@cache
def back(cast: Cast) -> st.SearchStrategy[Story]:
    """Return: somebody leaves, and comes back."""
    gone = withdraw(cast) | one("consents", cast.others) | one("fhir", cast.others)
    return st.tuples(gone, one("consents", cast.others), ingest(cast))


@cache
def unclear(cast: Cast) -> st.SearchStrategy[Story]:
    """Return: somebody with a held record is suspended; a retry, a clear answer or neither; another retry."""
    return st.sampled_from(_here(cast, "canonical")).flatmap(_suspended)


def _suspended(person: Person) -> st.SearchStrategy[Story]:
    sound = _rows(SOUND["canonical"], [person, None], 0)
    held = _named(
        _file("canonical", sound, _rows(REFUSED["canonical"], [person]), _rows(REFUSED["canonical"], [None], 0))
    )
    rests = st.sampled_from([UNCLEAR, UNCLEAR_NOW]).map(lambda template: _consents(Row(template, person)))
    clear = _named(_file("consents", _rows(ANYBODY["consents"], [person])))
    return st.tuples(held, rests, correct("canonical"), st.just(RETRY), clear, st.just(RETRY))


@cache
def words(cast: Cast) -> st.SearchStrategy[Story]:
    """Return: the contract lists as many factors as there are bits; Ada's row names them all, others' some."""
    people = _here(cast, "canonical factors")
    hers = _rows(ADAS_OWN["canonical factors"][:3], [None])
    first = _named(_file("canonical factors", hers, _rows(ANYBODY["canonical factors"], people, 1, 2)))
    then = _named(_file("canonical factors", _rows(ANYBODY["canonical factors"], people, 1, 2)))
    full = st.just(Factors((("f", 63),)))
    return st.tuples(full | FACTORS, first, then | first, full | FACTORS, then)


@cache
def inboxes(cast: Cast) -> st.SearchStrategy[Story]:
    """Return: the inbox is taken, and once more."""
    return st.tuples(inbox(cast), inbox(cast))


@cache
def corrections(cast: Cast) -> st.SearchStrategy[Story]:
    """Return: two files of the inbox have the same entries, and Ada's word for consents in one of them."""
    ages = st.permutations([60, 120, 300])

    def result(person: Person) -> st.SearchStrategy[Story]:
        plain = _file("fhir moods", _rows(SOUND["fhir moods"][:4], [person], 1, 2))
        hers = _rows(SAYS_CONSENT, [None]) | _rows(ANYBODY["fhir moods"], [None])
        with_hers = _file("fhir moods", _rows(SOUND["fhir moods"][:4], [person], 1, 2), hers)

        def dropped(files: tuple[File, ...], seconds: list[int]) -> Story:
            return (IngestInbox(tuple(zip(files, seconds, strict=False))),)

        return st.builds(dropped, st.tuples(plain, with_hers) | st.tuples(plain, with_hers, plain), ages)

    return st.sampled_from(_here(cast, "fhir")).flatmap(result)


_MOST = (BEA, CAI, DEE)
"""More people than the plan lets go at once."""


@cache
def wrong_list(cast: Cast) -> st.SearchStrategy[Story]:
    """Return: a list names more people than may be erased at once; one of them says so herself; it is settled."""
    listed = Withdraw(File("withdrawals", _of_all(LEAVES, _MOST)))
    with_ada = Withdraw(File("withdrawals", (*_of_all(LEAVES, _MOST[:2]), Row(LEAVES), *_of_all(LEAVES, _MOST[2:]))))
    herself = st.one_of(
        st.sampled_from(_MOST).map(lambda person: Withdraw(File("withdrawals", (Row(LEAVES, person),)))),
        _named(_file("consents", _rows([WITHDRAWS_NOW, WITHDREW, UNCLEAR_NOW, GRANTED], _MOST))),
    )
    after = _named(_file("consents", _rows(ANYBODY["consents"], (*_MOST, None), 1, 2))) | ingest(cast)
    settle = st.sampled_from([Settle("--cancel"), Settle("--cancel"), Settle("--confirm")])
    return st.tuples(st.sampled_from([listed, with_ada]), herself, settle, after)


@cache
def brake_by_ada(_cast: Cast) -> st.SearchStrategy[Story]:
    """Return: only with Ada are there too many leavers; one who had been suspended says something unclear again."""

    def result(person: Person) -> st.SearchStrategy[Story]:
        others = [person, next(each for each in _MOST if each != person)]
        gone: list[Command] = [
            Withdraw(File("withdrawals", (*_of_all(LEAVES, others), Row(LEAVES)))),
            _consents(*_of_all(WITHDREW, others), Row(WITHDREW)),
            _consents(Row(WITHDREW), *_of_all(WITHDRAWS_NOW, others)),
        ]
        says = [UNCLEAR_NOW, UNCLEAR_NOW, UNCLEAR, WITHDRAWS_NOW, WITHDREW, *ANYBODY["consents"][1:4]]
        then = _named(_file("consents", _rows(says, [person])))
        entries = _named(_file("canonical", _rows(SOUND["canonical"], [person, None], 1, 2)))
        first: st.SearchStrategy[Command] = st.sampled_from([UNCLEAR, UNCLEAR_NOW]).map(
            lambda template: _consents(Row(template, person))
        )
        leave: st.SearchStrategy[Command] = st.sampled_from(gone)
        return st.tuples(first, leave, then, then | SETTLE, entries)

    return st.sampled_from(_MOST).flatmap(result)


@cache
def unknown_on_the_list(cast: Cast) -> st.SearchStrategy[Story]:
    """Return: somebody unknown is suspended and on a list that waits; others leave, Ada alone or not; it is settled."""
    people = [person for person in cast.others if person in {EVE, FAY}] or [EVE, FAY]

    def result(person: Person) -> st.SearchStrategy[Story]:
        rests = _consents(Row(UNCLEAR, person))
        listed = Withdraw(File("withdrawals", _of_all(LEAVES, (*_MOST, person))))
        gone = Withdraw(File("withdrawals", (Row(LEAVES),)))
        yes = _named(_file("consents", _rows(ANYBODY["consents"][:4], [person])))
        entries = _named(_file("canonical", _rows(SOUND["canonical"], [person])))
        return st.tuples(st.just(rests), st.just(listed), st.just(gone) | withdraw(cast), SETTLE, yes, entries)

    return st.sampled_from(people).flatmap(result)


@cache
def promises(cast: Cast) -> st.SearchStrategy[Story]:
    """Return: the plan lists another promise, people consent under it, and it is released."""
    return st.tuples(PROMISE, one("consents", cast.others), st.just(RELEASE), st.just(PUBLISH))


@cache
def old_entries(cast: Cast) -> st.SearchStrategy[Story]:
    """Return: entries past retention come, releases are drawn, time passes, and the next file deletes them."""
    people = _here(cast, "canonical")
    come = _named(_file("canonical", _rows(OLD, [*people, None], 1, 3)))
    return st.tuples(come, st.just(RELEASE), WAIT, st.just(RETRY) | come, st.sampled_from([RELEASE, PUBLISH, RETRY]))


STORIES: tuple[Kind, ...] = (
    corrected,
    corrected,
    late,
    leaves,
    leaves,
    back,
    unclear,
    words,
    inboxes,
    corrections,
    wrong_list,
    wrong_list,
    brake_by_ada,
    unknown_on_the_list,
    promises,
    old_entries,
)
