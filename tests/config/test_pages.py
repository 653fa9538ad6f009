"""Every key is explained where it is defined."""

import pytest

from advisor.config import Config, defaults
from advisor.config.effects import default, value
from advisor.config.names import paths
from advisor.config.pages import HEADINGS, key_page


@pytest.mark.parametrize("path", paths())
def test_every_key_says_what_it_does_when_to_change_it_and_what_to_look_at(path):
    key = key_page(path)
    assert key.page.summary.endswith(".")
    assert tuple(key.page.sections) == HEADINGS
    assert all(text.endswith(".") for text in key.page.sections.values())
    assert key.values
    assert key.default == default(path) == value(defaults(), path)


def test_the_schema_says_the_same():
    schema = Config.model_json_schema()
    properties = schema["$defs"]["Optim"]["properties"]
    assert properties["lr"]["exclusiveMinimum"] == 0
    assert properties["lr"]["description"].startswith("The learning rate")
    assert schema["additionalProperties"] is False
