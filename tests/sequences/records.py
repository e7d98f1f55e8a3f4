"""Files of rows: others', and Ada's in between where Hypothesis puts them; one of the homes gets them without hers."""

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.sequences.rows import ADAS_OWN, ANYBODY, DOMAIN, HEADERS, WHO, Template
from tests.sequences.world import BEA, CAI, CONSENTED, EVE, OTHERS, Person, domain_of


@dataclass(frozen=True)
class Row:
    """One row of a file; nobody's number is Ada's."""

    template: Template
    person: Person | None = None
    """None: Ada."""

    def is_of(self, ada: Person, domain: str | None, cells: int) -> bool:
        """Say whether a row of Ada's names her in a source of this domain (None: rows say it); else it is not hers.

        A row that has more or fewer than the header's `cells` has no domain: it names whoever has the id in the default
        one.
        """
        if domain is not None:
            return ada.domain == domain
        says = DOMAIN in self.template and self.template.count(b",") + 1 == cells
        return says or ada.domain == "default"

    def text(self, ada: Person) -> bytes:
        """Return the row as it is in the file."""
        person = self.person or ada
        domain = b"" if person.domain == "default" else person.domain.encode()
        return self.template.replace(WHO, person.id.encode()).replace(DOMAIN, domain)


@dataclass(frozen=True)
class File:
    """One file: its shape, its rows, and whose it is where it is one person's."""

    shape: str
    rows: tuple[Row, ...]
    owner: Person | None = None
    """Of a file of `diary`: whose it is, or None where it is Ada's."""

    @property
    def source(self) -> str:
        """The source's name."""
        return self.shape.split()[0]

    @property
    def of_one_person(self) -> bool:
        """Return whether the whole file is one person's."""
        return self.source == "diary"

    def is_in(self, ada: Person, *, with_ada: bool) -> bool:
        """Say whether a home gets the file at all: the one without Ada gets none of hers."""
        if not self.of_one_person or self.owner is not None:
            return True
        return with_ada and ada.domain == domain_of(self.source)

    def of_ada(self, ada: Person) -> bool:
        """Say whether any of it is hers."""
        theirs = domain_of(self.source) in {None, ada.domain}
        return theirs and (self.owner is None if self.of_one_person else any(row.person is None for row in self.rows))

    @property
    def of_others(self) -> bool:
        """Say whether anything in it is anybody else's."""
        return self.owner is not None if self.of_one_person else any(row.person is not None for row in self.rows)

    def content(self, ada: Person, *, with_ada: bool) -> bytes:
        """Return the file's bytes in one of the homes; an id of another domain than the source's is nobody of ours."""
        domain = domain_of(self.source)
        rows = [
            row.text(ada)
            for row in self.rows
            if row.person is not None
            or self.of_one_person
            or (with_ada and row.is_of(ada, domain, HEADERS[self.shape].count(b",") + 1))
        ]
        header = HEADERS[self.shape]
        if self.shape.endswith(" json"):
            return b"[" + b",".join(rows) + b"]"
        return b"".join(line + b"\n" for line in ([header] if header else []) + rows)

    @property
    def ending(self) -> str:
        """The file name's ending."""
        if self.source == "fhir" or self.shape.endswith(" ndjson"):
            return ".ndjson"
        return ".json" if self.shape.endswith(" json") else ".csv"


def in_domain(people: tuple[Person, ...], domain: str | None) -> tuple[Person, ...]:
    """Return those with an id in a domain (None: any), or of everybody where none of them has."""
    known = tuple(person for person in people if domain in {None, person.domain})
    return known or tuple(person for person in OTHERS if person.domain == domain)


def _rows(shape: str, of: tuple[Person, ...]) -> st.SearchStrategy[tuple[Row, ...]]:
    """Return rows of others, with Ada's put in at any places."""
    domain = domain_of(shape.split(maxsplit=1)[0])
    people = in_domain(of, domain)
    consented = [person for person in people if person in CONSENTED] or people
    templates = ANYBODY[shape]
    sound = st.sampled_from(templates[: max(1, len(templates) // 2)])  # the first ones of each are
    others = st.builds(
        Row, sound | sound | st.sampled_from(templates), st.sampled_from(consented) | st.sampled_from(people)
    )
    hers = st.builds(Row, st.sampled_from(ANYBODY[shape]) | st.sampled_from(ADAS_OWN[shape]))
    placed = st.tuples(st.integers(0, 3), hers)
    inserted = st.lists(placed, min_size=1, max_size=2) | st.lists(placed, max_size=2)
    least = 0 if shape in MAY_BE_EMPTY else 1
    return st.builds(_with, st.lists(others, min_size=least, max_size=4), inserted)


def _with(rows: list[Row], inserted: list[tuple[int, Row]]) -> tuple[Row, ...]:
    whole = list(rows)
    for place, row in inserted:
        whole.insert(place, row)
    return tuple(whole)


def _diary(shape: str, owner: Person | None) -> st.SearchStrategy[File]:
    templates = ANYBODY[shape] if owner else (*ANYBODY[shape], *ADAS_OWN[shape])
    rows = st.lists(st.builds(Row, st.sampled_from(templates)), min_size=int(shape not in MAY_BE_EMPTY), max_size=3)
    return st.builds(File, st.just(shape), rows.map(tuple), st.just(owner))


MAY_BE_EMPTY = {"fhir", "fhir moods", "canonical ndjson", "diary json"}
"""Shapes of which a file may hold nothing at all: no record, or an empty list."""

_OWNERS: tuple[Person | None, ...] = (BEA, EVE, CAI, None)
"""Whose diaries come; None: Ada's."""


def files(*shapes: str, of: tuple[Person, ...] = OTHERS) -> st.SearchStrategy[File]:
    """Return files of these shapes with rows of these others; of `diary` anybody's."""
    of_rows = [st.builds(File, st.just(shape), _rows(shape, of)) for shape in shapes if shape not in DIARIES]
    owned = [_diary(shape, owner) for shape in shapes if shape in DIARIES for owner in _OWNERS]
    return st.one_of(*of_rows, *owned)


DIARIES = ("diary", "diary json")
"""Shapes of files that are one person's each."""


SHAPES = tuple(HEADERS)
