import math

import pytest
import torch
from torch import nn, optim

from advisor.config import parse
from advisor.training.schedules import build_schedule

STEPS, EPOCHS = 10, 8
TOTAL = STEPS * EPOCHS


def scheduled(**keys):
    config = parse({"optim": {"lr": 0.1, **keys}, "train": {"epochs": EPOCHS}})
    optimizer = optim.SGD(nn.Linear(2, 2).parameters(), lr=0.1)
    return optimizer, build_schedule(config, optimizer, STEPS)


def rates(**keys):
    optimizer, schedule = scheduled(**keys)
    seen = []
    for _ in range(TOTAL):
        seen.append(optimizer.param_groups[0]["lr"])
        schedule.step()
    return seen


def torch_rates(create):
    optimizer = optim.SGD(nn.Linear(2, 2).parameters(), lr=0.1)
    schedule = create(optimizer)
    seen = []
    for _ in range(TOTAL):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return seen


def test_without_a_schedule_the_rate_stays():
    assert rates() == [0.1] * TOTAL


def test_step_takes_a_tenth_at_half_and_at_three_quarters():
    assert rates(schedule="step") == pytest.approx([0.1] * 40 + [0.01] * 20 + [0.001] * 20)


def test_cosine_is_pytorchs():
    expected = torch_rates(lambda optimizer: optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=TOTAL))
    assert rates(schedule="cosine") == pytest.approx(expected, rel=1e-6)


def test_onecycle_is_pytorchs():
    def create(optimizer):
        return optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=TOTAL, cycle_momentum=False)

    assert rates(schedule="onecycle") == pytest.approx(torch_rates(create)[:TOTAL], rel=1e-6)


def test_warmup_rises_in_equal_parts_and_the_schedule_spans_the_rest():
    seen = rates(schedule="cosine", warmup=0.25)
    assert seen[:20] == pytest.approx([0.1 * (step + 1) / 20 for step in range(20)])
    assert seen[20:] == pytest.approx([0.1 * (1 + math.cos(math.pi * step / 60)) / 2 for step in range(60)])


def test_plateau_takes_a_tenth_after_five_epochs_without_a_better_loss():
    optimizer, schedule = scheduled(schedule="plateau")
    seen = []
    for loss in (1.0, 0.9, 0.9, 0.95, math.nan, 0.9, 0.9, 0.8, *[0.85] * 5):
        schedule.end_epoch(loss)
        schedule.step()
        seen.append(optimizer.param_groups[0]["lr"])
    assert seen == pytest.approx([0.1] * 6 + [0.01] * 6 + [0.001])


@pytest.mark.parametrize("schedule", ["cosine", "plateau", "onecycle", "step"])
def test_a_restored_schedule_goes_on_where_it_was(schedule):
    first_optimizer, first = scheduled(schedule=schedule, warmup=0.0)
    for step in range(25):
        first.end_epoch(1.0) if step % 5 == 0 else first.step()
    second_optimizer, second = scheduled(schedule=schedule)
    second.restore(first.state())
    assert second_optimizer.param_groups[0]["lr"] == first_optimizer.param_groups[0]["lr"]


@pytest.mark.parametrize("schedule", ["none", "step", "cosine", "plateau", "onecycle"])
def test_a_training_of_one_step_has_a_rate(schedule):
    config = parse({"optim": {"lr": 0.1, "schedule": schedule}, "train": {"epochs": 1}})
    optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    build_schedule(config, optimizer, 1).step()
    assert 0 <= optimizer.param_groups[0]["lr"] <= 0.1
