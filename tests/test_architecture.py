"""The rules between the rooms (DESIGN: one way, three packages), kept as import contracts."""

from __future__ import annotations

import subprocess
import sys
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


def test_no_file_has_grown_past_what_one_noun_needs() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for package in ("agent", "intents", "studio", "tests")
        for path in (ROOT / package).rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 400
    ]
    assert long == []
