"""The dashboard without a terminal: opened on runs made by hand or on real files, driven by keys, read as text."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from advisor.charts import BRAILLE
from advisor.dashboard.app import Dashboard
from advisor.dashboard.screenshot import screen_text
from advisor.edits import Edit, Safety
from advisor.findings import Evidence, Finding, Proposal, Severity
from advisor.following import State, Watched
from advisor.outcome import Report, Skipped, Status
from advisor.run import Run, Series

EPOCHS = np.arange(1.0, 41.0)
TRAIN = 2.0 * np.exp(-EPOCHS / 8)
VAL = 0.6 + 1.2 * np.exp(-EPOCHS / 4) + 0.02 * np.maximum(EPOCHS - 12, 0)


def series(name, values, epochs=EPOCHS):
    return Series(name, values, epochs, epochs * 45, np.arange(2, len(values) + 2))


def run_named(name, **curves):
    curves = curves or {"train_loss": TRAIN, "val_loss": VAL, "val_accuracy": 1 - VAL / 4}
    return Run(name, Path(name), "table", {role: series(role, values) for role, values in curves.items()}, rows=len(EPOCHS))


def finding(rule, code, severity, roles, because=None):
    evidence = Evidence(roles, "epoch", 13.0, 40.0, file="log.csv", lines=(14, 41))
    fix = Proposal(
        "stop-early", "Stop when validation stops improving", Safety.SAFE, (Edit("train.early_stopping", 5),), "stop()", "Stop()"
    )
    return Finding(rule, code, severity, 0.9, f"What {rule} says with its numbers.", "Why it matters.", 1.0, 0.5, evidence, because, (fix,))


def sick(name):
    findings = (
        finding("overfitting", "F101", Severity.ERROR, ("val_loss", "train_loss")),
        finding("noisy-validation", "F105", Severity.WARNING, ("val_accuracy",), because="overfitting"),
    )
    return Report(run_named(name), Status.FINDINGS, findings, ())


def healthy(name):
    return Report(run_named(name, train_loss=TRAIN), Status.HEALTHY, (), (Skipped("vanishing-gradient", "nothing was recorded by layer"),))


def watched(name, outcome, state=State.UNKNOWN, written=0):
    return Watched((name, name), name, state, outcome, written)


@dataclass
class Still:
    """Runs that stay as they are."""

    runs: tuple = ()
    is_behind: bool = field(default=False, init=False)

    @property
    def places(self):
        return tuple(run.key[0] for run in self.runs)

    def look(self):
        return False


@pytest.fixture
def still():
    """A sick run that is being recorded, a healthy one, and one that was interrupted."""
    return Still(
        (
            watched("first", sick("first"), State.RUNNING),
            watched("second", healthy("second"), State.DONE),
            watched("third", sick("third"), State.INTERRUPTED),
        )
    )


class Session:
    """An open dashboard in the hands of a test."""

    def __init__(self, app, pilot):
        self.app, self.pilot = app, pilot

    async def press(self, *keys):
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def painted(self, seconds=5.0):
        """The foot is what comes last; a busy machine takes its time."""
        for _ in range(int(seconds / 0.05)):
            await self.pilot.pause()
            if screen_text(self.app).splitlines()[-1].strip():
                return
            await asyncio.sleep(0.05)

    async def text(self):
        await self.pilot.pause()
        return screen_text(self.app)

    async def until(self, word, seconds=20.0):
        for _ in range(int(seconds / 0.05)):
            if word in await self.text():
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{word!r} did not appear:\n{await self.text()}")


@pytest.fixture
def dashboard():
    """Runs `script(session)` on a dashboard of some size; returns the text that it leaves."""

    def drive(follower, script=None, size=(80, 24), glyphs=BRAILLE, training=None, launch=None):
        async def session():
            app = Dashboard(follower, glyphs, training, launch)
            async with app.run_test(size=size, notifications=True) as pilot:
                here = Session(app, pilot)
                await here.painted()
                if script is not None:
                    await script(here)
                return screen_text(app) if app.is_running and app._exit is False else ""

        return asyncio.run(session())

    return drive
