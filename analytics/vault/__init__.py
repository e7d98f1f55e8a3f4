"""MAY SEE A PERSON (trust level P). Nothing leaves but `ExactCells` and operators' counts.

A log's way in: readers (bytes to rows of text) -> checks (row by row, text to integers, quarantine) -> keeping
(pseudonym, consent, once each) -> store, all in one transaction per file (intake). The way out: shares (one row per
participant and category) -> exact cells.
"""
