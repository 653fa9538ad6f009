"""The code in docs/ runs as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import advisor

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", ["own-loop.md"])
def test_the_code_runs_from_top_to_bottom(name, tmp_path):
    code = "\n".join(BLOCK.findall((DOCS / name).read_text(encoding="utf-8")))
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    assert "gradients are clipped to a norm of" in ended.stdout
    run = advisor.load(tmp_path / "runs" / "mine")
    assert (run.epochs, run.steps) == (20, 240)
    assert {"train_loss", "val_loss", "val_accuracy", "grad_norm"} <= set(run.series)
    assert len(run.step_series["grad_norm"]) == 240
