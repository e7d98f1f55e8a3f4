"""The tests mirror the tree; `people.py` invents participants, `oracle.py` aggregates slowly and obviously."""
