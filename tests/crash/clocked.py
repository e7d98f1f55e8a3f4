"""The command line in its own interpreter, at a given time: `python -m tests.crash.clocked TIME HOME WORD ...`."""

import sys
from dataclasses import replace
from datetime import datetime
from unittest.mock import patch

from pipelines.cli import main
from pipelines.settings import Settings

if __name__ == "__main__":
    now, home, *words = sys.argv[1:]
    read = Settings.read
    patch.object(Settings, "read", lambda **said: replace(read(**said), now=datetime.fromisoformat(now))).start()
    sys.exit(main(["--home", home, *words, "--json"]))
