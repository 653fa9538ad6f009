"""Fixes that are tried from the first screen: chosen, confirmed, trained in another process, judged, kept or not."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.timer import Timer

from advisor.charts import Glyphs, Row
from advisor.dashboard.screens._curves import Curves
from advisor.dashboard.screens.told import CLOSE, Told
from advisor.dashboard.training import Launch, Trial, started
from advisor.dashboard.view.look import reset
from advisor.dashboard.view.shelf import family
from advisor.dashboard.widgets.finding_list import FindingList
from advisor.dashboard.widgets.rows import Rows
from advisor.dashboard.widgets.run_list import RunList
from advisor.dashboard.wording import last_words, trial_line, verdict_text
from advisor.following import Follower, Key, State, Watched
from advisor.outcome import Report, shown
from advisor.text import printable

if TYPE_CHECKING:
    from advisor.dashboard.view.options import Option

CHECK = 0.5  # seconds between two looks at the process
KEEP_OR_NOT = (("k", "keep", "keep"), ("d", "drop", "drop"), ("escape", "later", ""))
READONLY = "--readonly: nothing is trained here"
NO_CONFIG = "no Config is known for this log, so nothing can be trained; this is what to change in your own code"


class Trials(Curves):
    """Owns the one trial that may run at a time."""

    def __init__(self, follower: Follower, glyphs: Glyphs, launch: Launch | None) -> None:
        super().__init__(follower)
        self.glyphs = self.finest = glyphs  # the finest that the terminal can show
        self.trial = None
        self._launch, self._check = launch, None

    trial: Trial | None
    _check: Timer | None

    def action_fix(self) -> None:
        """What could be tried for the run under the cursor."""
        run, entry = self.chosen, self.query_one(FindingList).chosen
        if run is None or not isinstance(run.outcome, Report):
            return
        from advisor.dashboard.screens.fixes import FixesScreen  # brings the library of Configs along, which takes its time
        from advisor.dashboard.view.options import options

        if not options(run.outcome):
            said = "what was found are hints, which need no fix" if run.outcome.findings else "no finding, so nothing to fix"
            self.notify(said, title=run.label, markup=False)
            return
        finding = entry.finding if entry else None
        self.app.push_screen(FixesScreen(run.outcome, finding, self._refusal(run), self.glyphs), partial(self._try, run))

    def action_verdicts(self) -> None:
        """What was tried for the run under the cursor and its family, now or ever before, as their folders record it."""
        run = self.chosen
        if run is None or not isinstance(run.outcome, Report):
            return
        from advisor.report._attempts import recorded

        related = family(self.runs, run)
        folders = [one.outcome.run.path for one in self.runs if one.key in related and isinstance(one.outcome, Report)]
        found = {"attempts": [attempt for folder in folders for attempt in recorded(folder)]}
        if not found["attempts"]:
            self.notify("nothing was tried for it yet", title=run.label, markup=False)
            return
        self.app.push_screen(Told(f"tried for {run.label}", partial(self._verdict, found)))

    def _refusal(self, run: Watched) -> str:
        """Why nothing can be tried now."""
        if isinstance(run.outcome, Report) and run.outcome.run.config is None:
            return NO_CONFIG
        if self._launch is None:
            return READONLY
        if run.state is State.RUNNING:
            return "it is still being recorded; wait until the training ends"
        return f"{self.trial.title} is being tried; wait for its verdict" if self.trial else ""

    def _try(self, run: Watched, option: "Option | None") -> None:
        """Train with the fix, beside the run that it is for."""
        if option is None or self._launch is None or not isinstance(run.outcome, Report):
            return
        self.trial = started(self._launch, run.outcome.run.path, option.fixes)
        self.shelf = replace(self.shelf, pinned=run.key, selected=frozenset(), filter="")
        self.look = reset(self.look)
        self._check = self.set_interval(CHECK, self._look_at_trial)
        self._look_at_trial()

    def _look_at_trial(self) -> None:
        """Follow what it makes; when it has ended, say what came of it."""
        trial = self.trial
        if trial is None:
            return
        for folder in trial.folders:
            self.follower.add(self._as_followed(folder))
        made = self._made(trial)
        if new := made - self.shelf.selected:
            self.shelf = replace(self.shelf, selected=self.shelf.selected | new)
        self.query_one("#trial", Rows).text = partial(trial_line, trial.title, [run for run in self.runs if run.key in made])
        self.add_class("-trying")
        if trial.process.status is not None:
            self._ended(trial)

    def _as_followed(self, folder: Path) -> Path:
        """The folder as the follower finds it itself, so that no run is listed twice."""
        above = next((path for path in self.follower.paths if path.absolute() == folder.parent), None)
        return above / folder.name if above is not None else folder

    def _made(self, trial: Trial) -> frozenset[Key]:
        """The runs in the list that the trial has made."""
        names = {str(folder) for folder in trial.first_folders}
        return frozenset(run.key for run in self.runs if str(Path(run.key[0]).absolute()) in names)

    def _ended(self, trial: Trial) -> None:
        if self._check is not None:
            self._check.stop()
        self.trial = None
        self.remove_class("-trying")
        outcome = trial.outcome
        if outcome is None:
            self.app.push_screen(Told(f"{trial.title}: the training crashed", partial(last_words, trial.process.words)))
            return
        attempts = outcome.get("attempts") or []
        result = outcome.get("result") or next((attempt["run"] for attempt in reversed(attempts) if attempt.get("run")), None)
        answers = KEEP_OR_NOT if result else (CLOSE,)
        self.app.push_screen(Told("the verdict", partial(self._verdict, outcome), answers), partial(self._answered, trial, result))

    def _verdict(self, outcome: Mapping[str, Any], width: int) -> list[Row]:
        return verdict_text(outcome, width, self.glyphs)

    def _answered(self, trial: Trial, result: str | None, answer: str | None) -> None:
        """Go on from the new run, or back to the one before; both stay where they are."""
        wanted = str(Path(result).absolute()) if result and answer == "keep" else str(trial.run)
        if answer in ("keep", "drop"):
            self.shelf = replace(self.shelf, selected=frozenset(), pinned=None)
            if result and answer == "keep":
                self.notify(f"advisor train {shown(Path(result) / 'config.toml')}", title="kept; to train it again", markup=False)
            elif result:
                self.notify(f"{printable(Path(result).name)} stays where it is, for you to delete", title="dropped", markup=False)
        listed = self.query_one(RunList)
        place = next((i for i, run in enumerate(listed.runs) if str(Path(run.key[0]).absolute()) == wanted), None)
        if place is not None and answer:
            listed.cursor = place
            self.look_at_another_run()
