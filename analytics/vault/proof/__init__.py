"""The search that proves an erasure: every byte of a folder, decoded where it is packed, for a person's texts."""

from analytics.vault.proof.needles import Needles
from analytics.vault.proof.search import Found, Searched, names, search
from analytics.vault.proof.spellings import SHORT

__all__ = ["SHORT", "Found", "Needles", "Searched", "names", "search"]
