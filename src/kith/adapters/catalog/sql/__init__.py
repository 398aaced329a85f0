"""The catalog in a relational database, SQLite's or PostgreSQL's: the same code for both."""

from kith.adapters.catalog.sql.catalog import SqlCatalog

__all__ = ["SqlCatalog"]
