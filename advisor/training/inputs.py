"""Inputs in the shape that networks take, before anything is split."""

from dataclasses import replace

import numpy as np

from advisor.config import Config
from advisor.config.places import place_of
from advisor.errors import DataError
from advisor.text import counted
from advisor.training.sources.base import Array, Part, RawData, has_nan

COLOURS = (1, 3, 4)  # channels that a last axis holds in images as most files store them


def laid_out(raw: RawData, config: Config) -> RawData:
    """Rows of numbers (samples, columns), images (samples, channels, height, width), or sequences (samples, steps, features).

    Three axes are images without a channel to the built-in networks, sequences to a module of the user's own.
    """
    own_module = place_of(config.model.kind) == "function"
    x, note = _axes_in_order(_with_columns(raw.whole.x), own_module)
    held_out = {name: Part(_axes_in_order(_with_columns(part.x), own_module)[0], part.y) for name, part in raw.held_out.items()}
    notes = (*raw.notes, *note, *_token_note(raw, own_module))
    return replace(raw, whole=Part(x, raw.whole.y), held_out=held_out, are_tokens=raw.are_tokens, notes=notes)


def incomplete_treated(raw: RawData, missing: str) -> RawData:
    """The data as data.missing wants them: with empty cells to be filled, without rows that have one, or refused for having one."""
    complete = {name: ~has_nan(part.x) for name, part in {"": raw.whole, **raw.held_out}.items()}
    lost = sum(int((~rows).sum()) for rows in complete.values())
    if not lost:
        return raw
    if missing == "mean":
        note = f"{counted(lost, 'sample')} had empty cells{_where(raw)}, filled with the mean over the training part"
        return replace(raw, notes=(*raw.notes, note))
    if missing == "error":
        raise DataError(
            f'{counted(lost, "sample")} with empty cells{_where(raw)}, expected none; fill them or set data.missing = "mean" or "drop"'
        )
    if not complete[""].any():
        raise DataError(f'every sample has an empty cell{_where(raw)}; expected some complete ones; set data.missing = "mean"')
    held_out = {name: part.take(complete[name]) for name, part in raw.held_out.items()}
    return replace(
        raw,
        whole=raw.whole.take(complete[""]),
        held_out=held_out,
        notes=(*raw.notes, f"{counted(lost, 'sample')} with empty cells left out"),
    )


def _with_columns(x: Array) -> Array:
    return x[:, None] if x.ndim == 1 else x


def _axes_in_order(x: Array, own_module: bool) -> tuple[Array, tuple[str, ...]]:
    if x.ndim == 3 and not own_module:
        return x[:, None], ()
    if x.ndim == 4 and x.shape[1] not in COLOURS and x.shape[3] in COLOURS:
        return np.moveaxis(x, 3, 1), (f"images of shape {x.shape[1:]} were taken for (height, width, channels)",)
    return x, ()


def _token_note(raw: RawData, own_module: bool) -> tuple[str, ...]:
    if not raw.are_tokens or own_module:
        return ()
    return ("the function's inputs are whole numbers and were not scaled; return floats to have them scaled",)


def _where(raw: RawData) -> str:
    """The columns with empty cells, where they have names."""
    if not raw.columns or raw.whole.x.ndim != 2:
        return ""
    empty = has_nan(raw.whole.x.T)
    names = list(dict.fromkeys(name for name, has in zip(raw.columns, empty, strict=True) if has))
    return f" (in {', '.join(repr(name) for name in names[:5])}{', ...' if len(names) > 5 else ''})" if names else ""
