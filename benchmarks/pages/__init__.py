"""Measures the dashboard's pages in real Chromium: `make pages`."""
