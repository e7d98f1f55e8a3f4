"""Checks: rows are judged one by one, each by the first rule that it breaks; text becomes integers here."""
