"""The report for people: what it says, in which order, and that nothing out of a file can style it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from advisor import catalogue
from advisor.charts import ASCII, plain
from advisor.edits import Edit
from advisor.outcome import Status
from advisor.report import Stage
from advisor.report._layout import code
from advisor.text import cells

ESCAPE = re.compile("\x1b\\[[0-9;]*m")


def shown(*outcomes, **stage):
    return catalogue.entry("report", "text").render(outcomes, Stage(**stage))


@pytest.mark.parametrize("width", [80, 160])
def test_a_sick_run_reads_as_it_did(golden, sick, width):
    golden(f"sick-{width}", shown(sick, width=width))


def test_a_sick_run_reads_in_ascii_as_it_did(golden, sick):
    golden("sick-ascii", shown(sick, glyphs=ASCII))


def test_several_runs_read_as_they_did(golden, healthy, undecided, unreadable):
    golden("several", shown(healthy, undecided, unreadable))


@pytest.mark.parametrize("width", [20, 33, 80, 300])
def test_no_line_is_wider_than_the_terminal(width, sick, healthy, undecided, unreadable):
    text = shown(sick, healthy, undecided, unreadable, width=width)
    assert max(map(cells, text.splitlines())) <= width


def test_colours_change_nothing_but_colours(sick):
    assert ESCAPE.sub("", shown(sick, colours="256")) == shown(sick)
    assert ESCAPE.search(shown(sick, colours="256"))


def test_every_finding_can_be_found_on_a_chart_by_its_number(sick):
    text = shown(sick)
    assert all(f"\n{indent}{number} " in text for number, indent in ((1, ""), (2, "   "), (3, "")))
    assert all(re.search(f"[╰─]{number}[╯─]", text) for number in (2, 3))


def test_an_effect_stands_indented_behind_its_cause(sick):
    lines = shown(sick).splitlines()
    cause = next(i for i, line in enumerate(lines) if line.startswith("1 ✗ error G101"))
    effect = next(i for i, line in enumerate(lines) if line.startswith("   2 ! warning F102 underfitting, because of vanishing-gradient"))
    assert cause < effect


def test_shows_the_config_lines_where_there_is_a_config_and_the_code_where_there_is_none(sick):
    assert 'model.activation = "relu"' in shown(sick)
    without = replace(sick, run=replace(sick.run, config=None))
    assert "nn.ReLU()" in shown(without)
    assert "model.activation" not in shown(without)
    assert "advisor fix" not in shown(without)


def test_a_value_that_stands_in_the_config_already_is_not_what_to_do_first(sick):
    finding = sick.findings[0]
    search = replace(finding.fixes[0], edits=(Edit("optim.lr", 10.0, measure="range-test"),))
    run = replace(sick.run, config={"optim": {"lr": 10.0}})
    text = shown(replace(sick, run=run, findings=(replace(finding, fixes=(search,)),)))
    assert "optim.lr = ...  # what a range-test finds; now 10" in text


def test_a_healthy_run_says_what_was_checked_and_what_was_not(healthy):
    text = shown(healthy)
    assert "✓ healthy  nothing found by diverging-loss, non-finite-loss" in text
    assert "overfitting: no val_loss in this log" in text


def test_a_healthy_run_with_a_hint_names_its_rule_among_those_that_found_something_and_offers_no_fix(healthy, sick):
    hint = replace(sick.findings[2], rule="diverging-loss")
    hinted = replace(healthy, findings=(hint,), run=replace(healthy.run, config={"optim": {"lr": 0.1}}))
    text = shown(hinted)
    assert "✓ healthy  nothing else found by non-finite-loss" in text
    assert text.rstrip().endswith("\nnext      advisor explain diverging-loss")
    assert "advisor fix" not in catalogue.entry("report", "html").render([hinted], Stage())


def test_a_command_to_copy_holds_a_strange_path_in_quotes(sick):
    strange = replace(sick, run=replace(sick.run, path=Path("runs/$(reboot) one")))
    assert "advisor fix 'runs/$(reboot) one'\n          advisor explain vanishing-gradient" in shown(strange)
    korean = replace(sick, run=replace(sick.run, path=Path("runs/손실-1")))
    assert "advisor fix runs/손실-1\n" in shown(korean)


def test_rules_skipped_for_one_reason_stand_together(sick):
    skipped = tuple(replace(one, reason="nothing was recorded") for one in sick.skipped)
    assert "dead-units, huge-updates: nothing was recorded" in shown(replace(sick, skipped=skipped))


def test_a_run_of_which_too_little_is_known_is_not_called_healthy(undecided):
    text = shown(undecided)
    assert "undecided" in text
    assert "healthy" not in text


def test_names_out_of_a_file_cannot_style_the_terminal(sick):
    evil = "\x1b[31mred\x1b]0;title\x07[bold]x[/bold]"
    run = replace(
        sick.run,
        name=evil,
        unused=(evil,),
        notes=(evil,),
        roles={"train_loss": evil},
        series={**sick.run.series, f"val_loss:{evil}": sick.run.series["val_loss"]},
    )
    text = shown(replace(sick, run=run))
    assert not set("\x1b\x07") & set(text)
    assert "[bold]x[/bold]" in text
    assert "\x1b]" not in shown(replace(sick, run=run), colours="256")


def test_findings_about_layers_show_the_numbers_by_layer(sick):
    text = shown(sick)
    assert "median grad_norm by layer" in text
    assert re.search(r"layers\.0│●.* 1e-7", text)


@pytest.mark.parametrize("form", ["text", "markdown", "html", "junit", "github"])
def test_standard_input_is_called_by_its_name(sick, form):
    evidence = replace(sick.findings[0].evidence, file="-")
    piped = replace(sick, run=replace(sick.run, path=Path("-"), name="-"), findings=(replace(sick.findings[0], evidence=evidence),))
    text = catalogue.entry("report", form).render((piped,), Stage())
    assert "standard input" in text
    assert "- lines" not in text


def test_a_run_of_which_nothing_was_asked_says_so(undecided):
    assert "no rule was asked" in shown(replace(undecided, skipped=()))


def test_a_run_without_any_series_is_still_reported(undecided):
    assert "undecided" in shown(replace(undecided, run=replace(undecided.run, series={})))


def test_says_how_many_runs_are_well_where_there_are_several(sick, healthy, unreadable):
    assert shown(sick, healthy, unreadable).rstrip().endswith("3 runs: 1 healthy, 1 with findings, 1 unreadable")


def test_every_status_is_shown(sick):
    for status in (Status.HEALTHY, Status.FINDINGS, Status.UNDECIDED):
        assert shown(replace(sick, status=status))


def test_code_stays_as_it_is_where_it_fits_and_keeps_its_indentation_where_it_is_broken():
    texts = [[plain(row) for row in code(line, 24, "  ", "curve1")] for line in ("    a = 1  # why", "    first_value = second_value")]
    assert texts == [["      a = 1  # why"], ["      first_value =", "      second_value"]]


def test_names_without_end_and_hundreds_of_columns_leave_the_findings_in_sight(healthy):
    columns = ("x" * 5000, *(f"gradients/{k}" for k in range(300)))
    run = replace(healthy.run, name="y" * 5000, unused=columns, roles={**healthy.run.roles, "train_accuracy": "z" * 5000})
    text = shown(replace(healthy, run=run))
    assert len(text.splitlines()) < len(shown(healthy).splitlines()) + 25
    assert "and 261 more, which --format json" in " ".join(text.split())
