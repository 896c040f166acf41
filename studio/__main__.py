"""`python -m studio serve | work | migrate | status | stop`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from studio import runtime
from studio.config import Config, Prices, default_data, render_workers

EXIT_NONE = 6
EXIT_DISK = 8
# Where others can take a job over, soon; a process alone on its file takes up what is left when it starts.
SHARED_LEASE_SECONDS, ALONE_LEASE_SECONDS = 4.0, 60.0
STOP_SECONDS = 15.0


def main(argv: list[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    command: str = options.command
    if command == "serve":
        from studio.server import serve

        return serve(_config(options))
    if command == "work":
        from studio.work import work

        return work(_config(options))
    if command == "migrate":
        return _migrate(options)
    path = options.runtime or options.data / "runtime.json"
    return _status(path) if command == "status" else _stop(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="studio", description="The embedded studio of the avatar maker.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the API on 127.0.0.1")
    serve.add_argument("--port", type=int, default=0, help="0: any free port")
    serve.add_argument("--idle", type=float, default=0.0, help="stop after this many idle seconds; 0: never")
    serve.add_argument(
        "--database-url", default="", help="SQLAlchemy URL; default: a SQLite file in the data folder"
    )
    serve.add_argument(
        "--like-hosted", action="store_true", help="tokens for everyone, metered credits, rate limits"
    )
    work = commands.add_parser("work", help="render for a studio on the same PostgreSQL and folder")
    work.add_argument("--database-url", required=True, help="the PostgreSQL that the studio uses")
    migrate = commands.add_parser("migrate", help="bring the database to this version's tables")
    migrate.add_argument("--database-url", default="", help="SQLAlchemy URL; default: the data folder's file")
    others = [commands.add_parser(name, help=f"{name} a running studio") for name in ("status", "stop")]
    for command in (serve, work, migrate, *others):
        command.add_argument("--data", type=Path, default=default_data(), help="where everything is kept")
        command.add_argument("--runtime", type=Path, help="the file that says where the studio listens")
    return parser


def _config(options: argparse.Namespace) -> Config:
    data = options.data.resolve()
    hosted: bool = getattr(options, "like_hosted", False)
    return Config(
        data=data,
        runtime=options.runtime or data / "runtime.json",
        port=getattr(options, "port", 0),
        idle_seconds=getattr(options, "idle", 0.0),
        database_url=options.database_url,
        open_sign_in=hosted,
        lease_seconds=SHARED_LEASE_SECONDS if options.database_url else ALONE_LEASE_SECONDS,
        prices=Prices(metered=hosted),
        render_workers=render_workers(),
    )


def _migrate(options: argparse.Namespace) -> int:
    from sqlalchemy.exc import SQLAlchemyError

    from studio.db import Database
    from studio.migrate import HEAD, NewerDatabaseError, migrate

    options.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        database = Database(options.database_url or options.data / "studio.sqlite3")
        before = migrate(database)
        database.close()
    except (SQLAlchemyError, NewerDatabaseError, OSError) as error:
        sys.stderr.write(f"The database cannot be migrated: {error}\n")
        return EXIT_DISK
    sys.stdout.write(f"The database is at version {HEAD} (it was {before or 'new'}).\n")
    return 0


def _status(path: Path) -> int:
    found = _ask(path, "GET", "/api/studio/status")
    if found is None:
        sys.stderr.write("No studio is running.\n")
        return EXIT_NONE
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


def _stop(path: Path) -> int:
    if _ask(path, "POST", "/api/studio/stop") is None:
        sys.stdout.write("No studio is running.\n")
        return 0
    deadline = time.monotonic() + STOP_SECONDS
    while _ask(path, "GET", "/api/studio/status") is not None:
        if time.monotonic() > deadline:
            sys.stderr.write("The studio does not stop.\n")
            return EXIT_NONE
        time.sleep(0.05)
    sys.stdout.write("The studio has stopped.\n")
    return 0


def _ask(path: Path, method: str, call: str) -> dict[str, Any] | None:
    """One owner call to the studio the runtime file tells of; None when nobody answers."""
    # Loaded here, for serving needs neither.
    import urllib.error
    import urllib.request

    told = runtime.read(path)
    if told is None or not str(told.get("url", "")).startswith("http://127.0.0.1:"):
        return None
    request = urllib.request.Request(  # noqa: S310
        told["url"] + call,
        method=method,
        headers={"X-Studio-Secret": str(told.get(runtime.SECRET_FIELD, ""))},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5) as reply:
            body = json.load(reply)
    except (OSError, ValueError, urllib.error.URLError):
        return None
    data = body.get("data") if isinstance(body, dict) else None
    return data if isinstance(data, dict) else None


if __name__ == "__main__":
    sys.exit(main())
