"""Alembic's entry: runs the versions on the connection that `studio.migrate` opened, in its transaction."""

from __future__ import annotations

from alembic import context

from studio.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most things in place; a batch copies the table.
    render_as_batch=True,
)
context.run_migrations()
