"""Plant each fault in a copy of the tree and run its tests: `caught NAME by TEST`, or `survived NAME` and exit 1.

A fault has one file of tests or several. They run one after the other, each in a process of its own up to its first
failure, until one finds the fault. Before a file is run on a fault, it runs in the same way on the copy as it is: one
that fails there proves nothing and ends everything. Two copies of the tree are at work at a time.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from tests.mutants.faults import FAULTS, Fault

ROOT = Path(__file__).parents[2]
COPIES = 2
Work = TypeVar("Work")
Result = TypeVar("Result")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - |$)", re.MULTILINE)


def main() -> int:
    """Run all faults, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    names = set(parser.parse_args().names)
    if unknown := names - {fault.name for fault in FAULTS}:
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    chosen = [fault for fault in FAULTS if not names or fault.name in names]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = [Path(folder) / str(number) for number in range(COPIES)]
        for copy in copies:
            copy_of_the_tree(copy)
        survivors = surviving(chosen, copies)
    if survivors is None:
        return 1
    for fault in survivors:
        say(f"survived {fault.name}")
    say(f"{len(chosen) - len(survivors)} of {len(chosen)} faults caught ({time.monotonic() - began:.0f} s)")
    return int(bool(survivors))


def surviving(faults: list[Fault], copies: list[Path]) -> list[Fault] | None:
    """Return the faults that none of their tests found, or None where a test fails without a fault."""
    known: set[str] = set()
    for turn in range(max(len(fault.tests) for fault in faults)):
        tried = [fault for fault in faults if turn < len(fault.tests)]
        files = sorted({fault.tests[turn] for fault in tried} - known)
        failing = [one for one in spread(first_failure, files, copies) if one is not None]
        if failing:
            say(f"without any fault this fails already: {', '.join(failing)}")
            return None
        known.update(files)
        work = [(fault, fault.tests[turn]) for fault in tried]
        caught = spread(lambda one, copy: is_caught(*one, copy), work, copies)
        found = {fault.name for fault, yes in zip(tried, caught, strict=True) if yes}
        faults = [fault for fault in faults if fault.name not in found]
    return faults


def spread(do: Callable[[Work, Path], Result], all_: Iterable[Work], copies: list[Path]) -> list[Result]:
    """Do each piece of work with a copy of its own, as many at a time as there are copies."""
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def one(work: Work) -> Result:
        copy = free.get()
        try:
            return do(work, copy)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        return list(pool.map(one, all_))


def copy_of_the_tree(tree: Path) -> None:
    """Copy what git knows of, as it is in the working tree."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)  # noqa: S607 -- git, wherever it is
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
    for words in (["init", "-q"], ["add", "-A"]):  # some tests ask git what is committed
        subprocess.run(["git", *words], cwd=tree, check=True, capture_output=True)  # noqa: S607 -- as above


def is_caught(fault: Fault, tests: str, tree: Path) -> bool:
    """Plant a fault, say which test of a file found it, if any did, and take it out again."""
    before = {edit.file: (tree / edit.file).read_text("utf-8") for edit in fault.edits}
    began = time.monotonic()
    try:
        for edit in fault.edits:
            path = tree / edit.file
            text = path.read_text("utf-8")
            if text.count(edit.old) != 1:
                say(f"{fault.name}: its text is not in {edit.file}, or not once")
                return False
            path.write_text(text.replace(edit.old, edit.new), "utf-8")
        found = first_failure(tests, tree)
    finally:
        for file, text in before.items():
            (tree / file).write_text(text, "utf-8")
    took = f"({time.monotonic() - began:.0f} s)"
    say(f"{fault.name} is not found in {tests} {took}" if found is None else f"caught {fault.name} by {found} {took}")
    return found is not None


def first_failure(tests: str, tree: Path) -> str | None:
    """Run a file of tests in the copy up to the first failure, and return its name."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-n", "0", "-p", "no:cacheprovider", "-rfE", tests]
    ran = subprocess.run(
        command,
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        check=False,
        text=True,
        timeout=1200,
    )
    if ran.returncode == 0:
        return None
    named = _FAILED.search(ran.stdout)
    return named[1] if named else f"{tests} (pytest ended with {ran.returncode})"


def say(line: str) -> None:
    """Write a line at once: the whole takes long."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
