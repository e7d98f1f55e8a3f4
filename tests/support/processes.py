"""What a command settles for the process that it runs in, and how the tests' one process gets it back."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def given_back() -> Iterator[None]:
    """Give back the working folder, the environment, the mask of new files and the root logger.

    A command has a process of its own and settles these for good. Where it runs in the tests' process, the next test
    must not find them. The import of Prefect puts a handler on the root logger that writes to the stderr of that
    moment. Under pytest that is the captured stderr of one test, which is closed when the test ends, and each log line
    of a later test would put a traceback into its answer.
    """
    folder, environment, mask = Path.cwd(), dict(os.environ), os.umask(0)
    os.umask(mask)
    root = logging.getLogger()
    level, handlers = root.level, [*root.handlers]
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        os.umask(mask)
        os.chdir(folder)
        for name in os.environ.keys() - environment.keys():
            del os.environ[name]
        os.environ.update(environment)
