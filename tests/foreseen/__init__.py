"""Tests of what is foretold from the plan alone."""
