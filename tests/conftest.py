"""The program as its user has it: real processes, an empty home, the embedded studio behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from tests.e2e.user import Home

# The same examples at every run; `--hypothesis-profile=default` explores others.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Home]]:
    homes: list[Home] = []

    def make() -> Home:
        folder = tmp_path_factory.mktemp("user")
        home = Home(folder / "home", folder / "work")
        home.path.mkdir()
        home.work.mkdir()
        homes.append(home)
        return home

    yield make
    for home in homes:
        home.avatar("studio", "stop")


@pytest.fixture(scope="session")
def home(new_home: Callable[[], Home]) -> Home:
    """A home whose studio the tests of a run share; each test works in sessions and files of its own."""
    return new_home()
