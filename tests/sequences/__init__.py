"""Sequences of commands on two neighbouring homes: one has Ada's records in its files, the other does not (L9).

`world` says who there is and what sources there are, `rows`, `meaning` and `records` what files may hold, `commands`
what may happen, `parts`, `stories` and `choosing` which sequences are tried. `templates` makes homes, `homes` runs
commands as the command line does, `driving` replaces the flow engine and the noise. `comparing` reads both homes and
says how everybody else differs, `rules` what must hold in each home by itself. `running` does all this for one
sequence, `tallying` counts what was explored, `exploring` runs many, `reducing` looks for the cause.
`python -m tests.sequences` is `make sequences`.
"""
