"""Tests of `trends/modelling`."""
