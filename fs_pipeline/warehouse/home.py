"""The installation's own folder: made so that no other account of the machine can look in, or said.

What is in it is personal data: surveys as they came, their rows, the editions that are not public.
"""

from __future__ import annotations

import logging
import stat
from pathlib import Path

_LOG = logging.getLogger(__name__)
_INSIDE = ("files", "cache", "dagster")
_OURS = {*_INSIDE, "deposits", "sources.toml", "warehouse.db", "warehouse.db-wal", "warehouse.db-shm"}


def keep_private(home: Path) -> None:
    """Make `home` for its owner alone; one that was there and is ours is closed to others, and the log says so.

    A folder that holds other things than ours keeps its rights (it may be anything: a share, the folder of a project);
    what is made inside of it is closed all the same.
    """
    if not home.is_dir():
        home.mkdir(mode=0o700, parents=True)
    rights = stat.S_IMODE(home.stat().st_mode)
    if not rights & 0o077:
        return
    if rights & stat.S_ISVTX or not {path.name for path in home.iterdir()} <= _OURS:
        for name in _INSIDE:
            (home / name).mkdir(mode=0o700, exist_ok=True)
        _LOG.warning("« %s » est ouvert à d’autres comptes (droits %o) : donnez un dossier à part.", home, rights)
        return
    try:
        home.chmod(0o700)
    except PermissionError:
        _LOG.warning(
            "« %s » est ouvert à d’autres comptes (droits %o) : son propriétaire doit le fermer.", home, rights
        )
    else:
        _LOG.warning("« %s » était ouvert à d’autres comptes (droits %o) : il ne l’est plus.", home, rights)
