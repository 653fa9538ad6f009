"""trainer-state: the trainer_state.json of Hugging Face's Trainer, and of all that build on it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.entries import Cells, numbers_in
from advisor.readers.json_text import items_of, parsed
from advisor.readers.opening import named

HISTORY = '"log_history"'
SET_LOSS = re.compile(r"^eval_(?P<set>.+)_loss$")
SUMMARY = "train_runtime"  # only in the last record, whose train_loss is the mean of the whole run


class TrainerState(Reader):
    """A JSON object with a log_history: a record a logging step, records of evaluations between them."""

    def recognises(self, source: Source) -> float:
        """By the key log_history."""
        text = source.text.lstrip("\ufeff \r\n\t")
        if not text.startswith("{"):
            return 0.0
        return 0.98 if HISTORY in text else 0.9 if '"global_step"' in text and source.path.name.startswith("trainer_state") else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """One table of the logged steps and evaluations, without the summary."""
        text = "\n".join(source.lines)
        document = parsed(text)
        notes: tuple[str, ...] = ()
        history = document.get("log_history") if isinstance(document, dict) else None
        if document is None:
            history, notes = list(items_of(text, HISTORY)), ("the file ends in the middle; what could be read of it was",)
        records = [record for record in history or () if isinstance(record, dict)]
        if not records:
            raise ReadError(f"{named(source.path)}: a trainer state without any logged step; train past logging_steps, or save later")
        yield _table(source, records, _state(document), notes)


def _table(source: Source, records: Sequence[dict[str, Any]], state: Mapping[str, Any], notes: tuple[str, ...]) -> Table:
    cells = Cells()
    summary: dict[str, Any] = {}
    for place, record in enumerate(records, start=1):
        if SUMMARY in record:
            summary = {key: value for key, value in record.items() if key not in ("step", "epoch")}
        else:
            cells.add(place, numbers_in(record))
    about = {"trainer": {**state, "summary": summary}}
    folder = source.path.resolve().parent.name
    columns = cells.columns()
    return Table(folder, source.path, columns, cells.rows, "records", notes, about=about, roles=_sets(list(columns)))


def _state(document: Any) -> dict[str, Any]:
    keys = (
        "global_step",
        "max_steps",
        "num_train_epochs",
        "best_metric",
        "best_global_step",
        "logging_steps",
        "eval_steps",
        "train_batch_size",
    )
    return {key: document[key] for key in keys if key in document} if isinstance(document, dict) else {}


def _sets(keys: Sequence[str]) -> dict[str, str]:
    """The roles of several evaluation sets, eval_NAME_loss; the first one is the main one."""
    sets = [match["set"] for key in keys if (match := SET_LOSS.match(key)) and f"eval_{match['set']}_runtime" in keys]
    if not sets or "eval_loss" in keys:
        return {f"val_loss:{name}": f"eval_{name}_loss" for name in sets}
    main, *others = sets
    roles = {"val_loss": f"eval_{main}_loss"} | {f"val_loss:{name}": f"eval_{name}_loss" for name in others}
    accuracy = f"eval_{main}_accuracy"
    return roles | ({"val_accuracy": accuracy} if accuracy in keys else {})
