"""Frames: each reads one kind of request out of a clause and turns it into edits."""
