"""What is told on the way to a conversation."""

from __future__ import annotations

from tests.agent.running import Command
from tests.scripted_server import ScriptedServer


def test_a_rate_limit_met_while_signing_in_is_told_before_it_is_waited_for(
    avatar: Command, backend: ScriptedServer
) -> None:
    backend.refuse("token", 429, status=429, Retry_After="0.01")
    ran = avatar("credits", "--plain")
    assert ran.exit == 0
    assert ran.err.startswith("Too many requests; going on in 1 s…\nReady.")
