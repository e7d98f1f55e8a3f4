"""MAY SEE A PERSON (trust level P). Nothing leaves but `ExactCells` and operators' counts.

A log's way in: readers (bytes to text columns) -> checking (row by row, quarantine) -> pseudonym -> intake (one
transaction per file, consent joined) -> store. The way out: shares (one row per participant and category) -> exact
cells.
"""
