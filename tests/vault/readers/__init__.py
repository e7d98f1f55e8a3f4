"""Tests of `vault/readers`."""
