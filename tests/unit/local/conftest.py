"""A small template and a run of it, for the tests of the local run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.template import Template, load
from tests.unit.local.world import World


@pytest.fixture
def template() -> Template:
    return load(Path(__file__).with_name("small_template.yaml"), settings={})


@pytest.fixture
def world(template: Template, tmp_path: Path) -> Iterator[World]:
    made = World(template, tmp_path)
    yield made
    made.state.close()
