"""Trains what a Config says and records it. The only room that needs torch, with `watch` and the integrations."""

from advisor.training.beginning import train
from advisor.training.branching import branch, is_torn, keep_best
from advisor.training.evaluation import Scores, evaluate
from advisor.training.loop import TrainingResult
from advisor.training.range_test import RangeTest, range_test
from advisor.training.reach import unreached
from advisor.training.resuming import resume
from advisor.training.unchanged import check_unchanged
from advisor.training.yardstick import yardstick

__all__ = [
    "RangeTest", "Scores", "TrainingResult", "branch", "check_unchanged", "evaluate", "is_torn", "keep_best", "range_test", "resume",
    "train", "unreached", "yardstick",
]  # fmt: skip
