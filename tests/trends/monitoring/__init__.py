"""Tests of `trends/monitoring`."""
