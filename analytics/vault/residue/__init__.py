"""The search that proves an erasure: every byte of a folder, decoded where it is packed, for a person's texts."""

from analytics.vault.residue.byte_patterns import Needles
from analytics.vault.residue.search import Found, Searched, names, search
from analytics.vault.residue.spellings import SHORT

__all__ = ["SHORT", "Found", "Needles", "Searched", "names", "search"]
