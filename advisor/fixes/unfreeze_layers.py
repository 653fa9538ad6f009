"""unfreeze-layers."""

from advisor import dotted
from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes._changes import changes, is_built_in
from advisor.fixes.base import Fix
from advisor.run import Run


class UnfreezeLayers(Fix):
    """Let the frozen layers learn.

    What it does
    ------------
    Sets the number of frozen leading layers to 0.

    When it helps
    -------------
    Layers that receive no gradient on purpose while training itself ends poor: random or unsuitable frozen
    features limit all that follows.

    What to watch afterwards
    ------------------------
    Updates appear in the first layers. With pretrained weights take a lower rate, or what they knew is lost
    in the first epoch.

    References
    ----------
    Yosinski et al. 2014, arXiv:1411.1792, How transferable are features in deep neural networks?
    """

    pytorch = "for parameter in model.parameters(): parameter.requires_grad = True"
    keras = "for layer in model.layers: layer.trainable = True  # then compile again"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        return changes(run.config, {"model.freeze": 0}) if dotted.get(run.config, "model.freeze") or _froze_itself(run) else None


def _froze_itself(run: Run) -> bool:
    """Whether a module of the user's own came with frozen parameters."""
    whole, learning = (run.facts.get(name) for name in ("parameters", "trainable_parameters"))
    return not is_built_in(run.config) and whole is not None and learning is not None and learning < whole
