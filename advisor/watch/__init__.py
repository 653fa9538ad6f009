"""The recorder in a training loop of the user's own, and fixes applied to what is being trained."""

from advisor.watch.applying import Applied, apply
from advisor.watch.watcher import Watcher, watch

__all__ = ["Applied", "Watcher", "apply", "watch"]
