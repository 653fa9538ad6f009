"""[model]: what the network can express."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from advisor.config.base import Count, CountOrNone, ModelFunction, Number, Section, Switch, Weights

# What a module returned by a function of the user's is given only where the Config names it.
NAMED_ONLY = ("activation", "norm", "dropout", "init", "freeze", "output")
CNN_WIDTHS = (16, 32)


class Model(Section):
    """What the network can express."""

    kind: Literal["perceptron", "mlp", "cnn"] | ModelFunction = "mlp"
    """The shape of the network: perceptron (no hidden layer), mlp (fully connected layers), cnn (3x3 convolutions, each followed by 2x2
    max pooling while the image allows it, then an average over the image and a linear layer), or a function of yours that returns a
    torch.nn.Module.

    Start with the simplest that could work: a perceptron shows what a straight boundary reaches; an mlp for tables; a cnn for images,
    where it needs far fewer weights because it looks at each place alike.

    Training accuracy against that of the perceptron: no gain means that the extra layers are not learning.
    """

    hidden: tuple[Count, ...] = (64, 64)
    """The width of each hidden layer, first to last: [64, 64] are two of 64 units, or of 64 channels in a cnn, whose default is [16, 32].

    Widen or deepen when even the training loss stays poor; shrink when training is perfect and validation is not. Width is the safer
    way to more capacity: depth makes gradients harder to carry.

    Parameters against samples in run.json, and both final losses.
    """

    activation: Literal["relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "linear"] = "relu"
    """The bend after each hidden layer. Without one (linear), any depth is still one straight map.

    relu is the default for good reason: it passes gradients on undiminished. leaky_relu where units die; gelu and silu are smooth and
    common in transformers; tanh suits shallow or recurrent nets. A sigmoid passes at most a quarter of the gradient, so a deep stack
    of them hardly trains.

    Gradient norms by layer (they should stay within a factor of ten or so), the share of dead and of saturated units.
    """

    output: Literal["logits", "softmax", "sigmoid", "relu", "tanh"] = "logits"
    """What the last layer applies before the loss sees its numbers. logits is nothing: cross_entropy and bce apply their own softmax and
    sigmoid, in a form that does not overflow.

    Change it only for a regression whose targets are bounded (sigmoid, tanh) or never negative (relu), with scale_target "none".
    softmax before cross_entropy applies it twice: the loss then cannot fall far, a frequent mistake.

    The loss's floor: with ten classes and a doubled softmax it stays above 1.46 even when everything is right.
    """

    norm: Literal["none", "batch", "layer"] = "none"
    """What keeps the numbers between layers at a steady size: batch norm uses the batch's mean and spread, layer norm those of each sample.

    Add it when a deep network trains slowly, or needs tiny rates to be stable. Prefer layer with small batches: below about 8, the
    batch's figures are mostly noise.

    The activations' spread by layer in layers.csv, and whether a higher learning rate is now stable.
    """

    dropout: Annotated[Number, Field(ge=0, le=0.95)] = 0.0
    """The share of hidden units that is switched off at random in each training step, and none of them when measuring.

    Raise it (0.1 to 0.5) against overfitting; lower it when training itself is held down.

    Training loss rises and may lie above validation, because only training is handicapped. Validation is what counts.
    """

    init: Literal["default", "kaiming", "xavier", "orthogonal", "zeros", "large", "tiny"] = "default"
    """How weights are drawn before the first step. kaiming keeps the signal's size through relu layers, xavier through tanh ones;
    orthogonal keeps it exactly in linear ones; default is PyTorch's. zeros, large and tiny are bad on purpose, to study them.

    Match it to the activation in deep networks without normalisation: a wrong factor is raised to the power of the depth.

    The first loss: for k balanced classes it should be near ln k (2.3 for ten). Far above, the network starts out confidently wrong.
    """

    residual: Switch = False
    """Whether each hidden layer is added to what it received, by a linear projection where widths differ, so that the gradient has a way
    around it.

    Turn it on for networks deeper than about ten layers, or where gradients vanish towards the first ones.

    Gradient norms by layer: they should become nearly even.
    """

    pretrained: Weights | Literal[""] = ""
    """A run folder or .safetensors file whose weights are taken where name and shape fit; empty to start afresh.

    Use it when a related task has more data than yours, usually with a lower learning rate, and with freeze when yours are few.

    The note on which layers were taken, and the first epoch: it should start far better than a fresh network.
    """

    freeze: CountOrNone = 0
    """How many of the leading layers keep their weights as they are; a 0 that is named lets learn what a module of yours froze itself.

    Freeze most layers of a pretrained network when your data are few; unfreeze when training itself ends poor.

    Frozen layers show no updates in layers.csv. Frozen random layers are a handicap, not a saving.
    """

    @model_validator(mode="before")
    @classmethod
    def _own_widths(cls, values: Any) -> Any:
        """A cnn has channels, of which fewer do."""
        if isinstance(values, Mapping) and values.get("kind") == "cnn" and "hidden" not in values:
            return {**values, "hidden": CNN_WIDTHS}
        return values
