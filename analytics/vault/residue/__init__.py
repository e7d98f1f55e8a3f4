"""The residue search: looks in every byte of a folder, decoded where it is packed, for a person's texts."""

from analytics.vault.residue.byte_patterns import BytePatterns
from analytics.vault.residue.search import Residue, SearchOutcome, holds_residue, search
from analytics.vault.residue.spellings import SHORT

__all__ = ["SHORT", "BytePatterns", "Residue", "SearchOutcome", "holds_residue", "search"]
