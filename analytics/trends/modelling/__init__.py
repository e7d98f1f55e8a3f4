"""SEES NOISE ONLY: figures that use earlier periods and similar groups, from noisy cells.

One measure of one product is followed from release to release. `coordinates` says in which directions a profile (the
shares of a measure's categories) can move, `bank` follows many like quantities through known noise, `common` finds what
all groups of a table do together, `sizes` and `profiles` follow numbers of people and profiles of one table, `margins`
makes tables add up, `past` looks back, `model` does all of it for one release and `line` for one after the other, and
`figures` is what is published of it.
"""
