"""The page: nothing from outside, nothing injected, everything reachable."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import numpy as np
import pytest

from advisor import catalogue
from advisor.charts import Curve, Mark, Plot
from advisor.charts.scale import scale_of
from advisor.report import Stage
from advisor.report._html.chart import figure
from advisor.report._html.heat import heat, shade
from advisor.report._html.readings import MOST, readings
from advisor.report._html.thinning import PARTS, kept
from advisor.rules.examples import falling, layered, record

EVIL = (
    "<script>alert(1)</script>", "</style><script>alert(1)</script>", "</title></svg><img src=x onerror=alert(1)>", '" onload="alert(1)',
    "' onmouseover='alert(1)", "javascript:alert(1)", "&lt;script&gt;", "]]>", "<!--", "\x1b[31m", "a\nb", "\u202e", "\ud800", "x" * 3000,
)  # fmt: skip
ELEMENTS = """
a article body button caption code dd desc details div dl dt figcaption figure footer h1 h2 h3 h4 head html i li line main meta nav
p path pre rect script section span style summary svg table tbody td text th thead title tr ul
"""
VOID = {"meta"}


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text outside of style and script; unclosed elements are refused."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text, self._open = [], "", []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))
        self._open += [] if name in VOID else [name]

    def handle_endtag(self, name):
        assert self._open.pop() == name

    def handle_data(self, data):
        self.text += data if self._open and self._open[-1] not in ("script", "style") else ""

    @property
    def shape(self):
        return [(name, set(attributes)) for name, attributes in self.elements]

    def all(self, name):
        return [attributes for element, attributes in self.elements if element == name]


def rendered(*outcomes):
    return catalogue.entry("report", "html").render(outcomes, Stage())


def hostile(report, evil):
    """A report with the same text in every place that comes from a log or a Config."""
    layers = replace(report.run.layers, names=(evil, *report.run.layers.names[1:]))
    series = {**report.run.series, f"val_loss:{evil}": report.run.series["val_loss"]}
    run = replace(report.run, name=evil, notes=(evil,), unused=(evil,), roles={evil: evil}, layers=layers, series=series)
    findings = tuple(
        replace(one, message=evil, evidence=replace(one.evidence, layers=(evil,), file=evil, series=(evil,))) for one in report.findings
    )
    return replace(report, run=run, findings=findings, skipped=tuple(replace(one, reason=evil) for one in report.skipped))


@pytest.mark.parametrize("evil", EVIL)
def test_no_name_makes_an_element_or_an_attribute(evil, sick):
    harmless, page = Page(rendered(hostile(sick, "harmless"))), Page(rendered(hostile(sick, evil)))
    assert page.shape == harmless.shape


def test_holds_nothing_that_runs_or_loads_but_its_own_style_and_script(sick, healthy, unreadable):
    text = rendered(sick, healthy, unreadable)
    page = Page(text)
    assert {name for name, _ in page.elements} <= set(ELEMENTS.split())
    attributes = {name for _, found in page.elements for name in found}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "action")}
    assert all(found["href"].startswith("#") for found in page.all("a"))
    assert not re.search(r"https?://|@import|url\(", text)
    assert (len(page.all("script")), len(page.all("style"))) == (1, 1)


def test_the_policy_allows_exactly_what_stands_there(sick):
    text = rendered(sick)
    policy = next(found["content"] for found in Page(text).all("meta") if found.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    for element in ("script", "style"):
        (inner,) = re.findall(f"<{element}>(.*?)</{element}>", text, re.DOTALL)
        assert f"{element}-src 'sha256-{b64encode(sha256(inner.encode()).digest()).decode()}'" in policy


def test_every_link_and_every_name_leads_somewhere(sick, healthy):
    page = Page(rendered(sick, healthy))
    ids = [found["id"] for _, found in page.elements if "id" in found]
    assert len(ids) == len(set(ids))
    named = [word for _, found in page.elements for word in found.get("aria-labelledby", "").split()]
    assert {*named, *(found["href"].removeprefix("#") for found in page.all("a"))} <= set(ids)


def test_each_picture_says_what_it_shows_and_has_its_numbers_beside_it(sick):
    page = Page(rendered(sick))
    pictures = [found for found in page.all("svg") if found.get("role") == "img"]
    assert len(pictures) == len(page.all("caption")) == len(page.all("figure")) == 2
    assert "The numbers stand in the table below" in page.text


def test_any_stream_can_carry_it(sick):
    assert rendered(hostile(sick, "손실 ✓")).isascii()


def test_the_worst_come_first_and_many_quiet_runs_stand_in_the_table_alone(sick, healthy):
    page = Page(rendered(*[healthy] * 8, sick))
    assert [found["aria-labelledby"] for found in page.all("section")] == ["run-1-title"]
    assert page.text.index("runs/one") < page.text.index("example.csv")
    assert page.text.count("✓ healthy") == 8


def test_a_chart_is_as_it_was_looked_at(golden):
    x = np.arange(1.0, 6)
    train, val = np.array([1.0, 0.5, np.nan, 0.2, 0.1]), np.array([1.0, 0.6, 0.3, 0.35, 0.4])
    curves = (Curve("train_loss 0.1", x, train), Curve("val_loss 0.4", x, val))
    plot = Plot(curves, "loss", "epoch", (Mark("1", 3.0, 5.0), Mark("2", 1.0, 1.0, "error")), best=3.0)
    golden("html-chart", figure("c", plot).replace("><", ">\n<") + "\n")


def test_a_point_between_lost_ones_is_a_dot():
    plot = Plot((Curve("a", np.arange(5.0), np.array([np.nan, 1.0, np.nan, 2.0, 2.0])),))
    assert 'd="M0 1000h0M666.7 0L1000 0"' in figure("c", replace(plot, x_limits=(1.0, 4.0)))


def test_lost_values_are_marked_where_they_were_and_once_where_they_are_many():
    losses = np.where(np.arange(30) < 20, 1.0, np.nan)
    marks = re.findall(r'class="lost" x="([^"]*)%"', figure("c", Plot((Curve("a 1", np.arange(30.0), losses),))))
    assert [float(mark) for mark in marks] == pytest.approx([100 * place / 29 for place in range(20, 30)], abs=0.01)
    many = figure("c", Plot((Curve("a 1", np.arange(5000.0), np.full(5000, np.nan)),)))
    assert many.count('class="lost"') == 101


def test_findings_at_one_place_shade_it_once_in_the_colour_of_the_first():
    marks = (Mark("1", 3.0, 5.0, "error"), Mark("2", 3.0, 5.0, "warning"), Mark("3", 1.0, 2.0, "info"))
    text = figure("c", Plot((Curve("a 1", np.arange(9.0), np.arange(9.0)),), marks=marks))
    assert sorted(re.findall(r'class="band (\w+)"', text)) == ["error", "info"]


def test_a_million_points_keep_their_spikes():
    y = np.random.default_rng(0).normal(1.0, 0.1, 1_000_000)
    y[123_456], y[700_000] = 50.0, -50.0
    chosen = kept(y)
    assert {0, 123_456, 700_000, 999_999} <= set(chosen.tolist())
    assert len(chosen) <= 4 * PARTS


def test_a_lost_value_is_no_extreme():
    y = np.ones(10_000)
    y[5_000:5_100], y[7_000] = np.nan, 3.0
    assert 7_000 in kept(y)


def test_readings_name_the_range_of_all_points_and_what_was_lost():
    y = np.ones(1000)
    y[15], y[25] = 9.0, np.inf
    told = readings(Plot((Curve("a 1", np.arange(1000.0), y),)))
    assert len(told) == MOST
    assert [one.values[0] for one in told[:4]] == ["1", "1 to 9", "1, inf", "1"]
    assert (told[1].extent, told[-1].end) == ("10–19", 999.0)


def test_parts_of_an_epoch_are_told_to_hundredths():
    told = readings(Plot((Curve("a 1", np.arange(1, 91) / 45, np.ones(90)),)))
    assert (told[0].extent, told[44].extent) == ("0.02", "1")


def test_readings_of_curves_that_are_logged_at_different_places_stand_together():
    told = readings(Plot((Curve("a 1", np.array([1.0, 2, 3]), np.ones(3)), Curve("b 1", np.array([2.0]), np.array([5.0])))))
    assert [(one.extent, one.values) for one in told] == [("1", ("1", "")), ("2", ("1", "5")), ("3", ("1", ""))]


def test_a_cell_of_a_heat_map_is_the_highest_and_knows_what_was_lost():
    norms = np.ones((400, 2))
    norms[5, 0], norms[399, 1] = 100.0, np.nan
    layers = replace(layered(("a", "b"), grad_norm=norms), recorded={"grad_norm": np.ones((400, 2), dtype=bool)})
    found = heat(record(layers=layers, train_loss=falling(1, 0, 3)), "grad_norm")
    assert (len(found.places), found.values[0, 0], found.values[1, 0]) == (40, 100.0, 1.0)
    assert (found.lost.sum(), found.lost[39, 1]) == (1, 1)


def test_shades_follow_the_scale_and_zero_is_the_lowest():
    scale = scale_of([np.array([1e-7, 1.0])], log=True)
    assert [shade(value, scale) for value in (0.0, 1e-7, 1e-3, 1.0)] == [0, 0, 4, 7]


ATTEMPT = {
    "fix": "use-relu", "edits": [{"path": "model.activation", "value": "relu"}], "safety": "unsafe", "run": "runs/one-use-relu",
    "seeds": [0], "trainings": 1, "signal": {"rule": "vanishing-gradient", "before": 0.14, "after": 0.9, "threshold": 0.3},
    "metric": {"name": "val_balanced_accuracy", "higher_is_better": True, "before": [0.1], "after": [0.97]}, "verdict": "cured",
    "kept": True,
}  # fmt: skip
FOREIGN = (
    [],
    3,
    {},
    *({**ATTEMPT, **wrong} for wrong in ({"edits": None}, {"signal": []}, {"metric": 5}, {"fix": None}, {"run": "../.."})),
)


@pytest.fixture
def repaired(sick, tmp_path):
    """The run of `sick` in a folder of its own, with what was tried."""
    folder = tmp_path / "one"
    folder.mkdir()
    (tmp_path / "one-use-relu").mkdir()
    rows = "".join(f"{e},{e * 10},{2 / e},{2.1 / e}\n" for e in range(1, 12))
    (tmp_path / "one-use-relu" / "run.csv").write_text(f"epoch,step,train_loss,val_loss\n{rows}", encoding="utf-8")
    lines = [json.dumps(entry) for entry in (ATTEMPT, *FOREIGN)]
    (folder / "attempts.jsonl").write_text("\n".join([*lines, '{"torn']), encoding="utf-8")
    return replace(sick, run=replace(sick.run, path=folder))


def test_what_was_tried_stands_there_with_its_verdict_and_its_curves(repaired):
    page = Page(rendered(repaired))
    assert "✓ cured, kept" in page.text
    assert "val_balanced_accuracy 0.1 → 0.97 (higher is better)" in page.text
    assert "before and after use-relu" in page.text


def test_foreign_lines_among_the_attempts_are_left_out(repaired):
    assert Page(rendered(repaired)).text.count("cured, kept") == 2  # the attempt, and the one whose run is not there
