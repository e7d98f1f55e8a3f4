"""Thin pipelines: the command line, the Prefect flows and their server. Steps are named here, not invented."""
