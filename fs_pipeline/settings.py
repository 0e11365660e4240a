"""Where this installation keeps its things, read from the environment once and handed down; never read at import."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_ACCOUNT = re.compile(r"(?<=://)[^/]*@")


class UnusableSettings(ValueError):
    """Something outside that cannot be used as it is set; the message is one French line and holds no password."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One home folder is enough to start; production sets the two URLs."""

    home: Path
    database_url: str = field(repr=False)  # SQLAlchemy URL of the warehouse
    files_url: str = field(repr=False)  # fsspec URL of deposits, snapshots, layers, briefs
    deposits_url: str = field(repr=False)  # folder watched for surveys: <campaign>/<departement>/<any file>
    sources_path: Path | None  # sources.toml; None means the declared URLs
    addresses_path: Path | None = None  # reference addresses (a BANO or BAN file) that locate places without a point
    geocoder_url: str | None = field(default=None, repr=False)  # the address service's batch search; None asks nobody
    datagouv_url: str = "https://www.data.gouv.fr"
    datagouv_organization: str | None = None  # its id there; None publishes nothing on it
    datagouv_token: str | None = field(default=None, repr=False)
    backups: Path | None = (
        None  # where backups are made, best on another disk; the ledger of erasures is kept there too
    )

    @classmethod
    def at(cls, home: Path, *, sources_path: Path | None = None) -> Settings:
        """The embedded default under one folder."""
        home = home.resolve()
        return cls(
            home=home,
            database_url=f"sqlite:///{home / 'warehouse.db'}",
            files_url=str(home / "files"),
            deposits_url=str(home / "deposits"),
            sources_path=sources_path,
        )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """FS_HOME (default ``var``), FS_DATABASE_URL, FS_FILES_URL, FS_DEPOSITS_URL, FS_SOURCES, FS_ADDRESSES,
        FS_GEOCODER_URL, FS_BACKUPS, FS_DATAGOUV_URL, FS_DATAGOUV_ORGANIZATION, FS_DATAGOUV_TOKEN.
        """
        default = cls.at(
            Path(environ.get("FS_HOME", "var")),
            sources_path=Path(environ["FS_SOURCES"]) if environ.get("FS_SOURCES") else None,
        )
        return cls(
            home=default.home,
            database_url=environ.get("FS_DATABASE_URL") or default.database_url,
            files_url=environ.get("FS_FILES_URL") or default.files_url,
            deposits_url=environ.get("FS_DEPOSITS_URL") or default.deposits_url,
            sources_path=default.sources_path,
            addresses_path=Path(environ["FS_ADDRESSES"]) if environ.get("FS_ADDRESSES") else None,
            geocoder_url=environ.get("FS_GEOCODER_URL") or None,
            datagouv_url=environ.get("FS_DATAGOUV_URL") or default.datagouv_url,
            datagouv_organization=environ.get("FS_DATAGOUV_ORGANIZATION") or None,
            datagouv_token=environ.get("FS_DATAGOUV_TOKEN") or None,
            backups=Path(environ["FS_BACKUPS"]).resolve() if environ.get("FS_BACKUPS") else None,
        )


def shown(url: str) -> str:
    """An address as it may be printed: without the account and the password it may hold."""
    return _ACCOUNT.sub("", url)
