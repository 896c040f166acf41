"""The rules between the rooms (DESIGN: one way, three packages), kept as import contracts."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_import_keeps_to_the_contracts() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "HOME": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_of_the_agent_is_bound_by_a_contract() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    bound = {name for rule in rules for name in rule.get("source_modules", ()) if name.startswith("agent.")}
    modules = {f"agent.{path.stem}" for path in (ROOT / "agent").glob("*.py") if path.stem != "__init__"}
    free = {"agent.client", "agent.stream", "agent.local", "agent.cli"}
    assert modules - bound - free == set()


def test_no_file_has_grown_past_what_one_noun_needs() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for package in ("agent", "intents", "studio", "tests")
        for path in (ROOT / package).rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 400
    ]
    assert long == []
