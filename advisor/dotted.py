"""Nested tables addressed by dotted paths: `get(tree, "optim.lr")`."""

from collections.abc import Iterator, Mapping
from typing import Any

Tree = Mapping[str, Any]


def get(tree: Tree | None, path: str, default: Any = None) -> Any:
    """The value at a dotted path, or `default` where there is none.

    >>> get({"optim": {"lr": 0.1}}, "optim.lr"), get(None, "optim.lr", 1)
    (0.1, 1)
    """
    node: Any = tree
    for key in path.split("."):
        if not isinstance(node, Mapping) or key not in node:
            return default
        node = node[key]
    return node


def put(tree: Tree, path: str, value: Any) -> dict[str, Any]:
    """A copy of `tree` with `value` at a dotted path; the original stays as it is.

    >>> put({"optim": {"lr": 0.1}}, "optim.momentum", 0.9)
    {'optim': {'lr': 0.1, 'momentum': 0.9}}
    """
    head, _, rest = path.partition(".")
    child = tree.get(head)
    return {**tree, head: put(child if isinstance(child, Mapping) else {}, rest, value) if rest else value}


def without(tree: Tree, path: str) -> dict[str, Any]:
    """A copy of `tree` with nothing at a dotted path.

    >>> without({"optim": {"lr": 0.1, "momentum": 0.9}}, "optim.lr")
    {'optim': {'momentum': 0.9}}
    """
    head, _, rest = path.partition(".")
    child = tree.get(head)
    if rest:
        return {**tree, head: without(child, rest)} if isinstance(child, Mapping) else dict(tree)
    return {key: value for key, value in tree.items() if key != head}


def leaves(tree: Tree, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every dotted path of `tree` with its value, in order.

    >>> list(leaves({"optim": {"lr": 0.1}, "seed": 1}))
    [('optim.lr', 0.1), ('seed', 1)]
    """
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
