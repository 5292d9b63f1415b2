"""A machine without engines, unless a test installs one."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_server.speech.orders import Order
from queue_server.speech.rendering import render
from tests.speech.speech_scenes import Machine


@pytest.fixture(scope="session")
def rendered_gongs(tmp_path_factory) -> Path:
    data = tmp_path_factory.mktemp("gongs")
    render(Order(()), data)
    return data


@pytest.fixture
def machine(tmp_path, monkeypatch, rendered_gongs) -> Machine:
    made = Machine(tmp_path)
    made.bring_gongs(rendered_gongs)
    monkeypatch.setenv("PATH", f"{made.programs}:/usr/bin:/bin")
    # The real ones are hidden, so that a test decides what is there.
    find = made.programs.joinpath
    monkeypatch.setattr(
        "queue_server.speech.orders.shutil.which",
        lambda name: str(find(name)) if find(name).is_file() else None,
    )
    return made
