"""Two A4 pages for a meeting, from the views that the pages show. No browser, no Streamlit."""

from dashboard.briefing.content import Briefing, briefing_of
from dashboard.briefing.file import Asked, briefing_file
from dashboard.briefing.pdf import as_pdf
from dashboard.briefing.web import as_html

__all__ = ["Asked", "Briefing", "as_html", "as_pdf", "briefing_file", "briefing_of"]
