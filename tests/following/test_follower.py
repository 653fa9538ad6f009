"""Following runs: what is new, what has grown, what state they are in, and what is not said."""

import json
import sqlite3
from contextlib import closing

import pytest

from advisor.errors import ReadError
from advisor.following import Follower, State
from advisor.lock import hold
from advisor.outcome import Status

HEADER = "epoch,train_loss,val_loss\n"


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def rows(first, last):
    return "".join(f"{epoch},{2 / epoch},{2 / epoch + 0.1}\n" for epoch in range(first, last + 1))


def write_log(path, epochs=8):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + rows(1, epochs), encoding="utf-8")
    return path


def write_run(folder, status, epochs=3):
    folder.mkdir(parents=True)
    text = "".join(f"{e},{e * 10},{2 / e},{2 / e + 0.1}\n" for e in range(1, epochs + 1))
    (folder / "run.csv").write_text(f"epoch,step,train_loss,val_loss\n{text}", encoding="utf-8")
    (folder / "config.toml").write_text("[optim]\nlr = 0.1\n", encoding="utf-8")
    (folder / "run.json").write_text(json.dumps({"status": status, "facts": {}}), encoding="utf-8")
    return folder


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def following(clock):
    def follow(*paths, **told):
        follower = Follower(paths, clock=clock, **told)
        follower.look()
        return follower

    return follow


def test_a_look_at_what_did_not_change_tells_nothing(following, tmp_path, clock):
    follower = following(write_log(tmp_path / "log.csv"))
    clock.now += 100
    assert follower.look() is False


def test_rows_that_were_added_are_read(following, tmp_path, clock):
    log = write_log(tmp_path / "log.csv")
    follower = following(log)
    with log.open("a", encoding="utf-8") as file:
        file.write(rows(9, 12))
    clock.now += 100
    assert follower.look() is True
    assert follower.runs[0].outcome.run.epochs == 12


def test_what_stands_in_the_log_of_a_database_alone_is_read(following, tmp_path, clock):
    path = tmp_path / "project.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_name TEXT, step INTEGER, metrics TEXT)")
        store.execute("""INSERT INTO metrics VALUES (1, 'mine', 1, '{"loss": 2.0}')""")
        follower = following(path)
        store.execute("""INSERT INTO metrics VALUES (2, 'mine', 2, '{"loss": 1.0}')""")
        clock.now += 100
        assert follower.look() is True
        assert follower.runs[0].outcome.run.steps == 2


def test_a_log_of_another_tool_grows_for_a_while_after_it_has_grown(following, tmp_path, clock):
    log = write_log(tmp_path / "log.csv")
    follower = following(log)
    assert follower.runs[0].state is State.UNKNOWN
    with log.open("a", encoding="utf-8") as file:
        file.write(rows(9, 12))
    clock.now += 100
    follower.look()
    assert follower.runs[0].state is State.GROWING
    clock.now += 100
    assert follower.look() is True
    assert follower.runs[0].state is State.UNKNOWN


def test_new_runs_are_found_and_gone_ones_forgotten(following, tmp_path, clock):
    first = write_log(tmp_path / "first.csv")
    follower = following(tmp_path)
    write_log(tmp_path / "second.csv")
    clock.now += 100
    follower.look()
    assert [run.label for run in follower.runs] == ["first", "second"]
    first.unlink()
    clock.now += 100
    follower.look()
    assert [run.label for run in follower.runs] == ["second"]


def test_a_log_that_is_gone_does_not_grow(following, tmp_path, clock):
    log = write_log(tmp_path / "log.csv")
    follower = following(log)
    log.unlink()
    clock.now += 1
    follower.look()
    assert follower.runs[0].outcome.status is Status.UNREADABLE
    assert follower.runs[0].state is State.UNKNOWN


@pytest.mark.parametrize("status", ["done", "stopped", "failed"])
def test_a_run_folder_says_how_it_ended(following, tmp_path, status):
    assert following(write_run(tmp_path / "one", status)).runs[0].state == status


def test_a_running_run_whose_process_is_gone_was_interrupted(following, tmp_path, clock):
    folder = write_run(tmp_path / "one", "running")
    lock = hold(folder)
    follower = following(folder)
    assert follower.runs[0].state is State.RUNNING
    lock.close()
    assert follower.look() is True
    assert follower.runs[0].state is State.INTERRUPTED


def test_a_run_that_ended_since_it_was_read_was_never_interrupted(following, tmp_path, clock):
    folder = write_run(tmp_path / "one", "running")
    lock = hold(folder)
    follower = following(folder)
    origin = next(iter(follower._origins.values()))
    origin.due = clock.now + 100
    (folder / "run.json").write_text(json.dumps({"status": "done", "facts": {}}), encoding="utf-8")
    lock.close()
    states = [(follower.look(), follower.runs[0].state)[1] for _ in range(3)]
    assert State.INTERRUPTED not in states
    assert states[-1] is State.DONE


def test_an_unknown_status_is_no_state(following, tmp_path):
    assert following(write_run(tmp_path / "one", "\x1b[31m")).runs[0].state is State.UNKNOWN


def test_namesakes_are_told_apart_by_their_folders(following, tmp_path):
    write_log(tmp_path / "a" / "log.csv")
    write_log(tmp_path / "b" / "log.csv")
    assert [run.label for run in following(tmp_path).runs] == ["a/log", "b/log"]


def test_a_file_that_was_asked_for_is_shown_when_it_cannot_be_read(following, tmp_path):
    broken = tmp_path / "broken.csv"
    broken.write_text("", encoding="utf-8")
    follower = following(write_log(tmp_path / "good.csv"), broken)
    assert [run.outcome.status is Status.UNREADABLE for run in follower.runs] == [False, True]


def test_nothing_is_said_of_an_awaited_run_until_it_is_there(following, tmp_path, clock):
    follower = following(tmp_path / "one", awaited=True)
    assert follower.runs == ()
    write_run(tmp_path / "one", "running")
    clock.now += 100
    follower.look()
    assert [run.label for run in follower.runs] == ["one"]


def test_where_there_is_no_run_the_first_look_refuses(tmp_path):
    with pytest.raises(ReadError, match="found no training log"):
        Follower([tmp_path]).first()


def test_the_refusal_of_the_only_file_is_passed_on(tmp_path):
    with pytest.raises(ReadError, match="no such file"):
        Follower([tmp_path / "missing.csv"]).first()


def test_reading_stops_for_a_moment_when_it_takes_long(tmp_path):
    for number in range(5):
        write_log(tmp_path / f"{number}.csv")
    times = iter(range(10_000))
    follower = Follower([tmp_path], clock=lambda: float(next(times)))
    follower.look()
    assert follower.is_behind
    assert len(follower.runs) < 5
    for _ in range(10):
        follower.look()
    assert len(follower.runs) == 5
