"""Language, both ways: what the user asks for, and what the backend's talk means."""
