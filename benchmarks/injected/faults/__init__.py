"""What can be injected, one file a family; `all_faults()` gathers them."""

from injected.faults import data, fit, forward, output, slight, steps
from injected.faults.base import Fault, Level


def all_faults() -> tuple[Fault, ...]:
    """Every fault of every family."""
    return tuple(fault for family in (steps, forward, output, data, fit, slight) for fault in family.FAULTS)


__all__ = ["Fault", "Level", "all_faults"]
