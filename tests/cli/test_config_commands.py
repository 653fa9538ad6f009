"""`advisor config` and `advisor init`."""

import json
import tomllib
from pathlib import Path


def test_show_prints_the_whole_config_and_notes_beside(advisor):
    Path("c.toml").write_text("[optim]\nmomentum = 0.9\n")
    result = advisor("config", "show", "c.toml")
    assert result.status == 0
    assert tomllib.loads(result.out)["optim"]["momentum"] == 0.9
    assert list(tomllib.loads(result.out)) == ["data", "model", "optim", "train", "advisor"]
    assert result.err == 'note: optim.momentum = 0.9 has no effect under optim.name "adam"\n'


def test_check_lists_every_mistake_on_a_line(advisor):
    Path("c.toml").write_text('[optim]\nlr = 0\nname = "adm"\n[train]\nepoch = 3\n[data]\nsource = "no.csv"\n[modle]\nkind = "mlp"\n')
    result = advisor("config", "check", "c.toml")
    assert (result.status, result.out) == (2, "")
    assert len(result.err.splitlines()) == 5


def test_check_imports_functions_and_says_which_file(advisor):
    Path("net.py").write_text("def build(): ...\n")
    Path("c.toml").write_text('[model]\nkind = "net.py:build"\n')
    result = advisor("config", "check", "c.toml")
    assert (result.status, result.err) == (0, "note: model.kind imports net.py\n")
    assert result.out == "c.toml is valid\n"


def test_check_refuses_a_function_that_is_not_there_or_breaks(advisor):
    Path("net.py").write_text("1 / 0\n")
    Path("c.toml").write_text('[model]\nkind = "net.py:build"\n')
    result = advisor("config", "check", "c.toml")
    assert result.status == 2
    assert "ZeroDivisionError" in result.err.splitlines()[-1]


def test_show_never_imports_functions(advisor):
    Path("net.py").write_text("raise SystemExit(9)\n")
    Path("c.toml").write_text('[model]\nkind = "net.py:build"\n')
    assert advisor("config", "show", "c.toml").status == 0


def test_schema_is_json(advisor):
    assert json.loads(advisor("config", "schema").out)["properties"].keys() == {"data", "model", "optim", "train", "advisor"}


def test_init_writes_a_config_that_is_valid_and_never_overwrites(advisor):
    assert advisor("init").status == 0
    assert advisor("config", "check", "advisor.toml").status == 0
    Path("advisor.toml").write_text("mine")
    again = advisor("init")
    assert again.status == 2
    assert "expected a new one" in again.err
    assert Path("advisor.toml").read_text() == "mine"


def test_init_keeps_a_path_true_from_where_it_writes(advisor):
    Path("x.csv").write_text("a,b\n1,2\n")
    Path("configs").mkdir()
    assert advisor("init", "--dataset", "x.csv", "-o", "configs/c.toml").status == 0
    assert tomllib.loads(Path("configs/c.toml").read_text())["data"]["source"] == "../x.csv"
    assert advisor("config", "show", "configs/c.toml").status == 0


def test_init_refuses_a_data_set_that_is_none(advisor):
    result = advisor("init", "--dataset", "digitz")
    assert result.status == 2
    assert 'did you mean "digits"?' in result.err
    assert not Path("advisor.toml").exists()
    assert advisor("init", "--dataset", "none.csv").status == 2
    assert advisor("init", "-o", "no/such/folder/c.toml").status == 2


def test_check_names_settings_that_rarely_go_well(advisor):
    Path("c.toml").write_text(
        '[optim]\nlr = 0.5\n[model]\noutput = "softmax"\nhidden = [9, 9, 9, 9]\nactivation = "sigmoid"\ninit = "tiny"\ndropout = 0.9\n'
    )
    result = advisor("config", "check", "c.toml")
    assert result.status == 1
    valid, *said = result.out.splitlines()
    assert valid == "c.toml is valid"
    assert {line.split()[0] for line in said} == {"C101", "C102", "C105", "C106", "C107"}
    assert all(" warning: " in line for line in said)


def test_check_says_nothing_of_usual_settings(advisor):
    Path("c.toml").write_text('[optim]\nname = "sgd"\nlr = 0.1\nl2 = 1e-4\n[model]\ndropout = 0.5\nkind = "cnn"\n')
    result = advisor("config", "check", "c.toml")
    assert (result.status, result.out) == (0, "c.toml is valid\n")
