"""`-o FILE`: whole or not at all."""

import stat
import sys

import pytest

from advisor.cli._shared import table

LOG = "epoch,train_loss\n" + "".join(f"{e},{2 / e}\n" for e in range(1, 20))


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


def test_a_refused_report_leaves_the_old_one_and_nothing_beside_it(advisor, log, tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    old = tmp_path / "out" / "report.txt"
    old.write_text("old", encoding="utf-8")

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    result = advisor("diagnose", log, "-o", old)
    assert (result.status, old.read_text(encoding="utf-8")) == (2, "old")
    assert "report.txt: cannot be written (No space left on device)" in result.err
    assert [file.name for file in old.parent.iterdir()] == ["report.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and modes")
def test_a_link_stays_a_link_and_a_mode_a_mode(advisor, log, tmp_path):
    real = tmp_path / "real.txt"
    real.write_text("old", encoding="utf-8")
    real.chmod(0o600)
    (tmp_path / "link.txt").symlink_to(real)
    assert advisor("diagnose", log, "-o", "link.txt").out == ""
    assert (tmp_path / "link.txt").is_symlink()
    assert "log.csv" in real.read_text(encoding="utf-8")
    assert stat.S_IMODE(real.stat().st_mode) == 0o600


def test_a_folder_is_refused_in_one_line(advisor, log, tmp_path):
    result = advisor("diagnose", log, "-o", tmp_path)
    assert result.status == 2
    assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize("width", [30, 40, 60, 79])
def test_a_table_keeps_its_codes_and_its_words_in_a_narrow_terminal(capsys, monkeypatch, width):
    monkeypatch.setattr("advisor.cli._shared.columns", lambda _: width)
    rows = [["N101", "deep-saturating-activation", "error", "The loss is NaN or infinite."], ["N102", "b", "info", "Not so."]]
    table(rows, ("CODE", "RULE", "SEVERITY", "SUMMARY"))
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= max(width, len("N101  deep-saturating-activation  error"))
    assert set(" ".join(" ".join(row) for row in rows).split()) <= set(out.split())
