"""The scripted agent that ADK's own API server runs for the tests."""

from . import agent as agent
