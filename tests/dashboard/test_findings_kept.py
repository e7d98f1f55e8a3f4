"""Changes and states are read once for each release, by all readers, and again after a publication."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from analytics.trends.publication import opening
from analytics.trends.publication.published import Published
from dashboard.reading import findings
from dashboard.reading.choices import choice_of
from dashboard.reading.figures import Choice, trend
from dashboard.reading.findings import PublishedSignal, signal_one, signals, states
from tests.support.published_fake import Service, publish_fake

WEEKS = 12
"""From the ninth week on low mood in the north is higher."""


def chosen(published: Published, period: str = "") -> Choice:
    """Return a choice of one period."""
    return choice_of(published, next(iter(published.products)), period, "", "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return twelve published weeks."""
    return publish_fake(tmp_path / "published", Service(weeks=WEEKS))


def test_two_readers_share_what_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty readers of one release cost what one costs."""
    made: list[str] = []
    real = findings._signals

    def counted(published: Published, choice: Choice) -> tuple[PublishedSignal, ...]:
        made.append(choice.release.period)
        return real(published, choice)

    monkeypatch.setattr(findings, "_signals", counted)

    def read(_reader: int) -> list[PublishedSignal]:
        published = Published.open(folder)
        return signals(published, chosen(published))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(read, range(20)))
    assert found[0]
    assert all(one == found[0] for one in found)
    assert len(made) == 1


def test_what_one_reader_does_with_its_list_is_not_seen_by_another(folder: Path) -> None:
    """Each has a list of its own."""
    published = Published.open(folder)
    choice = chosen(published)
    first, known = signals(published, choice), states(published, choice)
    count, known_count = len(first), len(known)
    first.clear()
    known.clear()
    assert (len(signals(published, choice)), len(states(published, choice))) == (count, known_count)


def test_a_new_publication_is_seen(folder: Path) -> None:
    """The same period with other files on disk is read again: here the week before the change began."""
    published = Published.open(folder)
    choice = chosen(published)
    assert signals(published, choice)
    shutil.rmtree(folder)
    publish_fake(folder, Service(weeks=2))
    again = Published.open(folder)
    assert signals(again, chosen(again)) == []
    assert set(states(again, chosen(again)).values()) != set(states(published, choice).values())


def test_only_the_releases_last_looked_at_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who goes through years does not fill the memory."""
    monkeypatch.setattr(opening, "MOST_DERIVED", 4)
    published = Published.open(publish_fake(tmp_path / "bounded", Service(weeks=WEEKS)))
    product = next(iter(published.products))
    for release in published.releases(product):
        signals(published, chosen(published, release.period))
        states(published, chosen(published, release.period))
    assert len(published._opened.derived._values) == 4


def test_a_change_begins_where_its_own_figures_say(folder: Path) -> None:
    """Read together with all other series, it is what its series alone says."""
    published = Published.open(folder)
    choice = chosen(published)
    for one in signals(published, choice):
        about = choice.of(one.measure, one.headline, one.table, one.cohort)
        line = [it for it in trend(published, about, about.table, about.cohort) if it.period <= choice.release.period]
        assert one.since == line[-one.periods].first_day
        assert signal_one(published, about) == one


def test_a_name_is_of_one_kind(folder: Path) -> None:
    """Another kind under a name in use is a mistake of the program, and no reader gets it."""
    published = Published.open(folder)
    release = chosen(published).release
    published.once("x", release, int, lambda: 1)
    with pytest.raises(TypeError):
        published.once("x", release, str, lambda: "1")
