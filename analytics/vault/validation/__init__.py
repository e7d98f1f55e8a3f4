"""Validation: a row is accepted, or refused by the first rule that it breaks; text becomes integers here."""
