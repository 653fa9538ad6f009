"""The recipes in docs/ for other libraries' loops run as they stand; each is skipped where its library is not installed."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import advisor

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
# No tool may ask for an account or a network.
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "HF_HUB_OFFLINE": "1", "WANDB_MODE": "offline", "RAY_TRAIN_V2_ENABLED": "1"}
RECIPES = {
    "loop-lightning.md": ("lightning", 80, 3),
    "loop-hugging-face.md": ("transformers", 60, 3),
    "loop-keras.md": ("keras", 60, 5),
    "loop-ray.md": ("ray", 40, 3),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_the_code_runs_from_top_to_bottom(name, tmp_path):
    library, steps, layers = RECIPES[name]
    if find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    script = tmp_path / "train.py"
    script.write_text("\n".join(BLOCK.findall((DOCS / name).read_text(encoding="utf-8"))), encoding="utf-8")
    env = {"KERAS_BACKEND": "torch", **os.environ, **QUIET}
    ended = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=280, env=env
    )
    assert ended.returncode == 0, ended.stderr
    run = advisor.load(tmp_path / "runs" / "mine")
    assert (run.epochs, run.steps, len(run.need_layers().names)) == (5, steps, layers)
    assert run.about["status"] == "done"
