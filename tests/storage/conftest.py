"""What these tests share: real databases, of both kinds."""

from tests.databases import database, postgres, sqlite

__all__ = ["database", "postgres", "sqlite"]
