"""The formats that hold several people in a file."""

from tests.specimens import modules

SEVERAL = {name: specimen for name, specimen in modules().items() if hasattr(specimen, "OTHERS")}
