"""A comparison as text at several widths, as Markdown and as JSON."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from advisor import catalogue
from advisor.charts import ASCII
from advisor.compare import compare
from advisor.report import Stage
from advisor.rules.examples import falling, record, shaken
from advisor.text import cells

COLUMNS = {"val_metric": "val_balanced_accuracy"}


def digits(name, end, seed=0, /, **optim):
    config = {"model": {"hidden": [32, 32]}, "optim": {"name": "sgd", "lr": 0.01, **optim}, "train": {"seed": seed}}
    run = record(
        columns=COLUMNS, config=config, facts={"validation_samples": 359, "class_shares": [0.1] * 10},
        train_loss=falling(2.3, 1 - end, 30), val_loss=shaken(falling(2.3, 1.1 - end, 30), 0.01, seed),
        val_metric=1 - falling(0.9, 1 - end, 30),
    )  # fmt: skip
    return replace(run, name=name, path=Path("runs") / name)


@pytest.fixture
def close():
    return compare([digits("plain", 0.969), digits("momentum", 0.974, momentum=0.9)])


@pytest.fixture
def many():
    seeds = [digits(f"adam-{i}", 0.95 + i / 100, i, name="adam") for i in range(3)]
    return compare(
        [digits("a-run-with-quite-a-long-name", 0.5, lr=0.0001), *seeds, *(digits(f"lr-{i}", i / 10, lr=i / 10) for i in range(1, 7))]
    )


def rendered(form, comparison, stage=None):
    return catalogue.entry("report._comparison", form).render(comparison, stage or Stage())


@pytest.mark.parametrize("name", ["close", "many"])
@pytest.mark.parametrize("width", [80, 160])
def test_text_is_as_it_was_looked_at(request, golden, name, width):
    golden(f"comparison-{name}-{width}", rendered("text", request.getfixturevalue(name), Stage(width)))


def test_markdown_is_as_it_was_looked_at(golden, close):
    golden("comparison-markdown", rendered("markdown", close))


@pytest.mark.parametrize("width", [20, 40, 80, 100, 160, 300])
def test_no_line_is_wider_than_the_terminal(many, width):
    assert max(map(cells, rendered("text", many, Stage(width)).splitlines())) <= width


def test_ascii_is_enough(many):
    text = rendered("text", many, Stage(glyphs=ASCII))
    chart = text.partition("   run")[0]
    assert chart.isascii()


def test_a_student_reads_two_numbers_and_the_noise(close):
    text = " ".join(rendered("text", close).split())
    assert "momentum is ahead, which may be chance:" in text
    assert "against" in text and "within the noise of" in text
    assert "another validation part of that size could change as much" in text


def test_logs_without_a_config_say_so():
    runs = [replace(record(train_loss=[2, 1, end]), name=name, path=Path(name)) for name, end in (("a", 0.5), ("b", 0.4))]
    text = " ".join(rendered("text", compare(runs)).split())
    assert "these logs hold none" in text


def test_names_with_escapes_and_markup_are_spelled_out():
    evil = [replace(record(train_loss=[2, 1, end]), name=f"\x1b[31m|<b>{end}", path=Path(f"{end}")) for end in (0.5, 0.4)]
    for form in ("text", "markdown"):
        assert "\x1b" not in rendered(form, compare(evil))
    assert "\\|\\<b\\>" in rendered("markdown", compare(evil))


def test_json_is_strict_where_a_run_ended_without_a_number():
    lost = [replace(record(train_loss=[2, end]), name=str(end), path=Path(str(end))) for end in (np.nan, 1.0)]
    document = json.loads(rendered("json", compare(lost)), parse_constant=lambda constant: pytest.fail(constant))
    assert document["runs"][0]["value"] == "nan"


def test_a_run_without_a_config_is_not_said_to_have_the_same_one():
    foreign = replace(digits("theirs", 0.97), config=None)
    text = " ".join(rendered("text", compare([digits("plain", 0.969), foreign])).split())
    assert "theirs holds none, so what was changed" in text
    assert "they do not differ" not in text
