"""Runs beside each other: what differs in their Configs, which ended best, and whether that is more than chance."""

from advisor.compare.comparison import Comparison, Contest, compare
from advisor.compare.differences import Difference
from advisor.compare.groups import Group
from advisor.compare.metrics import Metric
from advisor.compare.results import Result

__all__ = ["Comparison", "Contest", "Difference", "Group", "Metric", "Result", "compare"]
