"""The installation's own folder: made so that no other account of the machine can look in, or said.

What is in it is personal data: surveys as they came, their rows, the editions that are not public.
"""

from __future__ import annotations

import logging
import stat
from pathlib import Path

from fs_pipeline.settings import UnusableSettings

_LOG = logging.getLogger(__name__)
_INSIDE = ("files", "cache", "dagster")
STAGED, ASIDE = ".restoring", ".before"  # what a restore puts together, and what it took the place of
SWAPPING = ".swapping"  # the mark of a restore that has begun to put the one in the other's place
SINCE = "deposits-since-backup"  # surveys that lay in the drop folder and that a restored backup does not know
OURS = {
    *_INSIDE, "deposits", "traces", "sources.toml", "warehouse.db", "warehouse.db-wal", "warehouse.db-shm",
    "warehouse.db-journal",
}  # fmt: skip
_OURS = {*OURS, "erasures.jsonl", STAGED, ASIDE, SWAPPING, SINCE}
_HALF = (
    "une restauration a été interrompue entre deux états de l’installation : relancez « fs-pipeline restore » avec la même "
    "sauvegarde. Rien n’est perdu, et rien d’autre ne marche d’ici là."
)


def keep_private(home: Path) -> None:
    """Make `home` for its owner alone; one that was there and is ours is closed to others, and the log says so.

    A folder that holds other things than ours keeps its rights (it may be anything: a share, the folder of a project);
    what is made inside of it is closed all the same.

    Raises
    ------
    UnusableSettings
        When a restore was cut off there: what stands is of two moments.
    """
    if (home / SWAPPING).exists():
        raise UnusableSettings(_HALF)
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
