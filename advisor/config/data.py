"""[data]: what the network learns from, and what it is measured on."""

from typing import Annotated, Literal

from pydantic import Field

from advisor.config.base import ColumnName, Count, DataFile, NonNegative, Number, Part, Section, Seed, Source, Switch, Whole


class Data(Section):
    """What the network learns from, and what it is measured on."""

    source: Source = "digits"
    """Where the samples come from. Some need no file: digits (8x8 images), iris, wine, breast_cancer and diabetes are small real data
    sets; blobs, circles, moons, spirals and regression are generated. Otherwise a table, an .npz file with x and y, a folder with a
    subfolder of images for each class, or a function of yours that returns (x, y).

    Start on data that is known to be learnable when the training code itself is in doubt: a network that cannot learn digits has a
    fault that no data of yours will cure.

    The number of samples, features and classes in run.json: a wrong target column or separator shows there first.
    """

    target: ColumnName = ""
    """The column of a table that is to be predicted; empty for the last one. All other columns are inputs.

    Change it when the answer does not stand in the last column, as in most exported tables.

    The classes or the spread of the target in run.json. A column that repeats the answer under another name makes validation perfect
    at once.
    """

    task: Literal["auto", "classification", "regression"] = "auto"
    """Whether classes or numbers are predicted. auto takes text, booleans and whole numbers with at most 20 different values for classes.

    Set it when whole numbers mean amounts (a grade from 1 to 5 may be either), or when classes are coded by more than 20 numbers.

    Which columns run.csv has: accuracies for classes, R² for numbers.
    """

    samples: Annotated[Whole, Field(ge=2)] = 1000
    """How many samples a generated source makes.

    Raise it to see overfitting disappear, lower it to provoke it: the gap between training and validation loss shrinks with the data.

    The gap between both losses, and how noisy the validation curve is: an accuracy measured on n samples wobbles by about 1/(2√n).
    """

    noise: NonNegative | Literal["auto"] = "auto"
    """How far a generated source scatters its samples: the spread of blobs, the deviation added to circles, moons and to the angle of
    spirals, a share of the target's spread for regression. auto is the usual value of each.

    Raise it to make classes overlap, so that no network can be perfect and memorising starts to cost.

    The best validation accuracy falls with it: that is the data's limit, not the network's.
    """

    validation: Part | DataFile = 0.2
    """The part of the samples that is held out to measure on after each epoch, drawn at random and, for classes, in equal shares; or a
    file like the source. The network never learns from it.

    Give a file when rows belong together (one patient, one day, one camera): a random split would put near copies on both sides.
    Lower the share only when the data are so few that training suffers.

    val_loss beside train_loss. With 0 nothing can tell overfitting from learning, and no fix can be proven.
    """

    test: Part | DataFile = 0.0
    """A second held-out part that nothing touches, measured once at the end.

    Use it when you compare many settings: choosing by validation wears it out, and the best of fifty tries looks better than it is.

    The test figures in run.json. Clearly worse than validation means that the choice was fitted to the validation part.
    """

    limit: Count | Literal["all"] = "all"
    """How many training samples are kept, drawn at random by class after the split; validation and test stay whole.

    Lower it to see what fewer data would do, or to try whether the network can memorise a handful: one that cannot is broken.

    Validation loss against the limit (10 %, 30 %, all): still falling steeply at the end means that more data will help.
    """

    label_noise: NonNegative = 0.0
    """The share of training labels replaced by another class; for numbers, noise on the training targets in units of their spread.
    Validation keeps the true ones.

    Raise it to study how a training behaves with bad labels: 0.2 resembles careless annotation.

    Training accuracy climbs beyond 1 - label_noise once the network memorises wrong labels; validation turns down at about that epoch.
    """

    missing: Literal["mean", "drop", "error"] = "mean"
    """What becomes of empty cells in a table: filled with the column's mean over the training part, the row dropped, or refused.

    Choose drop when few rows are affected, error when an empty cell can only be a mistake.

    The note that says how many cells were filled. A column that is mostly empty is mostly invented.
    """

    scale: Literal["standard", "minmax", "none"] = "standard"
    """How inputs are scaled: to mean 0 and spread 1, to 0..1, or not at all; by column, or by channel for images, fitted on the training
    part alone.

    Leave it on unless the data come scaled. Unscaled columns give the loss a long narrow valley: a rate that is stable across it is
    far too small along it.

    Input mean and spread in run.json, and the first epochs: scaled inputs start to learn at once.
    """

    scale_target: Literal["standard", "none"] = "standard"
    """Whether the numbers to be predicted are scaled to mean 0 and spread 1. Losses are then in scaled units: mse 1 is as good as always
    guessing the mean.

    Turn it off to have losses in the target's own units; the learning rate then has to suit them.

    The first loss: near 1 with scaling, near the target's variance without.
    """

    multiply: Number = 1.0
    """A number that all inputs are multiplied by after scaling, to study badly scaled inputs.

    Set 100 to see what raw pixel values or prices do, 0.01 to see a signal too weak to learn from.

    The gradient norm of the first layer grows with it; sigmoid and tanh units saturate.
    """

    batch_size: Count | Literal["full"] = 32
    """How many samples each step averages its gradient over. 1 is stochastic descent, "full" is batch descent with one step an epoch.

    Smaller batches make more and noisier steps an epoch, which often generalises a little better; larger ones use the hardware better
    and allow a higher rate (about in proportion, up to a limit).

    The noise of the loss within an epoch, and seconds an epoch. After a change by k, try the rate times k, or times √k under adam.
    """

    shuffle: Switch = True
    """Whether the training samples are drawn in a new order each epoch. false keeps the source's order.

    Only turn it off to study what sorted data do: each batch then holds one class, and the network forgets the others.

    A loss that rises and falls with the same pattern in every epoch is the mark of unshuffled data.
    """

    augment_noise: NonNegative = 0.0
    """The deviation of Gaussian noise added to the training inputs, fresh for each batch, in units of the scaled inputs.

    Raise it (0.05 to 0.3) against overfitting where inputs carry measurement noise anyway: the network may not rely on exact values.

    Training loss rises, validation loss should fall. When both rise it is too strong.
    """

    seed: Seed = 0
    """The seed of generated data, splits, limit and label noise.

    Change it to see how much of a result is luck of the split. Leave it when comparing settings: the data stay the same when
    train.seed changes.

    The spread of the best validation figures over a few seeds: differences smaller than that mean nothing.
    """
