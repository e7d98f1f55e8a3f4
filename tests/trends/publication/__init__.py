"""Tests of `trends/publication`."""
