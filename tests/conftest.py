"""What all tests share: goldens, small plain texts that lie beside their tests.

`ADVISOR_UPDATE_GOLDENS=1 pytest` writes them anew; look at the difference before you commit it.
Generated examples are the same at every run, so that a failure belongs to the change that shows it; `make fuzz` looks for new ones.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# No time limits: on a busy machine one would fail at random.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("searching", max_examples=int(os.environ.get("ADVISOR_FUZZ_ROUNDS") or 1500), deadline=None)
settings.load_profile("searching" if os.environ.get("ADVISOR_FUZZ_ROUNDS") else "repeatable")

UPDATE = "ADVISOR_UPDATE_GOLDENS"


@pytest.fixture
def golden(request):
    """Compares a text with the file of that name in the folder `goldens` beside the test."""

    def compare(name: str, text: str) -> None:
        path = Path(request.path).parent / "goldens" / f"{name}.txt"
        if os.environ.get(UPDATE):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.exists(), f"{path} is missing; {UPDATE}=1 writes it"
        assert text == path.read_text(encoding="utf-8"), f"differs from {path.name}; {UPDATE}=1 writes it anew"

    return compare
