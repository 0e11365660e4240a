"""What every test may ask for: the real data, where it stands, and services, where they run."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from fs_pipeline.warehouse.engine import Warehouse

ROOT = Path(__file__).resolve().parent.parent

# A change is judged by the same examples each time; `make soak` draws others.
settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.register_profile("fresh", deadline=None)
settings.load_profile("reproducible")


def skip_or_fail(required: str, why: str) -> None:
    if os.environ.get(required) == "1":
        pytest.fail(f"{why} ({required}=1)")
    pytest.skip(why)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real surveys and national lists."""
    folder = Path(os.environ.get("FS_DATA_DIR", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        skip_or_fail("FS_REQUIRE_DATA", "the real data folder is absent")
    return folder


@pytest.fixture(scope="session")
def cases(real_data: Path) -> Path:
    """The folder of inputs that once broke the product, beside the real data."""
    return real_data.parent / "cases"


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """SQLAlchemy URL of a PostgreSQL server on which databases may be made."""
    import psycopg

    server = os.environ.get("FS_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
    try:
        psycopg.connect(server.replace("+psycopg", ""), connect_timeout=3).close()
    except psycopg.OperationalError as error:
        skip_or_fail("FS_REQUIRE_SERVICES", f"no PostgreSQL to test with: {type(error).__name__}")
    return server


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A throw-away database."""
    with throw_away_database(postgres_server) as url:
        yield url


@contextmanager
def throw_away_database(server: str) -> Iterator[str]:
    """SQLAlchemy URL of a new database of `server`, which is gone afterwards."""
    import psycopg

    name = f"fs_test_{uuid.uuid4().hex[:12]}"
    base = server.replace("+psycopg", "")
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(base, autocommit=True) as connection:
            connection.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """Address of a server that stands in for S3."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """URL of an empty bucket, which this process and those it starts may use."""
    import boto3
    import s3fs

    for name, value in {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-west-3",
        "AWS_ENDPOINT_URL": s3_endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()  # or a server that has stopped since would be asked
    name = request.node.name.replace("_", "-")[:60].strip("-")
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    return f"s3://{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def warehouse_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same test on both databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'warehouse.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def warehouse(warehouse_url: str) -> Iterator[Warehouse]:
    """An empty warehouse."""
    opened = Warehouse(warehouse_url)
    yield opened
    opened.dispose()
