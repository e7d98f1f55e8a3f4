"""Finds a circle of imports, module by module: `python tests/support/import_cycles.py PACKAGE ...`.

Imports inside functions count, and so do those that only a type checker follows.
"""

import sys
from graphlib import CycleError, TopologicalSorter

import grimp


def cycle_of(*packages: str) -> list[str]:
    """Return the modules of one circle, the first one again at its end; nothing if there is none."""
    graph = grimp.build_graph(*packages, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


if __name__ == "__main__":
    sys.stdout.write(" ".join(cycle_of(*sys.argv[1:])))
