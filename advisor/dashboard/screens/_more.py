"""What else can be done with what is shown: pages, comparison, layers, export, copy, other characters, other colours."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from advisor.charts import ASCII, BLOCKS, BRAILLE, Glyphs, Row
from advisor.dashboard.screens._trials import Trials
from advisor.dashboard.screens.help import Help
from advisor.dashboard.screens.layers import LayersScreen
from advisor.dashboard.screens.settings import SettingsScreen
from advisor.dashboard.screens.told import Told
from advisor.dashboard.view.exporting import as_csv, as_report, as_svg, written_to
from advisor.dashboard.view.layers import statistics
from advisor.dashboard.view.shelf import set_apart
from advisor.dashboard.widgets.charts import Charts
from advisor.dashboard.widgets.finding_list import FindingList
from advisor.dashboard.widgets.run_list import RunList
from advisor.dashboard.widgets.story import Story
from advisor.dashboard.wording import compared_text
from advisor.errors import AdvisorError
from advisor.following import Watched
from advisor.outcome import Report
from advisor.report import written

GLYPHS = (BRAILLE, BLOCKS, ASCII)
COPY_WIDTH = 100
CHART_EXPORTS = {"csv": as_csv, "svg": as_svg}
EXPORTS = (("c", "CSV", "csv"), ("s", "SVG", "svg"), ("r", "report", "report"), ("t", "screen as text", "text"), ("escape", "nothing", ""))


class More(Trials):
    """Everything that needs no state of its own."""

    def use_glyphs(self, glyphs: Glyphs) -> None:
        """Draw with other characters."""
        self.glyphs = glyphs
        self.app.set_class(not glyphs.patterns, "-ascii")
        self.query_one(Charts).glyphs = self.query_one(RunList).glyphs = glyphs

    def action_glyphs(self) -> None:
        """The next of those that the terminal can show."""
        possible = GLYPHS[GLYPHS.index(self.finest) :]
        self.use_glyphs(possible[(possible.index(self.glyphs) + 1) % len(possible)])
        self.notify(f"drawn in {self.glyphs.name}")

    def action_layers(self) -> None:
        """Look at the layers of the run under the cursor."""
        run, entry = self.chosen, self.query_one(FindingList).chosen
        if run is None or not isinstance(run.outcome, Report):
            return
        if not statistics(run.outcome.run):
            self.notify("nothing was recorded by layer; `advisor train` and `advisor.watch` do", title=run.label, markup=False)
            return
        self.app.push_screen(LayersScreen(run.outcome.run, entry.finding if entry else None, self.glyphs))

    def action_settings(self) -> None:
        """The Config of the run under the cursor."""
        run = self.chosen
        if run is None or not isinstance(run.outcome, Report) or not run.outcome.run.config:
            self.notify("no Config is known for this log", markup=False)
            return
        self.app.push_screen(SettingsScreen(run.outcome.run))

    def action_compare(self) -> None:
        """The marked and pinned runs beside each other; a single one beside the run under the cursor."""
        from advisor.compare import compare

        chosen = [run.outcome.run for run in set_apart(self.runs, self.shelf, self.chosen) if isinstance(run.outcome, Report)]
        try:
            found = compare(chosen)
        except AdvisorError as refusal:
            self.notify("mark another run with space first" if len(chosen) < 2 else str(refusal), markup=False)
            return
        self.app.push_screen(Told("compared", partial(self._compared, partial(compared_text, found))))

    def _compared(self, text: Callable[[int, Glyphs], list[Row]], width: int) -> list[Row]:
        return text(width, self.glyphs)

    def action_explain(self) -> None:
        """The page of what is looked at: of the rule of a finding, else of the keys."""
        entry = self.query_one(FindingList).chosen
        rule = entry.rule if entry else ""
        if rule and not self.has_class("-on-runs"):
            self.app.call_later(self.app.run_action, f"page('{rule}')")
        else:
            self.app.push_screen(Help())

    def action_open(self) -> None:
        """What is next: the charts of a run alone, the fixes of a finding, the page behind a text."""
        if self.has_class("-on-findings"):
            self.action_fix()
        elif self.has_class("-on-story"):
            self.action_explain()
        else:
            self.action_look("single")

    def action_keys(self) -> None:
        """Say what the keys do."""
        self.app.push_screen(Help())

    def action_copy(self) -> None:
        """What is said of the run or finding, for the clipboard."""
        if text := self.query_one(Story).text:
            self.app.copy_to_clipboard(written(text(COPY_WIDTH)))
            self.notify("the text of the finding was copied")

    def action_export(self) -> None:
        """Ask what to write into the working folder."""
        self.app.push_screen(Told("export", self._exports, EXPORTS), self._export)

    def _exports(self, width: int) -> list[Row]:
        from advisor.report._layout import paragraph

        said = "The chosen chart as numbers (c) or as a picture (s), the report of the run as a page for a browser (r), or this screen (t)."
        return paragraph(f"{said} It goes into the folder that the dashboard was started in.", width)

    def _export(self, kind: str | None) -> None:
        run, scene = self.chosen, self.query_one(Charts).scene
        if not kind or run is None:
            return
        if kind in CHART_EXPORTS and not scene.panels:
            self.notify("there is no chart to export")
            return
        try:
            file = self._chart_file(kind, run.label) if kind in CHART_EXPORTS else self._run_file(kind, run)
        except AdvisorError as refusal:
            self.notify(str(refusal), severity="error", markup=False)
            return
        self.notify(str(file), title="written", markup=False)

    def _chart_file(self, kind: str, label: str) -> Path:
        panels = self.query_one(Charts).scene.panels
        panel = panels[min(self.look.chosen, len(panels) - 1)]
        return written_to(CHART_EXPORTS[kind](panel), f"{label}-{panel.name}", kind)

    def _run_file(self, kind: str, run: Watched) -> Path:
        if kind == "report":
            return written_to(as_report(run.outcome), f"{run.label}-report", "html")
        return written_to(self.screen_text(), f"{run.label}-screen", "txt")

    def screen_text(self) -> str:
        """This screen, a line each."""
        strips = self._compositor.render_strips()
        return "".join(f"{strip.text.rstrip()}\n" for strip in strips)
