"""One running studio for all tests that only talk to it, and the databases the data layer is tested on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from studio.db import Database
from studio.migrate import migrate
from tests.studio import postgres
from tests.studio.serving import Caller, Remote, StudioProcess, running


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioProcess]:
    if "CONTRACT_URL" in os.environ:
        # The contract's tests (test_contract, test_routes_renders, test_openapi) run against any studio.
        remote = Remote(os.environ["CONTRACT_URL"], os.environ.get("CONTRACT_SECRET", ""))
        yield remote
        remote.close()
        return
    with running(tmp_path_factory.mktemp("studio")) as process:
        yield process


@pytest.fixture
def caller(studio: StudioProcess) -> Iterator[Caller]:
    signed_in = studio.caller()
    yield signed_in
    signed_in.http.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A private PostgreSQL; tests that need it are skipped with the reason where there is none."""
    reason = postgres.missing()
    if reason:
        pytest.skip(reason)
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where an empty database of each kind is."""
    if request.param == "sqlite":
        yield tmp_path / "studio.sqlite3"
        return
    server = request.getfixturevalue("postgres_server")
    url = f"{server}/postgres"
    with create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    yield url


@pytest.fixture
def database(address: Path | str) -> Iterator[Database]:
    opened = Database(address)
    migrate(opened)
    yield opened
    opened.close()
