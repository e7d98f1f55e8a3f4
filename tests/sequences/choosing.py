"""Which sequences are tried: a few people, a few stories, and commands by chance between them.

Each sequence has its own cast and its own three kinds of story (`stories`): commands concern one another only
where the same few people meet in them again and again. What is left out of one sequence is in the next one.
"""

from functools import cache

from hypothesis import strategies as st

from tests.sequences.commands import Command, Sequence
from tests.sequences.parts import Cast, Story, command
from tests.sequences.stories import STORIES, Kind
from tests.sequences.world import ADAS, BEA, CAI, CAI_OF_APP, DEE, EVE, EVE_OF_APP, FAY, OTHERS, Person

_COMPANIES: tuple[tuple[Person, ...], ...] = (
    (BEA,),
    (BEA, DEE),
    (CAI, CAI_OF_APP),
    (CAI, EVE),
    (BEA, CAI, DEE),
    (BEA, CAI_OF_APP, EVE_OF_APP),
    (DEE, EVE, FAY),
    (BEA, CAI, DEE, EVE),
    OTHERS,
)
"""Who else comes in a sequence."""

_ADAS = (*ADAS, ADAS[0], ADAS[1], ADAS[3])
"""Ada as she usually is comes twice; so do the one whose id is a word of files, and the one of the other domain."""


@cache
def _alone(cast: Cast) -> st.SearchStrategy[Story]:
    return command(cast).map(lambda one: (one,))


@st.composite
def sequences(draw: st.DrawFn, length: int) -> Sequence:
    """Return sequences of so many commands."""
    cast = Cast(draw(st.sampled_from(_ADAS)), draw(st.sampled_from(_COMPANIES)))
    consented = draw(st.sampled_from([True, True, True, False]))
    chosen = draw(st.lists(st.sampled_from(STORIES), min_size=3, max_size=3, unique=True))
    kinds: list[Kind] = [*chosen, *chosen, *chosen, _alone]
    result: list[Command] = []
    while len(result) < length:
        story = draw(st.sampled_from(kinds))
        result += draw(story(cast))
    return Sequence(cast.ada, consented, tuple(result[:length]))
