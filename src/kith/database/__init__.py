"""The relational database: tables, opening, migrations.

The only rooms that know SQLAlchemy are this one and the adapters over it.
"""
