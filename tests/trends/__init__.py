"""Tests of `trends`."""
