"""The picture of the house: rooms in the order that tests/test_house.py holds, and what each really imports."""

import ast
from collections.abc import Mapping
from pathlib import Path

from docs.building.markdown import code, document, prose, table

ROOT = Path(__file__).parents[2]
HELD = ROOT / "tests" / "test_house.py"
PACKAGE = ROOT / "advisor"
WIDTH = 76


def house_page() -> dict[str, str]:
    """house.md."""
    order = layers()
    uses = {room: imports(room) & set(order) for room in order}
    told = (
        "Reading order is import order: a room imports only from rooms above it, and a test holds that. "
        "This page is made from the order that the test holds and from the imports in the source."
    )
    rows = [(f"`{room}`", prose(said(room)), ", ".join(f"`{used}`" for used in order if used in uses[room])) for room in order]
    picture = code(drawn(floors(order, uses)))
    return {"house.md": document("# The house", told, picture, table(("room", "what it is", "imports"), rows))}


def layers() -> tuple[str, ...]:
    """The rooms in the order that the test holds."""
    tree = ast.parse(HELD.read_text(encoding="utf-8"))
    found = [node.value for node in tree.body if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "LAYERS"]
    order: tuple[str, ...] = ast.literal_eval(found[0])
    return tuple(room for room in order if files(room))


def files(room: str) -> list[Path]:
    """The source of a room: a file, or a folder of them."""
    alone = PACKAGE / f"{room}.py"
    return [alone] if alone.is_file() else sorted((PACKAGE / room).rglob("*.py"))


def imports(room: str) -> set[str]:
    """The other rooms that a room imports from, anywhere in its files."""
    found: set[str] = set()
    for path in files(room):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "advisor":
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("advisor."):
                found.add((node.module or "").split(".")[1])
    return found - {room}


def said(room: str) -> str:
    """The first paragraph of a room's docstring."""
    path = PACKAGE / f"{room}.py"
    source = path if path.is_file() else PACKAGE / room / "__init__.py"
    return (ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or "").partition("\n\n")[0]


def floors(order: tuple[str, ...], uses: Mapping[str, set[str]]) -> list[list[str]]:
    """Rooms by how many rooms they stand on: each imports only from floors above its own."""
    height: dict[str, int] = {}
    for room in order:
        height[room] = 1 + max((height[used] for used in uses[room]), default=-1)
    return [[room for room in order if height[room] == floor] for floor in range(max(height.values()) + 1)]


def drawn(storeys: list[list[str]]) -> str:
    """A box a floor, an arrow between them."""
    rows = [f"┌{'─' * WIDTH}┐"]
    for number, rooms in enumerate(storeys):
        rows += [f"├{'─' * (WIDTH // 2 - 1)}▼{'─' * (WIDTH - WIDTH // 2)}┤"] if number else []
        rows += [f"│{line:^{WIDTH}}│" for line in wrapped(rooms)]
    return "\n".join([*rows, f"└{'─' * WIDTH}┘"])


def wrapped(rooms: list[str]) -> list[str]:
    """The rooms of a floor on lines that fit the picture."""
    lines = [""]
    for room in rooms:
        longer = f"{lines[-1]}   {room}" if lines[-1] else room
        lines = [*lines[:-1], longer] if len(longer) <= WIDTH - 4 else [*lines, room]
    return lines
