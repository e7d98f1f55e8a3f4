"""Tests of `trends/estimation`."""
