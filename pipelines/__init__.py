"""Thin pipelines: the home, its lock, the Prefect flows and the command line. Steps are named here, not invented."""
