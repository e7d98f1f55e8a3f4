"""Tests of the promise as a whole: one person never moves another, and nothing of a person is left behind."""
