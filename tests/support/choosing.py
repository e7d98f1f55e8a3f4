"""A choice of the made-up service's figures, as the page would make it."""

from streamlit.testing.v1 import AppTest

from analytics.trends.publication.published import Published
from dashboard.reading.figures import EVERYONE, Choice

PRODUCT, MEASURE = "weekly_mood", "mood_bands"


def chosen(
    published: Published, headline: str = "low_share", table: str = EVERYONE, cohort: str = EVERYONE, period: str = ""
) -> Choice:
    """Return a choice of the newest release, or of that of `period`."""
    releases = {release.period: release for release in published.releases(PRODUCT)}
    release = releases[period] if period else published.latest(PRODUCT)
    return Choice(PRODUCT, release, published.card(release), MEASURE, headline, table, cohort)


def again(page: AppTest) -> AppTest:
    """Draw a page again after what was chosen on it.

    Without its file: `AppTest` takes the name of a page that is a function for that of a file in `pages/`.
    """
    page._finished_page_script_hash = ""
    return page.run()
