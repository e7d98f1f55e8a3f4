"""Sequences of commands on two neighbouring homes: one has Ada's records in its files, the other does not (L9).

`world` says who there is and what sources there are, `records` what files may hold, `commands` what may happen,
`homes` runs it as the command line does, without the flow engine, `comparing` reads both homes and says how everybody
else differs, `running` does this for one sequence and counts what was explored. `python -m tests.sequences` is
`make sequences`.
"""
