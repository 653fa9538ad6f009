"""A config.toml that was edited after the training is told from the Config that was trained."""

import pytest

from advisor.as_trained import check_as_trained, edited
from advisor.errors import RunFolderError

KEPT = '[optim]\nname = "adam"\nlr = 0.1\n[train]\nepochs = 10\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "resume").mkdir()
    (tmp_path / "resume" / "config.toml").write_text(KEPT, encoding="utf-8")
    return tmp_path


def write(folder, text):
    (folder / "config.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("text", [KEPT, "# by hand\n" + KEPT.replace("10", "10  # enough"), KEPT.replace("0.1", "1e-1")])
def test_other_words_for_the_same_values_are_no_edit(folder, text):
    write(folder, text)
    assert edited(folder) == ""


def test_each_changed_key_is_told_with_both_values(folder):
    write(folder, KEPT.replace("0.1", "0.01").replace('name = "adam"\n', "clip_norm = 1.0\n"))
    assert edited(folder) == 'optim.name "adam" then, not set now, optim.lr 0.1 then, 0.01 now, optim.clip_norm not set then, 1.0 now'


def test_many_are_counted(folder):
    write(folder, "[data]\nsource = 'iris'\n")
    assert edited(folder).endswith("now and 1 more")


def test_what_is_not_known_is_no_edit(folder):
    write(folder, KEPT.replace("0.1", "0.01"))
    (folder / "resume" / "config.toml").unlink()
    assert edited(folder) == ""


def test_an_edit_is_refused_in_one_line_that_says_what_to_do(folder):
    write(folder, KEPT.replace("10", "20"))
    check_as_trained(folder, but="train.epochs")
    with pytest.raises(RunFolderError) as refusal:
        check_as_trained(folder)
    (line,) = str(refusal.value).splitlines()
    assert "train.epochs 10 then, 20 now" in line and f"advisor train {folder.as_posix()}/config.toml" in line
