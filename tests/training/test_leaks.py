"""Leaks: validation samples that are learned from, and inputs that are the target."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from advisor.config import parse
from advisor.diagnose import diagnose
from advisor.run import Run
from advisor.training.data import load_data

Table = dict[str, np.ndarray[Any, Any]]
Facts = Mapping[str, Any]


@pytest.fixture
def facts(tmp_path: Path) -> Callable[[Table], Facts]:
    """What is known of a table whose last column is the target."""

    def known(table: Table) -> Facts:
        rows = [",".join(table), *(",".join(map(str, row)) for row in zip(*table.values(), strict=True))]
        (tmp_path / "table.csv").write_text("\n".join(rows), encoding="utf-8")
        return load_data(parse({"data": {"source": "table.csv"}}, tmp_path)).facts

    return known


def _table(samples: int = 200) -> Table:
    random = np.random.default_rng(0)
    a, b = random.normal(size=samples), random.normal(size=samples)
    return {"a": a, "b": b, "y": np.where(a + b + random.normal(size=samples) > 0, "ill", "well")}


def _rules(facts: Facts) -> list[str]:
    return [finding.rule for finding in diagnose(Run("run", Path("run"), "run-folder", {}, facts=facts)).findings]


def test_a_sound_table_leaks_nothing(facts):
    known = facts(_table())
    assert (known["answer_columns"], known["validation_copies"]) == ([], 0.0)
    assert "suspicious-validation" not in _rules(known)


def test_samples_that_were_repeated_before_the_split_stand_in_both_parts(facts):
    known = facts({name: np.tile(column, 3) for name, column in _table().items()})
    assert known["validation_copies"] > 0.8
    assert "suspicious-validation" in _rules(known)


def test_samples_of_few_values_are_alike_by_chance(facts):
    random = np.random.default_rng(1)
    assert facts({name: random.integers(0, 3, 200) for name in "aby"})["validation_copies"] == 0.0


def test_a_column_that_names_the_class_otherwise_is_the_answer(facts):
    table = _table()
    known = facts({"a": table["a"], "diagnosis": np.where(table["y"] == "ill", "C50", "Z00"), "y": table["y"]})
    assert known["answer_columns"] == ["diagnosis"]
    assert "suspicious-validation" in _rules(known)


def test_a_column_that_knows_one_of_three_classes_is_none(facts):
    table = _table()
    y = np.where(table["a"] > 0.5, "high", np.where(table["b"] > 0, "left", "right"))
    assert facts({"a": table["a"], "b": table["b"], "is_high": (y == "high").astype(int), "y": y})["answer_columns"] == []


def test_the_number_to_be_predicted_in_another_unit_is_the_answer(facts):
    table = _table()
    y = 2.0 * table["a"] - table["b"]
    assert facts({"a": table["a"], "b": table["b"], "cents": 100 * y + 5, "y": y})["answer_columns"] == ["cents"]


def test_a_line_through_a_single_column_leaks_nothing(facts):
    x = np.linspace(0.0, 1.0, 100)
    assert facts({"x": x, "y": 2 * x + 1})["answer_columns"] == []
