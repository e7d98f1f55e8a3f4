"""Faults that are planted one by one, to see that the tests find each of them: `make mutants`."""
