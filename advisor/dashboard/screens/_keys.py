"""The keys of the first screen, in the groups in which the help lists them."""

from textual.binding import Binding

LOOKS = [
    Binding("left", "look('left')", "Cursor to the point before", show=False, key_display="←"),
    Binding("right", "look('right')", "Cursor to the next point", show=False, key_display="→"),
    Binding("plus,equals_sign", "look('nearer')", "Zoom in about the cursor", show=False, key_display="+"),
    Binding("minus", "look('farther')", "Zoom out", show=False, key_display="-"),
    Binding("comma,shift+left", "look('earlier')", "Move the window back", show=False, key_display=","),
    Binding("full_stop,shift+right", "look('later')", "Move the window on", show=False, key_display="."),
    Binding("0", "look('all')", "All of the axis, no cursor", show=False),
    Binding("y", "look('log')", "Log or linear axis", show=False),
    Binding("x", "look('axis')", "Along epochs, steps or time", show=False),
    Binding("s", "look('smoother')", "Smoother", show=False),
    Binding("S", "look('rougher')", "Less smooth", show=False, key_display="S"),
    Binding("o", "look('clip')", "Leave outliers out", show=False),
    Binding("right_square_bracket", "look('next')", "Next chart", show=False, key_display="]"),
    Binding("left_square_bracket", "look('previous')", "Chart before", show=False, key_display="["),
    Binding("m", "look('single')", "One chart, as large as the screen", show=False),
]
RUNS = [
    Binding("slash", "filter", "Filter", key_display="/", tooltip="deep*  !relu  lr<0.01  vanishing | dead"),
    Binding("space", "select", "Mark", tooltip="curves of all marked runs are drawn over each other"),
    Binding("p", "pin", "Pin", show=False, tooltip="keeps a run on top and in the charts"),
    Binding("a", "attempts", "Its attempts", show=False, tooltip="the run and its fixes, over each other"),
    Binding("r", "sort", "Order", show=False, tooltip="worst, name, newest, best first"),
]
FINDINGS = [
    Binding("n", "finding(1)", "Next", tooltip="the next finding, wherever the focus is"),
    Binding("N", "finding(-1)", "Finding before", show=False, key_display="N"),
    Binding("u", "skipped", "Skipped", tooltip="rules that could not judge, and why"),
]
VIEWS = [
    Binding("c", "compare", "Compare", tooltip="what differs between marked runs, and which is best"),
    Binding("f", "fix", "Fix", tooltip="what could be tried, and what it changes; enter tries it"),
    Binding("v", "verdicts", "Verdicts", show=False, tooltip="what was tried for the run, and what came of it"),
    Binding("l", "layers", "Layers", tooltip="gradients, updates, activations of each layer"),
    Binding("g", "settings", "Config", show=False, tooltip="every key and its page"),
    Binding("e", "export", "Export", tooltip="a chart as CSV or SVG, the report, the screen"),
]
DASHBOARD = [
    Binding("enter", "open", "Open", show=False, key_display="enter", tooltip="a run alone, a finding's fixes, a text's page"),
    Binding("question_mark", "explain", "Help", key_display="?", tooltip="on a finding its page, elsewhere the keys"),
    Binding("h,f1", "keys", "Keys", show=False),
    Binding("t", "app.theme", "Dark, light, high contrast, colour-blind", show=False),
    Binding("b", "glyphs", "Braille, half blocks, ASCII", show=False),
    Binding("C", "copy", "Copy what is said", show=False, key_display="C"),
    Binding("tab", "pane(1)", "Pane", priority=True),
    Binding("shift+tab", "pane(-1)", "Pane before", show=False, priority=True),
    Binding("escape", "back", "Back", show=False),
    Binding("q", "app.quit", "Quit"),
]
GROUPS = {"runs": RUNS, "charts": LOOKS, "findings": FINDINGS, "more": VIEWS, "dashboard": DASHBOARD}
EVERY = [*RUNS, *LOOKS, *FINDINGS, *VIEWS, *DASHBOARD]
FOOT = ("up", "tab", "f", "n", "l", "c", "space", "slash", "e", "u", "question_mark", "q", "enter", "escape")
