"""What several kinds of tests share: the index of the bundled library, built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from assistant.settings import Settings
from assistant.setup_index import ensure_index

# How long one example takes is measured by benchmarks: a busy machine is no failing test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def bundled_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the index of the bundled library, by the real model."""
    folder = tmp_path_factory.mktemp("bundled")
    ensure_index(Settings(data=folder))
    return folder
