"""What is to be predicted: classes or numbers, told by the training part's targets."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from advisor.errors import DataError
from advisor.text import counted, number, printable
from advisor.training.sources.base import Array, Part, RawData, has_nan

Task = Literal["classification", "regression"]
MOST_CLASSES = 20  # whole numbers with more different values are amounts, not classes
SHOWN = 5  # values named in a message


@dataclass(frozen=True, eq=False)
class Coding:
    """How targets become what a loss reads."""

    task: Task
    values: Array  # (classes,) the raw value of each class, sorted; empty for regression
    classes: tuple[str, ...]

    def encode(self, y: Array, part: str) -> Array:
        """Class indices (samples,) or numbers (samples, targets); raises DataError for a class that training has not."""
        if self.task == "regression":
            return _numbers(y).reshape(len(y), -1)
        indices = np.searchsorted(self.values, _comparable(y, self.values, part))
        unknown = self.values[np.minimum(indices, len(self.values) - 1)] != y
        if unknown.any():
            raise DataError(
                f"the {part} part has the class {_shown(y[unknown][:1])}, which the training part has not; expected {_listed(self)}"
            )
        return indices


def with_known_targets(raw: RawData, missing: str) -> RawData:
    """Without the samples whose target is empty: nothing can be learned from or measured on them."""
    known = {name: _is_known(part.y) for name, part in {"": raw.whole, **raw.held_out}.items()}
    lost = sum(int((~mask).sum()) for mask in known.values())
    if not lost:
        return raw
    if missing == "error":
        raise DataError(f'found {counted(lost, "sample")} without a target, expected one for each; fill them, or set data.missing = "drop"')
    if not known[""].any():
        raise DataError("no sample has a target: all its cells are empty; name another column with data.target")
    held_out = {name: part.take(known[name]) for name, part in raw.held_out.items()}
    note = f"{counted(lost, 'sample')} without a target left out"
    return replace(raw, whole=raw.whole.take(known[""]), held_out=held_out, notes=(*raw.notes, note))


def coding_of(raw: RawData, asked: str) -> Coding:
    """How the targets of a source are to be read; `asked` is data.task. Raises DataError where nothing can be learned from them."""
    y = raw.whole.y
    task = _task(y) if asked == "auto" else asked
    if task == "regression":
        _check_numbers(y)
        return Coding("regression", np.empty(0), ())
    values, counts = np.unique(y, return_counts=True)
    _check_classes(y, values, counts)
    return Coding("classification", values, _class_names(values, raw.classes))


def _is_known(y: Array) -> Array:
    if y.dtype.kind == "O":
        return np.array([value is not None for value in y], dtype=bool)
    return ~has_nan(y)


def _task(y: Array) -> Task:
    if y.dtype.kind in "OUb":
        return "classification"
    whole = y.dtype.kind in "iu" or (y.ndim == 1 and bool((y == np.round(y)).all()))
    return "classification" if whole and len(np.unique(y)) <= MOST_CLASSES else "regression"


def _numbers(y: Array) -> Array:
    return np.asarray(y, dtype=np.float64)


def _check_numbers(y: Array) -> None:
    if y.dtype.kind in "OU":
        text = f"found text such as {_shown(y[:1])} in the target"
        raise DataError(f'{text}, expected numbers for a regression; set data.task = "classification" or name another data.target')
    numbers = _numbers(y)
    if not np.isfinite(numbers).all():
        raise DataError(f"found {int((~np.isfinite(numbers)).sum())} infinite targets, expected finite numbers; remove them")
    if np.ptp(numbers) == 0:
        raise DataError(f"the target is {number(float(numbers.flat[0]))} everywhere, expected different values; name another data.target")


def _check_classes(y: Array, values: Array, counts: Array) -> None:
    if len(values) < 2:
        raise DataError(
            f"found one class alone, {_shown(values)}, in {counted(len(y), 'sample')}, expected two or more; name another data.target"
        )
    fractional = values.dtype.kind == "f" and bool((values != np.round(values)).any())
    if fractional and len(values) > MOST_CLASSES:
        shown = f"{len(values)} different numbers such as {_shown(values[:1])}"
        raise DataError(f'found {shown} in the target, expected classes; set data.task = "regression"')
    if counts.max() < 2:
        raise DataError(f"all {len(y)} targets differ ({_shown(values)}), expected classes that repeat; name another data.target")


def _comparable(y: Array, values: Array, part: str) -> Array:
    texts = [array.dtype.kind in "OU" for array in (y, values)]
    if texts[0] != texts[1]:
        raise DataError(f"the targets of the {part} part are {_shown(y[:1])} and the like, expected classes such as {_shown(values)}")
    return y


def _class_names(values: Array, names: tuple[str, ...]) -> tuple[str, ...]:
    if names and values.dtype.kind in "iu" and len(values) == len(names) == int(values[-1]) + 1:
        return names
    return tuple(printable(_plain(value)) for value in values.tolist())


def _plain(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _shown(values: Array) -> str:
    some = ", ".join(repr(printable(_plain(value)))[:60] for value in values[:SHOWN].tolist())
    return some + (", ..." if len(values) > SHOWN else "")


def _listed(coding: Coding) -> str:
    return _shown(coding.values)


def finite_inputs(part: Part, name: str) -> None:
    """Raises DataError where an input is infinite; empty cells (nan) are another matter."""
    if part.x.dtype.kind == "f" and np.isinf(part.x).any():
        count = int(np.isinf(part.x).sum())
        raise DataError(f"found {counted(count, 'infinite input')} in the {name} part, expected finite numbers; remove or replace them")
