"""Tests of `vault/residue`."""
