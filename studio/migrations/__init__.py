"""The database's versions, one file each; `studio.migrate` runs them."""
