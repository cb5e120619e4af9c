"""What Alembic runs: the connection comes from `storage.migrate`, and logging is left alone."""

from alembic import context

from storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite cannot alter a table in place
    transactional_ddl=True,  # we say BEGIN ourselves, so SQLite undoes half a migration too
)
with context.begin_transaction():
    context.run_migrations()
