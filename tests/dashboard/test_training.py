"""A training that the dashboard shows: what becomes of it when the dashboard is quit, and what is said when it ends early."""

import pytest

from advisor.dashboard.screens.leave import Leave


class Training:
    """One that runs until it is stopped."""

    def __init__(self, status=None, words=""):
        self.status, self.words, self.is_stopped = status, words, False

    def stop(self):
        self.is_stopped = True


@pytest.mark.parametrize(
    ("key", "is_left", "is_stopped"), [("k", True, False), ("s", True, True), ("c", False, False), ("escape", False, False)]
)
def test_quitting_asks_what_becomes_of_a_training_that_runs(dashboard, still, key, is_left, is_stopped):
    training = Training()

    async def script(session):
        await session.press("q")
        assert isinstance(session.app.screen, Leave)
        await session.press(key)
        assert session.app._exit is is_left

    dashboard(still, script, training=training)
    assert training.is_stopped is is_stopped


@pytest.mark.slow
@pytest.mark.parametrize("key", ["q", "ctrl+q"])
def test_no_key_quits_without_asking(dashboard, still, key):
    async def script(session):
        await session.press(key)
        assert isinstance(session.app.screen, Leave)

    dashboard(still, script, training=Training())


@pytest.mark.slow
def test_the_answer_can_be_chosen_from_the_list(dashboard, still):
    training = Training()

    async def script(session):
        await session.press("q", "down", "enter")
        assert session.app._exit

    dashboard(still, script, training=training)
    assert training.is_stopped


@pytest.mark.slow
def test_nothing_is_asked_of_a_training_that_has_ended(dashboard, still):
    async def script(session):
        await session.press("q")
        assert session.app._exit

    dashboard(still, script, training=Training(status=0))


def test_a_training_that_crashed_is_told(dashboard, still):
    async def script(session):
        await session.until("[no] memory left")

    dashboard(still, script, training=Training(status=2, words="[no] memory left"))


def test_a_training_that_was_killed_is_told(dashboard, still):
    async def script(session):
        await session.until("killed its process")

    dashboard(still, script, training=Training(status=-9))


@pytest.mark.slow
def test_a_training_that_never_began_ends_the_dashboard(dashboard, still):
    still.runs = ()

    async def script(session):
        for _ in range(100):
            await session.pilot.pause(0.05)
            if session.app._exit:
                return

    assert dashboard(still, script, training=Training(status=2, words="bad data")) == ""
