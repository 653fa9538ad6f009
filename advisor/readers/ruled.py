"""Lines of tables as terminals draw them → plain lines: without colours, stamps, rulers and frames, the header out of its comment."""

import re
from collections.abc import Sequence

from advisor.readers.patterns import ESCAPES

RULER = re.compile(r"^[\s|+:=\-_─━═┄┼┬┴├┤┏┓┗┛┡┩┳┻╇╋╪╞╡┌┐└┘╔╗╚╝╠╣╦╩╬]{3,}$")
FRAMES = str.maketrans("│┃║¦", "||||")
COMMENT = re.compile(r"^\s*(?:#|%|//|;)+\s*(?![{#%!\s,;|])")
STAMP = re.compile(r"^\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[^\t]{0,200}?\s[:|\-]\s+(?=[^\s,:=][^\t,:=]{0,80}\t)")  # a logger's, before cells
DEEPEST = 60  # lines within which a header may hide in a comment
FIRST = 200


def is_drawn(lines: Sequence[str]) -> bool:
    """Whether a table's first lines hold rulers, frames, colours, stamps or a commented header."""
    drawn = (RULER, COMMENT, STAMP)
    return any("\x1b" in line or any(sign.match(line) for sign in drawn) or line.translate(FRAMES) != line for line in lines[:FIRST])


def plain(lines: Sequence[str]) -> list[str]:
    """The same lines, one for one; rulers become empty."""
    bare = [_unframed(STAMP.sub("", ESCAPES.sub("", line))) for line in lines]
    place = _commented_header(bare)
    if place is not None:
        bare[place] = COMMENT.sub("", bare[place])
    return bare


def _unframed(line: str) -> str:
    if RULER.match(line):
        return ""
    drawn = line.translate(FRAMES).strip()
    framed = len(drawn) > 2 and drawn[0] == drawn[-1] == "|"
    return drawn[1:-1].strip() if framed else line.translate(FRAMES)


def _commented_header(lines: Sequence[str]) -> int | None:
    """The last comment right before the first other line, where it has as many words or cells as that one."""
    last: int | None = None
    for place, line in enumerate(lines[:DEEPEST]):
        if COMMENT.match(line):
            last = place
        elif line.strip():
            return last if last is not None and _alike(COMMENT.sub("", lines[last]), line) else None
    return None


def _alike(header: str, row: str) -> bool:
    return any(len(re.split(sign, header.strip())) == len(re.split(sign, row.strip())) > 1 for sign in (",", "\t", ";", r"\s+", r"\s{2,}"))
