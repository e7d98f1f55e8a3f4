"""Two A4 pages for a meeting, from the views that the pages show. No browser, no Streamlit."""
