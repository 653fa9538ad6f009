"""What the command palette finds: every page of rules, fixes and keys of the Config, and every key of the first screen."""

from collections.abc import Iterator
from functools import cache, partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from advisor import catalogue
from advisor.dashboard.screens import _keys


@cache
def topics() -> tuple[str, ...]:
    """Everything that has a page."""
    from advisor.config.names import paths

    return (*catalogue.names("rules"), *catalogue.names("fixes"), *paths())


class Pages(Provider):
    """`explain`, in place."""

    async def search(self, query: str) -> Hits:
        """Pages whose names are like the query."""
        matcher = self.matcher(query)
        for topic in topics():
            if (score := matcher.match(f"explain {topic}")) > 0:
                yield Hit(score, matcher.highlight(f"explain {topic}"), partial(self.app.run_action, f"page('{topic}')"))


class Keys(Provider):
    """What the keys of the first screen do."""

    def _actions(self) -> Iterator[tuple[str, str, str]]:
        for binding in _keys.EVERY:
            key = binding.key_display or binding.key.partition(",")[0]
            yield f"{binding.description} ({key})", binding.action, binding.tooltip

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for said, action, tip in self._actions():
            yield DiscoveryHit(said, partial(self.screen.run_action, action), help=tip or None)

    async def search(self, query: str) -> Hits:
        """Those that are like the query."""
        matcher = self.matcher(query)
        for said, action, tip in self._actions():
            if (score := matcher.match(said)) > 0:
                yield Hit(score, matcher.highlight(said), partial(self.screen.run_action, action), help=tip or None)
