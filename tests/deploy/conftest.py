"""The machine of one screen for each test."""

import pytest

from tests.deploy.screen_machine import Screen


@pytest.fixture
def screen(tmp_path):
    return Screen(tmp_path)
