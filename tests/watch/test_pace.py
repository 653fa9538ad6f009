"""Which steps are recorded, on a clock of the test's own."""

from advisor.watch.pace import Pace


def recorded(steps, seconds, cost, epoch=None, every="auto"):
    """The steps that are recorded when each takes some seconds and a recording costs some more."""
    now = 0.0
    pace = Pace(every, clock=lambda: now)
    found = []
    for step in range(1, steps + 1):
        is_due = pace.is_next_due
        now += seconds + cost * is_due
        pace.stepped(cost * is_due)
        found += [step] if is_due else []
        if epoch and step % epoch == 0:
            pace.is_new_epoch = True
    return found


def test_auto_takes_the_first_ten_and_each_hundredth():
    assert recorded(320, 0.02, 0.002) == [*range(1, 11), 100, 200, 300]


def test_short_steps_are_recorded_once_an_epoch_whatever_it_costs():
    assert recorded(100, 0.001, 0.002, epoch=25) == [*range(1, 11), 26, 51, 76]


def test_long_steps_are_recorded_at_the_first_of_an_epoch_while_that_costs_little():
    assert recorded(90, 0.02, 0.0005, epoch=30) == [*range(1, 11), 31, 61]


def test_recording_stays_below_seven_tenths_of_a_per_cent_of_long_steps():
    for cost in (0.001, 0.005, 0.05):
        late = [step for step in recorded(3000, 0.006, cost, epoch=20) if step > 10]
        assert late
        assert len(late) * cost <= 0.0071 * (2990 * 0.006 + len(late) * cost)


def test_a_number_is_kept_to_whatever_it_costs():
    assert recorded(20, 0.01, 1.0, every=7) == [1, 7, 14]


def test_where_logging_takes_it_all_a_quarter_of_a_per_cent_is_left_to_recording():
    now = 0.0
    pace = Pace(clock=lambda: now)
    recorded = []
    for step in range(1, 2001):
        recorded += [step] if pace.is_next_due else []
        cost = 0.005 if pace.is_next_due else 0.0
        now += 0.01 + cost
        pace.stepped(cost)
        pace.logged(0.0001)  # a hundredth of the step: more than recording and logging may take together
    late = [step for step in recorded if step > 10]
    assert late
    assert len(late) * 0.005 <= 0.0025 * now
