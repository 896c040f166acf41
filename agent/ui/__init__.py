"""The terminal: the chat, its keys, and three ways to show a turn's events (rich, plain, JSON Lines)."""
