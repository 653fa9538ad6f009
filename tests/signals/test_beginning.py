"""Whether a record begins where its training began."""

import numpy as np
import pytest

from advisor.errors import SignalUnavailable
from advisor.rules.examples import later, record
from advisor.run import Run, Series
from advisor.signals.beginning import need_beginning


def every_tenth_epoch(first: int) -> Run:
    epochs = np.arange(first, 101, 10, dtype=float)
    losses = Series("train_loss", np.linspace(2.0, 1.0, len(epochs)), epochs, np.full(len(epochs), np.nan), np.arange(len(epochs)) + 2)
    return Run("run", record().path, "csv", {"train_loss": losses}, roles={"train_loss": "train_loss"})


def test_three_spacings_before_the_first_recording_may_have_been_blank():
    need_beginning(every_tenth_epoch(30))


def test_more_of_them_were_trained_and_are_not_in_the_record():
    with pytest.raises(SignalUnavailable, match="begins at epoch 40"):
        need_beginning(every_tenth_epoch(40))


def test_up_to_a_fifth_of_what_was_trained_may_be_missing():
    losses = np.linspace(2.0, 1.0, 41)
    need_beginning(later(record(train_loss=losses), 9))
    with pytest.raises(SignalUnavailable, match="begins at epoch 11"):
        need_beginning(later(record(train_loss=losses), 10))
