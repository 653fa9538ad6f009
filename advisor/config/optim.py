"""[optim]: how the weights are moved."""

from typing import Annotated, Literal

from pydantic import Field

from advisor.config.base import NonNegative, Number, Positive, Section


class Optim(Section):
    """How the weights are moved."""

    name: Literal["sgd", "adam", "adamw", "rmsprop", "adagrad"] = "adam"
    """The rule by which gradients become steps. sgd follows the gradient itself; the others divide each weight's step by the usual size
    of its own gradient, so that weights with small gradients move as well.

    adam works almost anywhere with lr 0.001. sgd with momentum 0.9 and a schedule often ends slightly better, if you tune lr. adamw is
    adam with a true weight decay. adagrad only ever slows down.

    The size of the updates against the weights, about 0.001 in layers.csv. A rate tuned for one optimiser is wrong for another:
    sgd takes about 0.01 to 0.1 where adam takes 0.001.
    """

    lr: Positive = 1e-3
    """The learning rate: how far each update moves the weights against the gradient. Of all settings it matters most.

    Lower it (by 3 to 10) when the loss diverges, jumps or swings; raise it when the loss falls steadily but slowly. Try factors, not
    differences: 0.001, 0.003, 0.01.

    The first epochs of train_loss: falling fast and almost smoothly. Just below the rate at which it breaks is usually best.
    """

    momentum: Annotated[Number, Field(ge=0, lt=1)] = 0.0
    """How much of the last step is carried into the next (sgd and rmsprop). Steps along a valley add up, steps across it cancel.

    Set 0.9 with sgd almost always. The effective step grows to lr / (1 - momentum), ten times at 0.9: lower lr when you add it.

    Fewer epochs to the same loss. Slow waves in the loss mean that it carries too far.
    """

    l1: NonNegative = 0.0
    """A penalty l1·Σ|w| on the weights, which pushes each towards exactly zero with equal force.

    Raise it (from 1e-5, by factors of 3) when you believe that few inputs matter, or against overfitting.

    The gap between the losses, and weight norms by layer. The penalty is not part of the reported losses.
    """

    l2: NonNegative = 0.0
    """A penalty l2·Σw²/2 on the weights, which shrinks large ones most. adamw decays the weights directly instead, as its inventors
    advise; elsewhere it is known as weight decay.

    Raise it (from 1e-4, by factors of 3) against overfitting. adamw takes larger values, 0.01 to 0.1.

    Validation loss should fall while training loss rises a little. When both rise it is too strong.
    """

    clip_norm: NonNegative = 0.0
    """The largest length of the gradient, taken over all weights: longer ones are shortened to it. 0 turns clipping off.

    Set it when single batches make the loss jump or overflow, as in recurrent networks: about the norms seen in calm steps.

    grad_norm in steps.csv is the length before clipping. If nearly every step is clipped, the learning rate is too high or the
    clip too low.
    """

    schedule: Literal["none", "step", "cosine", "plateau", "onecycle"] = "none"
    """How the learning rate changes over the training: step (a tenth at half and at three quarters), cosine (smoothly to 0), plateau (a
    tenth after 5 epochs without a better validation loss), onecycle (up to lr, then down to almost nothing).

    Add one when the loss levels off but still jitters: smaller steps at the end settle it. cosine is the usual first choice;
    onecycle allows a higher peak in short trainings.

    lr in run.csv, and train_loss right after each drop: it should step down. If it does not, the rate was not what held it back.
    """

    warmup: Annotated[Number, Field(ge=0, le=0.5)] = 0.0
    """The share of all steps over which the rate rises from almost nothing to lr. Not with onecycle, which warms up by itself.

    Use 0.05 to 0.1 when the first steps blow up although later ones would bear the rate: adaptive optimisers, large batches,
    transformers.

    The first losses and grad_norm in steps.csv: no jump at the start.
    """
