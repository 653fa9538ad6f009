"""`advisor compare`: exit statuses, logs of any tool, quick and without dear libraries."""

import json
import subprocess
import sys

import pytest


def log(loss, rows=20):
    return "epoch,train_loss,val_loss\n" + "".join(
        f"{e},{2 * 0.9**e:.4f},{loss + 2 * 0.8**e + 0.001 * (e % 2):.4f}\n" for e in range(1, rows + 1)
    )


@pytest.fixture
def logs(tmp_path):
    for name, text in (("good", log(0.2)), ("poor", log(0.9)), ("empty", ""), ("accuracy", "epoch,val_acc\n1,0.1\n2,0.4\n3,0.5\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.csv").write_text(log(0.3 if name == "a" else 0.5), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["good.csv", "poor.csv"], 0),
        (["folder"], 0),
        (["good.csv", "folder", "poor.csv"], 0),
        (["good.csv"], 2),
        (["good.csv", "good.csv"], 2),
        (["good.csv", "missing.csv"], 2),
        (["good.csv", "empty.csv"], 2),
        (["good.csv", "accuracy.csv"], 2),
        (["good.csv", "poor.csv", "--format", "nonsense"], 2),
        ([], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_ends_with_0_or_with_one_line_and_2(advisor, logs, arguments, status):
    result = advisor("compare", *arguments)
    assert result.status == status
    assert len(result.err.splitlines()) == (1 if status else 0)
    assert bool(result.out) is (status == 0)


def test_says_which_log_is_best(advisor, logs):
    document = json.loads(advisor("compare", "poor.csv", "good.csv", "--format", "json").out)
    assert (document["best"], document["beyond_noise"], document["metric"]) == ("good.csv", True, "val_loss")
    assert document["config_diff"] == []


def test_needs_neither_torch_nor_textual_nor_pandas(logs):
    code = (
        "import sys; sys.argv = ['advisor', 'compare', 'good.csv', 'poor.csv']\n"
        "from advisor.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: status = end.code\n"
        "heavy = {'torch', 'textual', 'pandas', 'pydantic', 'tomlkit', 'sklearn', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert status == 0"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=logs, capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 0, done.stderr
