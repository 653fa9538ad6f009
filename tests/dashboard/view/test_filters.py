"""What `/` understands."""

import pytest

from advisor.dashboard.view.filters import Described, parsed
from advisor.errors import AdvisorError

RUN = Described(
    "Deep-Tanh-3", ("done", "findings", "G101 vanishing-gradient"), {"optim.lr": 0.001, "model.activation": "tanh", "val_loss": 2.5}
)


@pytest.mark.parametrize(
    "text",
    ["", "deep", "tanh DEEP", "deep*", "*-?", "!relu", "vanish", "G101", "done", "lr<0.01", "lr<=0.001", "optim.lr=1e-3", "activation=tanh",
     "activation!=relu", "val_loss>2", "nothing | deep", "!lr>1", "deep* lr<0.01 !relu", "val_loss!=2"],
)  # fmt: skip
def test_it_finds(text):
    assert parsed(text)(RUN)


@pytest.mark.parametrize(
    "text", ["relu", "!deep", "tanh*", "lr>0.01", "lr=0.01", "momentum<1", "activation=relu", "deep relu", "relu | sgd", "!done"]
)
def test_it_leaves_out(text):
    assert not parsed(text)(RUN)


def test_a_comparison_with_a_word_is_refused_in_words():
    with pytest.raises(AdvisorError, match="expected a number"):
        parsed("lr<small")


def test_a_value_that_is_no_number_is_smaller_than_nothing():
    run = Described("x", values={"val_loss": float("nan")})
    assert not parsed("val_loss<1")(run)
    assert not parsed("val_loss>1")(run)
    assert parsed("!val_loss<1")(run)
