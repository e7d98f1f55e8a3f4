"""Plant each fault in a copy of the tree and run its tests: `caught NAME by TEST`, or `survived NAME` and exit 1.

The tests are first run on the copy as it is: one that fails there proves nothing and ends everything.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mutants.faults import FAULTS, Fault

ROOT = Path(__file__).parents[2]
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def main() -> int:
    """Run all faults, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    names = set(parser.parse_args().names)
    chosen = [fault for fault in FAULTS if not names or fault.name in names]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder) / "tree"
        copy_of_the_tree(tree)
        failing = first_failure(tree, sorted({test for fault in chosen for test in fault.tests}))
        if failing is not None:
            sys.stdout.write(f"without any fault this fails already: {failing}\n")
            return 1
        survivors = [fault for fault in chosen if not is_caught(fault, tree)]
        return int(bool(survivors))


def copy_of_the_tree(tree: Path) -> None:
    """Copy what git knows of, as it is in the working tree."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)  # noqa: S607 -- git, wherever it is
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
    for words in (["init", "-q"], ["add", "-A"]):  # some tests ask git what is committed
        subprocess.run(["git", *words], cwd=tree, check=True, capture_output=True)  # noqa: S607 -- as above


def is_caught(fault: Fault, tree: Path) -> bool:
    """Plant a fault, say which test found it, and take it out again."""
    before = {edit.file: (tree / edit.file).read_text("utf-8") for edit in fault.edits}
    began = time.monotonic()
    try:
        for edit in fault.edits:
            path = tree / edit.file
            text = path.read_text("utf-8")
            if text.count(edit.old) != 1:
                sys.stdout.write(f"survived {fault.name}: its text does not stand once in {edit.file}\n")
                return False
            path.write_text(text.replace(edit.old, edit.new), "utf-8")
        found = next((one for test in fault.tests if (one := first_failure(tree, [test])) is not None), None)
    finally:
        for file, text in before.items():
            (tree / file).write_text(text, "utf-8")
    result = f"survived {fault.name}" if found is None else f"caught {fault.name} by {found}"
    sys.stdout.write(f"{result} ({time.monotonic() - began:.0f} s)\n")
    sys.stdout.flush()
    return found is not None


def first_failure(tree: Path, tests: list[str]) -> str | None:
    """Run tests in the copy up to the first failure, and return its name."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-n", "0", "-p", "no:cacheprovider", "-rfE", *tests]
    ran = subprocess.run(
        command,
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree)},
        capture_output=True,
        check=False,
        text=True,
        timeout=1200,
    )
    if ran.returncode == 0:
        return None
    named = _FAILED.search(ran.stdout)
    return named[1] if named else f"{' '.join(tests)} (pytest ended with {ran.returncode})"


if __name__ == "__main__":
    sys.exit(main())
