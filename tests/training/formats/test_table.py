import gzip

import numpy as np
import pytest
import torch

from advisor.config import parse
from advisor.errors import DataError
from advisor.training.data import load_data

CITIES = ("Seoul", "Busan")
ROWS = [f"{20 + i},{CITIES[i % 2]},{'true' if i % 3 else 'false'},memo {i},{i * 1.5}" for i in range(60)]
TEXT = "\n".join(["나이,city,vip,memo,price", *ROWS])


def load(base, **data):
    return load_data(parse({"data": {"scale": "none", **data}}, base))


def written(folder, text, name="table.csv"):
    (folder / name).write_text(text, encoding="utf-8")
    return name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_any_encoding_gives_the_same_data(tmp_path, encoding):
    (tmp_path / "table.csv").write_bytes(TEXT.encode(encoding))
    data = load(tmp_path, source="table.csv", scale_target="none")
    assert data.task == "regression"
    np.testing.assert_allclose(data.y_train[:, 0], (data.x_train[:, 0] - 20) * 1.5)


def test_gzip_and_tabs_and_semicolons_are_read(tmp_path):
    (tmp_path / "table.csv.gz").write_bytes(gzip.compress(TEXT.encode()))
    written(tmp_path, TEXT.replace(",", "\t"), "table.tsv")
    written(tmp_path, TEXT.replace(",", ";").replace(".", ","), "euro.csv")
    expected = load(tmp_path, source=written(tmp_path, TEXT))
    for name in ("table.csv.gz", "table.tsv", "euro.csv"):
        assert torch.equal(load(tmp_path, source=name).x_train, expected.x_train)


def test_categories_are_one_hot_booleans_numbers_and_long_text_is_left_out(tmp_path):
    data = load(tmp_path, source=written(tmp_path, TEXT))
    assert data.input_shape == (4,)  # 나이, city=Busan, city=Seoul, vip
    age, busan, seoul, vip = data.x_train.T
    assert torch.equal(seoul, (age % 2 == 0).float())
    assert torch.equal(busan, 1 - seoul)
    assert torch.equal(vip, ((age - 20) % 3 > 0).float())
    assert "the column 'memo' holds 60 different texts and was left out" in data.notes


def test_a_named_target_may_be_text(tmp_path):
    data = load(tmp_path, source=written(tmp_path, TEXT), target="city")
    assert data.classes == ("Busan", "Seoul")
    assert data.task == "classification"


def test_a_file_for_validation_is_read_as_the_training_file_was(tmp_path):
    written(tmp_path, TEXT)
    written(tmp_path, "vip,price,city,나이\ntrue,1.5,Jeju,30\nfalse,3,Busan,40\n", "held_out.csv")
    data = load(tmp_path, source="table.csv", validation="held_out.csv")
    assert len(data.y_train) == 60
    assert data.x_val.tolist() == [[30, 0, 0, 1], [40, 1, 0, 0]]


def test_empty_cells_get_the_mean_of_the_training_part_with_a_note(tmp_path):
    rows = "\n".join(f"{i if i % 5 else 'NA'},{i % 2}" for i in range(50))
    data = load(tmp_path, source=written(tmp_path, f"a,y\n{rows}\n"))
    known = data.x_train[data.x_train != data.x_train.mode(0).values]
    assert float(data.x_train.mode(0).values) == pytest.approx(float(known.mean()), rel=1e-5)
    assert any("10 samples had empty cells (in 'a')" in note for note in data.notes)


def test_empty_cells_can_be_dropped_or_refused(tmp_path):
    written(tmp_path, "a,b,y\n" + "".join(f"{i},{i if i % 5 else ''},{i % 2}\n" for i in range(50)))
    data = load(tmp_path, source="table.csv", missing="drop", validation=0.0)
    assert len(data.x_train) == 40
    with pytest.raises(DataError, match=r"10 samples with empty cells \(in 'b'\)"):
        load(tmp_path, source="table.csv", missing="error")


def test_rows_without_a_target_are_dropped_with_a_note(tmp_path):
    data = load(tmp_path, source=written(tmp_path, "a,y\n" + "".join(f"{i},{i % 2 if i else ''}\n" for i in range(20))), validation=0.0)
    assert len(data.y_train) == 19
    assert any("1 sample without a target" in note for note in data.notes)


def test_a_table_without_names_keeps_its_first_row(tmp_path):
    data = load(tmp_path, source=written(tmp_path, "".join(f"{i}.5,{i % 2}\n" for i in range(20))), validation=0.0)
    assert len(data.y_train) == 20
    assert any("first row holds numbers" in note for note in data.notes)


def test_the_index_of_a_data_frame_is_no_input(tmp_path):
    data = load(tmp_path, source=written(tmp_path, ",a,y\n" + "".join(f"{i},{i * 7 % 5},{i % 2}\n" for i in range(20))))
    assert data.input_shape == (1,)


BAD_TABLES = {
    "is empty": "",
    "a header and no rows": "a,b\n",
    "sample 2 has 3 cells, expected 2": "a,b\n1,2\n1,2,3\n",
    "one class alone, '2', in 20 samples": "a,b\n" + "1,2\n" * 20,
    "the target is 2.5 everywhere": "a,b\n" + "1,2.5\n" * 20,
    "all 30 targets differ": "a,b\n" + "".join(f"{i},n{i}\n" for i in range(30)),
    "the column 'b' is empty": "a,b\n1,\n2,\n",
    "no column to learn from": "b\n1\n2\n",
}


@pytest.mark.parametrize("message", BAD_TABLES)
def test_a_table_that_cannot_be_trained_on_is_refused_in_one_line(tmp_path, message):
    with pytest.raises(DataError, match=message) as refusal:
        load(tmp_path, source=written(tmp_path, BAD_TABLES[message]), task="regression" if "everywhere" in message else "auto")
    assert "\n" not in str(refusal.value)


def test_an_unknown_target_lists_the_columns(tmp_path):
    with pytest.raises(DataError, match=r'data\.target = "cty", expected one of: 나이, city, vip, memo, price; did you mean city\?'):
        load(tmp_path, source=written(tmp_path, TEXT), target="cty")


def test_text_as_the_target_of_a_regression_is_refused(tmp_path):
    with pytest.raises(DataError, match="found text such as 'Seoul'"):
        load(tmp_path, source=written(tmp_path, TEXT), target="city", task="regression")


def test_a_missing_and_a_binary_file_are_refused(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        load(tmp_path, source="absent.csv")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)))
    with pytest.raises(DataError, match="binary data"):
        load(tmp_path, source="binary.csv")


def test_names_of_columns_cannot_command_a_terminal(tmp_path):
    with pytest.raises(DataError) as refusal:
        load(tmp_path, source=written(tmp_path, "a\x1b[31m,b\n1,2\n2,3\n"), target="c")
    assert "\x1b" not in str(refusal.value)
    assert "a\\x1b[31m" in str(refusal.value)


def test_a_class_that_only_validation_has_is_refused(tmp_path):
    written(tmp_path, "a,y\n" + "1,x\n2,z\n" * 5)
    written(tmp_path, "a,y\n1,w\n", "held_out.csv")
    with pytest.raises(DataError, match="the validation part has the class 'w'"):
        load(tmp_path, source="table.csv", validation="held_out.csv")
