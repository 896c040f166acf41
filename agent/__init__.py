"""The conversation: everything between the terminal and the backend's HTTP API."""
