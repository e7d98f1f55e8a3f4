"""Tests of what is predicted from the plan alone."""
