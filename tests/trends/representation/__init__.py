"""Tests of `trends/representation`."""
