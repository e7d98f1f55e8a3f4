"""The release plan as a file: `plan --freeze` puts the solved noise in and leaves every other byte as it was.

The YAML parser says where the `frozen` block begins and ends; only that part of the text is replaced. So comments and
layout stay, and so does what only looks like such a block, in a text or a comment.
"""

import yaml

from analytics.errors import ContractRefusedError
from analytics.release.budget import Frozen

NOTE = "# Solved once from the plan above by `murmuration plan --freeze`: sigma in micro-persons. Never edited.\n"

_NOTE_BEGINS = "# Solved once"
"""Also of the notes that earlier versions wrote."""

_BLOCK = "frozen"


def frozen_text(text: str, frozen: Frozen, file: str = "release_plan.yaml") -> str:
    """Return a plan's text with `frozen` as its noise, in the place of the block before, else at the end.

    Raises:
        ContractRefusedError: if the text is no YAML mapping of one key a line.
    """
    block = {
        product: {
            measure: {"basis": [list(row) for row in one.basis], "sigma": dict(one.sigma)}
            for measure, one in measures.items()
        }
        for product, measures in frozen.items()
    }
    written = NOTE + yaml.safe_dump({_BLOCK: block}, sort_keys=False, default_flow_style=None)
    before, after = _around(text, file)
    *lines, last = before.rstrip().split("\n")
    if not last.startswith(_NOTE_BEGINS):
        lines.append(last)
    return "\n".join(lines).rstrip() + "\n" + written + (f"\n{after}" if after.strip() else "")


def _around(text: str, file: str) -> tuple[str, str]:
    """Return the text before the block and after it; without a block, all of it and nothing."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        root = None
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise ContractRefusedError(file, "", "it is not YAML with one key a line, so there is no place for the noise")
    for key, value in root.value:
        if key.value == _BLOCK:
            end = text.find("\n", _last(value).end_mark.index)
            return text[: key.start_mark.index], "" if end < 0 else text[end + 1 :].lstrip("\n")
    return text, ""


def _last(node: yaml.Node) -> yaml.Node:
    """Return the last node inside: a block ends where the next key begins, after the comments between."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node
