"""A training from its beginning, with its Config kept as it was: see `advisor.as_trained`."""

from pathlib import Path

from advisor.as_trained import keep_config
from advisor.config import Config
from advisor.training import loop
from advisor.training.events import Event, Listener, Started, ignore


def train(
    config: Config, folder: Path, *, listener: Listener = ignore, parent: str | None = None, until: int | None = None
) -> loop.TrainingResult:
    """Trains what `config` says and records it in `folder`, which must not exist yet.

    `parent` is the id of the run that this one is a changed copy of. `until` stops it after so many epochs, for `resume` to go on with.
    Raises AdvisorError where config, data or folder do not allow it.
    """
    return loop.train(config, folder, listener=keeping_config(listener), parent=parent, until=until)


def keeping_config(listener: Listener) -> Listener:
    """A listener that keeps the Config with which a training begins or goes on."""

    def told(event: Event) -> None:
        if isinstance(event, Started):
            keep_config(event.folder)
        listener(event)

    return told
