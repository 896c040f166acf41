"""One running studio for all tests that only talk to it, and the databases the data layer is tested on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.studio.serving import Caller, StudioProcess, running


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioProcess]:
    with running(tmp_path_factory.mktemp("studio")) as process:
        yield process


@pytest.fixture
def caller(studio: StudioProcess) -> Iterator[Caller]:
    signed_in = studio.caller()
    yield signed_in
    signed_in.http.close()
