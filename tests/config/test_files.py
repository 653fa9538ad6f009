"""Config from and to files."""

import tomllib
from pathlib import Path

import pytest

from advisor.config import load, parse, starter, to_toml, write
from advisor.errors import ConfigError


def refusal(path, overrides=()):
    with pytest.raises(ConfigError) as caught:
        load(path, overrides)
    return str(caught.value)


def written(folder: Path, text: str | bytes, name: str = "c.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_without_a_path_the_file_here_or_the_defaults_are_taken_and_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load(None).notes == ("no advisor.toml here, so the defaults are taken",)
    written(tmp_path, "[optim]\nlr = 0.5\n", "advisor.toml")
    assert load(None).optim.lr == 0.5
    assert load(None).notes == ("the Config is ./advisor.toml",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_file_may_have_any_of_the_usual_encodings(tmp_path, encoding):
    path = written(tmp_path, '[data]\nsource = "iris"\ntarget = "가격"\n'.encode(encoding))
    assert load(path).data.target == "가격"


def test_overrides_are_toml_or_else_text_and_come_after_the_file(tmp_path):
    path = written(tmp_path, "[optim]\nlr = 0.5\nmomentum = 0.9\n")
    config = load(path, ["optim.lr=0.1", "optim.name=sgd", "model.hidden=[8, 4]", 'data.batch_size="full"', "data.shuffle = false"])
    assert (config.optim.lr, config.optim.name, config.optim.momentum) == (0.1, "sgd", 0.9)
    assert (config.model.hidden, config.data.batch_size, config.data.shuffle) == ((8, 4), "full", False)


def test_bad_overrides_are_reported_with_the_mistakes_of_the_file(tmp_path):
    path = written(tmp_path, "[optim]\nlr = 0\n")
    lines = refusal(path, ["optim.lrr=1", "train.epochs=many", "nonsense", "data=3"]).splitlines()
    assert len(lines) == 5
    assert all(line.startswith(f"{path}: ") for line in lines)


def test_an_override_of_a_whole_value_cannot_smuggle_in_another_key():
    assert 'train.epochs: found "1\\nx = 2"' in refusal(None, ["train.epochs=1\nx = 2"])


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("[optim]\nlr 0.1\n", 2, "'=' after a key"),
        ("[optim]\nname = sgd\n", 2, '"text" in quotes'),
        ("[optim", 1, "']' at the end of a table"),
        ("[optim]\nlr = 1\nlr = 2\n", 3, "each key once"),
        ('[data]\nsource = "C:\\data\\x.csv"\n', 2, "/ or \\\\ in paths"),
        ('[data]\nsource = "x', 2, "TOML"),
    ],
)
def test_a_syntax_error_is_one_line_with_its_number(tmp_path, text, line, expected):
    message = refusal(written(tmp_path, text))
    assert f"c.toml: line {line}: " in message
    assert expected in message
    assert "\n" not in message


def test_what_is_no_toml_file_is_refused_in_one_line(tmp_path):
    (tmp_path / "config.toml").write_text("")
    assert "no such file" in refusal(tmp_path / "none.toml")
    assert "its Config is config.toml in it" in refusal(tmp_path)
    assert "bytes that are no text" in refusal(written(tmp_path, b"\x89PNG\r\n\x00\x00"))


def test_every_place_that_is_not_there_is_named(tmp_path):
    text = '[data]\nsource = "no.csv"\nvalidation = "v.csv"\n[model]\nkind = "net.py:build"\npretrained = "runs/a"\n'
    lines = refusal(written(tmp_path, text)).splitlines()
    assert [line.split(": ")[1] for line in lines] == ["data.source", "data.validation", "model.kind", "model.pretrained"]


def test_paths_in_a_file_start_from_its_folder_and_overrides_from_here(tmp_path, monkeypatch):
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "in.csv").touch()
    (tmp_path / "here.csv").touch()
    path = written(tmp_path / "configs", '[data]\nsource = "in.csv"\n')
    monkeypatch.chdir(tmp_path)
    assert load(path).path(load(path).data.source).samefile("configs/in.csv")
    changed = load(path, ["data.source=here.csv"])
    assert changed.path(changed.data.source).samefile("here.csv")


def test_written_elsewhere_its_paths_stay_true(tmp_path):
    (tmp_path / "a" / "nets").mkdir(parents=True)
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("x.csv", "nets/mine.py", "net.safetensors"):
        (tmp_path / "a" / name).touch()
    tree = {"data": {"source": "x.csv"}, "model": {"kind": "nets/mine.py:build", "pretrained": "net.safetensors"}}
    config = parse(tree, tmp_path / "a")
    write(config, tmp_path / "b" / "c" / "config.toml")
    moved = load(tmp_path / "b" / "c" / "config.toml")
    assert moved.data.source == "../../a/x.csv"
    assert moved.model.kind == "../../a/nets/mine.py:build"
    assert moved.path(moved.model.pretrained).samefile(tmp_path / "a" / "net.safetensors")


def test_absolute_paths_names_and_modules_are_written_as_they_are(tmp_path):
    absolute = (tmp_path / "x.csv").as_posix()
    config = parse({"data": {"source": absolute}, "model": {"kind": "pkg.nets:build"}}, tmp_path)
    write(config, tmp_path / "c.toml")
    tables = tomllib.loads((tmp_path / "c.toml").read_text())
    assert (tables["data"]["source"], tables["model"]["kind"]) == (absolute, "pkg.nets:build")


def test_toml_reads_back_as_the_same_tree():
    config = parse({"data": {"target": 'a "quoted" \\ 가격', "source": "x.csv"}, "optim": {"lr": 1e-7}})
    assert tomllib.loads(to_toml(config)) == config.tree()


def test_a_module_from_a_function_keeps_unnamed_what_was_not_named():
    config = parse({"model": {"kind": "pkg.nets:build", "dropout": 0.0}})
    assert "dropout" in config.tree()["model"]
    assert not {"activation", "norm", "init", "freeze"} & set(config.tree()["model"])


@pytest.mark.parametrize("source", ["digits", "moons", "regression"])
def test_a_starter_is_a_valid_config_that_changes_no_default(tmp_path, source):
    text = starter(source, tmp_path)
    assert load(written(tmp_path, text)).tree() == parse({"data": {"source": source}}).tree()
    assert max(map(len, text.splitlines())) <= 100
    assert ("samples = " in text) == (source != "digits")


@pytest.mark.parametrize("text", ["pictures", "pictures/", "./pictures"])
def test_a_folder_of_images_may_be_a_bare_word_where_it_is_there(tmp_path, monkeypatch, text):
    (tmp_path / "pictures").mkdir()
    monkeypatch.chdir(tmp_path)
    config = load(None, [f"data.source={text}"])
    assert config.path(config.data.source) == tmp_path / "pictures"
