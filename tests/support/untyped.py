"""What crosses the border of a module without a type: each `cast`, and each public annotation with `Any`.

Public are the names without an underscore in front: parameters and results of functions and methods, bases and fields
of classes, constants, and the parts of a constant that is an alias.
"""

import ast
from collections.abc import Iterator

_DUNDERS = {"__init__", "__call__"}


def untyped(source: str) -> list[str]:
    """Return the names at fault."""
    tree = ast.parse(source)
    return [*_borders(tree.body), *_casts(tree)]


def _borders(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef) and _is_public(node.name):
            yield from _borders(node.body)
        yield from (name for name, annotation in _annotations(node) if _is_public(name) and _has_any(annotation))


def _annotations(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield the annotations that a statement gives to its name."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        one = node.args
        optional = [each for each in (one.vararg, one.kwarg) if each]
        given = [each.annotation for each in (*one.posonlyargs, *one.args, *one.kwonlyargs, *optional)]
        yield from ((node.name, each) for each in (*given, node.returns) if each)
    elif isinstance(node, ast.ClassDef):
        yield from ((node.name, each) for each in node.bases)
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, node.annotation
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp):
        yield from ((each.id, node.value) for each in node.targets if isinstance(each, ast.Name))


def _has_any(annotation: ast.expr) -> bool:
    for node in ast.walk(annotation):
        name = getattr(node, "id", getattr(node, "attr", ""))
        if name == "Any" or (isinstance(node, ast.Constant) and "Any" in str(node.value)):
            return True
    return False


def _casts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in {"typing", "typing_extensions"}:
            yield from ("cast" for each in node.names if each.name == "cast")
        elif isinstance(node, ast.Attribute) and node.attr == "cast" and getattr(node.value, "id", "") == "typing":
            yield "cast"


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name in _DUNDERS
