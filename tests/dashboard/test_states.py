"""Every state of the screens, at sizes nobody would choose and where nothing but ASCII can be shown."""

from pathlib import Path

import pytest

from advisor.charts import ASCII
from advisor.cli._shared import prepare
from advisor.following import Follower

SAMPLES = Path(__file__).parents[2] / "sample_runs"
STATES = {
    "layers": ["l"], "curve": ["l", "enter"], "fixes": ["f"], "confirm": ["f", "enter"], "page": ["tab", "question_mark"],
    "compared": ["space", "c"], "keys": ["question_mark"], "export": ["e"], "config": ["g"], "single": ["m"],
    "filter": ["slash", "x"], "skipped": ["u"],
}  # fmt: skip
in_every_state = pytest.mark.parametrize("keys", STATES.values(), ids=STATES)


@pytest.fixture
def recorded():
    follower = Follower([SAMPLES / "vanishing-gradient", SAMPLES / "overfitting"])
    follower.first()
    while follower.is_behind:
        follower.look()
    return follower


def pressing(keys):
    async def script(session):
        await session.press(*keys)

    return script


@pytest.mark.slow
@in_every_state
@pytest.mark.parametrize("size", [(1, 1), (20, 6), (300, 100)], ids=str)
def test_no_size_is_refused(dashboard, recorded, keys, size):
    lines = dashboard(recorded, pressing(keys), size=size, launch=lambda run, fixes: None).splitlines()
    assert len(lines) == size[1]


@pytest.mark.slow
@in_every_state
def test_only_ascii_is_drawn_where_nothing_else_can_be_shown(dashboard, recorded, keys):
    prepare()  # signs outside of charts are replaced by the stream, each by one of its own width
    for line in dashboard(recorded, pressing(keys), glyphs=ASCII, launch=lambda run, fixes: None).splitlines():
        drawn = line.encode("ascii", errors="plain").decode()
        assert len(drawn) == len(line)
        assert "\\" not in drawn
