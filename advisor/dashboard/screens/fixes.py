"""What could be tried for a run: the fixes, what each changes in the Config and why; enter asks, and a yes tries it."""

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen

from advisor.charts import Glyphs
from advisor.dashboard.screens.told import Told
from advisor.dashboard.view.options import Option, options
from advisor.dashboard.widgets.choice_list import ChoiceList
from advisor.dashboard.widgets.foot import Foot
from advisor.dashboard.widgets.listing import Listing
from advisor.dashboard.widgets.spans import SPAN_CLASSES
from advisor.dashboard.widgets.story import Story
from advisor.findings import Finding
from advisor.outcome import Report
from advisor.text import printable

YES_OR_NO = (("y,enter", "train it", "yes"), ("n,escape", "no", "no"))


class FixesScreen(Screen[Option | None]):
    """Owns which fix is looked at; ends with the one to try."""

    COMPONENT_CLASSES: ClassVar[set[str]] = SPAN_CLASSES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "try", "Try it", key_display="enter"),
        Binding("tab", "pane", "Pane", priority=True),
        Binding("question_mark", "explain", "Help", key_display="?"),
        Binding("escape,f,backspace", "close", "Back", key_display="esc"),
        Binding("q", "app.quit", "Quit", show=False),
    ]
    AUTO_FOCUS = "#choices"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-medium"), (120, "-wide")]  # noqa: RUF012

    def __init__(self, report: Report, finding: Finding | None, refusal: str, glyphs: Glyphs) -> None:
        """`refusal`: why nothing can be tried here; empty where it can."""
        super().__init__()
        self._report, self._refusal, self._glyphs = report, refusal, glyphs
        self._options = options(report)
        rule = finding.rule if finding else ""
        self._first = next((i for i, option in enumerate(self._options) if option.rule == rule), 0)

    def compose(self) -> ComposeResult:
        """The fixes, and beside or below them what one of them is."""
        with Container(id="fixes"):
            yield ChoiceList(id="choices")
            yield Story(id="story")
        yield Foot(("up", "enter", "tab", "question_mark", "escape"))

    def on_mount(self) -> None:
        """Start with the fix of the finding that was looked at."""
        listed = self.query_one(ChoiceList)
        listed.choices = [option.line for option in self._options]
        listed.border_title = Content(printable(f"fixes for {self._report.run.name}"))
        listed.cursor = self._first
        self.look()

    @property
    def chosen(self) -> Option | None:
        """The fix under the cursor."""
        return self._options[self.query_one(ChoiceList).cursor] if self._options else None

    @on(Listing.Moved)
    def look(self) -> None:
        """Show another fix."""
        story, option = self.query_one(Story), self.chosen
        if option is not None:
            story.text = partial(option.rows, self._report, self._refusal)
            story.border_title = Content(option.title)
            story.scroll_to(y=0, animate=False)

    def action_pane(self) -> None:
        """From the list to the text and back."""
        listed, story = self.query_one(ChoiceList), self.query_one(Story)
        (story if self.focused is listed else listed).focus()

    def action_explain(self) -> None:
        """The page of the first key that the fix changes, else of the fix."""
        option = self.chosen
        paths = [edit.path for attempt in option.attempts for edit in attempt.edits] if option else []
        if topic := next(iter([*paths, *(option.fixes if option else ())]), ""):
            self.app.call_later(self.app.run_action, f"page('{topic}')")

    def action_try(self) -> None:
        """Ask, if it can be tried at all."""
        option = self.chosen
        if option is None:
            return
        if self._refusal or not option.can_be_tried:
            self.notify(self._refusal or "this is for you to do: nothing in the Config can do it", markup=False)
            return
        question = f"train again with {option.title}?"
        self.app.push_screen(Told(question, partial(option.diff, self._report), YES_OR_NO), self._answered)

    def _answered(self, answer: str | None) -> None:
        if answer == "yes":
            self.dismiss(self.chosen)

    def action_close(self) -> None:
        """Back to the curves."""
        self.dismiss(None)
