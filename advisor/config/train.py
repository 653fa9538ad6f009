"""[train]: how long, towards what, and how exactly it is repeated and recorded."""

from typing import Literal

from advisor.config.base import Count, CountOrNone, Section, Seed


class Train(Section):
    """How long, towards what, and how exactly it is repeated and recorded."""

    epochs: Count = 30
    """How many times the training data are gone through.

    Raise it while validation loss still falls at the end; lower it when the last third brought nothing. Schedules stretch with it.

    Where validation loss had its best epoch: near the end means too few, long before the end too many.
    """

    early_stopping: CountOrNone = 0
    """Training ends after so many epochs without a better validation loss, and the result is the best epoch. 0 turns it off.

    Turn it on (5 to 20, more on noisy curves) when validation gets worse while training improves: it is the cheapest cure.

    The result's epoch in run.json. If it stops within the first epochs, the patience is too short or the rate too high.
    """

    loss: Literal["auto", "cross_entropy", "bce", "mse", "mae", "huber"] = "auto"
    """What is minimised. auto takes cross_entropy for classes, with one output a class, and mse for numbers. bce is for two classes with a
    single output; mse, mae and huber on class labels compare with 1 for the right class and 0 for the others.

    For numbers with outliers take huber or mae: mse follows the few largest errors. mse for classes learns slowly where it is
    confidently wrong.

    Accuracy or R², never the loss itself: values of different losses cannot be compared.
    """

    class_weights: Literal["none", "balanced"] = "none"
    """Whether rare classes weigh more in the training loss, so that each class counts the same in total.

    Turn it on when one class rules the data and rare ones are never predicted.

    val_balanced_accuracy (the mean over classes) rather than accuracy, which may well fall. Validation loss is not weighed.
    """

    seed: Seed = 0
    """The seed of weights, batch order and dropout.

    Change it to see how much of a result is luck; train three to five seeds before believing a small gain.

    The spread of the results over seeds. The same seed, Config and machine repeat run.csv exactly on the CPU.
    """

    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """What computes: auto takes a GPU (cuda, or mps on a Mac) where there is one.

    Take cpu for exact repetition, and for small networks, which are often faster there.

    Seconds an epoch in run.csv. The run's own record says how far a device can repeat itself.
    """

    threads: Count = 1
    """How many CPU threads PyTorch uses.

    Raise it for wide networks and large batches. Small ones get slower, and the last digits of results depend on the number.

    Seconds an epoch in run.csv.
    """

    record_every: Count | Literal["auto"] = "auto"
    """Steps between recordings of each layer (gradients, weights, updates, activations) in layers.csv. auto records the first 10 steps,
    then 10 an epoch.

    Set 1 to see every step of a short training that breaks; larger numbers keep long ones small.

    The size of layers.csv, and seconds an epoch: recording never changes what is trained.
    """
