import numpy as np
import pytest
import torch

from advisor.config import parse
from advisor.errors import AdvisorError, DataError
from advisor.training.data import load_data

MINE = """
import numpy as np, torch
def tokens():
    return torch.randint(0, 50, (40, 12)), np.arange(40) % 3
def parts():
    return (np.random.rand(30, 4), np.random.rand(30)), (np.random.rand(6, 4), np.random.rand(6))
def held_out():
    return np.full((5, 4), 2.0), np.linspace(0, 1, 5)
def tested():
    return np.ones((3, 4)), np.linspace(0, 1, 3)
def uneven():
    return np.zeros((3, 2)), np.zeros(4)
def broken():
    raise KeyError("colour")
def nothing():
    return None
"""
RNG = np.random.default_rng(0)


def load(base, source, kind="mlp", **data):
    return load_data(parse({"data": {"source": source, **data}, "model": {"kind": kind}}, base))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    return tmp_path


def test_npz_keeps_its_own_validation_part(tmp_path):
    np.savez(tmp_path / "a.npz", x=RNG.random((20, 3)), y=np.arange(20) % 2, x_val=np.zeros((5, 3)), y_val=np.ones(5, int))
    data = load(tmp_path, "a.npz", validation=0.5)
    assert (len(data.y_train), len(data.y_val)) == (20, 5)
    assert any("data.validation has no effect" in note for note in data.notes)


def test_npz_is_never_unpickled(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.array([{}, {}], dtype=object), y=np.arange(2))
    with pytest.raises(DataError, match="Python objects"):
        load(tmp_path, "a.npz")


def test_npz_without_x_and_y_lists_what_it_holds(tmp_path):
    np.savez(tmp_path / "a.npz", data=np.arange(2))
    with pytest.raises(DataError, match="holds data, expected the arrays x and y"):
        load(tmp_path, "a.npz")
    (tmp_path / "b.npz").write_text("no archive", encoding="utf-8")
    with pytest.raises(DataError, match=r"no \.npz archive"):
        load(tmp_path, "b.npz")


def test_text_and_single_column_targets_are_read(tmp_path):
    np.savez(tmp_path / "a.npz", x=RNG.random((20, 3)), y=np.array([["cat"], ["dog"]] * 10))
    assert load(tmp_path, "a.npz").classes == ("cat", "dog")


def test_a_function_is_seeded_and_its_tokens_are_left_alone(folder):
    first, again = (load(folder, "mine.py:tokens", kind="mine.py:net") for _ in range(2))
    assert first.x_train.dtype == torch.int64
    assert first.x_train.max() > 10
    assert torch.equal(first.x_train, again.x_train)
    assert not torch.equal(first.x_train, load(folder, "mine.py:tokens", kind="mine.py:net", seed=1).x_train)


def test_a_function_may_bring_its_validation_part(folder):
    data = load(folder, "mine.py:parts")
    assert (len(data.y_train), len(data.y_val)) == (30, 6)
    assert data.task == "regression"


def test_a_function_may_give_a_held_out_part_as_a_file_does(folder):
    data = load(folder, "mine.py:parts", validation="mine.py:held_out", test="mine.py:tested", scale="none")
    assert (len(data.y_train), len(data.y_val), len(data.y_test)) == (30, 5, 3)
    assert (data.x_val == 2).all() and (data.x_test == 1).all()


def test_a_folder_of_images_may_be_held_out_as_a_file_is(tmp_path):
    image = pytest.importorskip("PIL.Image")
    for part, count in (("seen", 4), ("held/out", 2), ("last", 1)):
        for label in ("cat", "dog"):
            (tmp_path / part / label).mkdir(parents=True)
            for number in range(count):
                image.fromarray(np.full((6, 5), 40 * number, np.uint8)).save(tmp_path / part / label / f"{number}.png")
    data = load(tmp_path, "seen/", validation="held/out", test="last/")
    assert [len(part) for part in (data.y_train, data.y_val, data.y_test)] == [8, 4, 2]
    assert data.input_shape == (1, 6, 5) and data.classes == ("cat", "dog")


REFUSALS = {
    "mine.py:absent": 'no function "absent" in mine.py, expected one of: broken',
    "mine.py:uneven": "one target for each sample",
    "mine.py:broken": "raised KeyError: 'colour'",
    "mine.py:nothing": "returned NoneType, expected",
    "other.py:load": "other.py: no such file",
    "no_such_package.here:load": "importing no_such_package.here raised ModuleNotFoundError",
}


@pytest.mark.parametrize("source", REFUSALS)
def test_a_function_that_gives_no_data_is_refused_in_one_line(folder, source):
    with pytest.raises(AdvisorError, match=REFUSALS[source]) as refusal:
        load(folder, source)
    assert "\n" not in str(refusal.value)


def test_images_are_resized_to_the_commonest_size(tmp_path):
    image = pytest.importorskip("PIL.Image")
    for name in ("cat", "dog"):
        (tmp_path / "animals" / name).mkdir(parents=True)
        for number in range(6):
            size = (9, 9, 3) if number == 3 else (12, 10, 3)
            image.fromarray(np.full(size, 40 * number, np.uint8)).save(tmp_path / "animals" / name / f"{number}.png")
    data = load(tmp_path, "animals/", kind="cnn", scale="none")
    assert data.input_shape == (3, 12, 10)
    assert data.classes == ("cat", "dog")
    assert data.x_train.max() == 200
    assert any("2 images were resized to 10x12" in note for note in data.notes)


def test_a_folder_without_images_is_refused(tmp_path):
    (tmp_path / "animals" / "cat").mkdir(parents=True)
    with pytest.raises(DataError, match="1 subfolders without images"):
        load(tmp_path, "animals/")


def test_an_image_that_cannot_be_read_is_named(tmp_path):
    pytest.importorskip("PIL.Image")
    (tmp_path / "animals" / "cat").mkdir(parents=True)
    (tmp_path / "animals" / "cat" / "a.png").write_text("no image", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.png: cannot be read as an image"):
        load(tmp_path, "animals/")
