"""How much an audit tries: once in full, and in a short form that every `make test` can pay for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """How much is tried. Every verdict's odds are stated for the counts that are used."""

    noise_values: int
    """Integers drawn at each sigma of the plans that ship."""
    noise_releases: int
    """Whole releases drawn, to look whether their cells are independent."""
    members: int
    """Members side by side in a release of the black box, each in cells of their own."""
    releases: int
    """Releases on each side of the black box, for each build."""
    canaries: int
    coverage: int
    """Releases over which coverage is counted, for each plan that ships."""
    drill_ledgers: int
    """Ledgers on each side of the attack drill."""
    asked_again: int
    """How often each ledger of the drill is asked for the same releases again."""
    years: int
    """Whole years of the small plan on each side of the attack drill; 0 leaves them out."""


FULL = Effort(
    noise_values=1_000_000,
    noise_releases=1_000,
    members=1,
    releases=4_000,
    canaries=4_000,
    coverage=12_500,
    drill_ledgers=8,
    asked_again=10,
    years=200,
)
SHORT = Effort(
    noise_values=12_000,
    noise_releases=50,
    members=64,
    releases=64,
    canaries=3_000,
    coverage=150,
    drill_ledgers=1,
    asked_again=2,
    years=0,
)
