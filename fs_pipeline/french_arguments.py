"""What the command line refuses, in French, one line on stderr and exit code 2: argparse's words, and the system's."""

from __future__ import annotations

import argparse
import errno
import re
import sys
from collections.abc import Iterable
from typing import NoReturn

_ERRORS = (
    (r"the following arguments are required: (.+)", r"il manque \1"),
    (r"unrecognized arguments: (.+)", r"option inconnue : \1"),
    (r"argument (\S+): expected one argument", r"\1 attend une valeur"),
    (r"argument (\S+): expected at least one argument", r"\1 attend au moins une valeur"),
    (r"argument (.+): invalid choice: (.+?) \(choose from (.+)\)", r"\1 ne connaît pas \2 ; au choix : \3"),
    (r"argument (\S+): invalid (\w+) value: (.+)", r"\1 ne comprend pas \3"),
    (r"one of the arguments (.+) is required", r"il faut l’une des options \1"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 et \2 ne vont pas ensemble"),
    (r"ambiguous option: (\S+) could match (.+)", r"option ambiguë \1 : \2"),
)


_SYSTEM = {
    errno.ENOENT: "ce dossier ou ce fichier n’existe pas",
    errno.EACCES: "l’accès est refusé, ou le fichier est ouvert ailleurs",
    errno.EPERM: "l’accès est refusé",
    errno.EISDIR: "c’est un dossier, il faut un fichier",
    errno.ENOTDIR: "c’est un fichier, il faut un dossier",
    errno.ENOSPC: "le disque est plein",
    errno.EROFS: "ce disque ne peut pas être écrit",
}


def file_sentence(error: OSError) -> str:
    """Which file the system refuses, and why."""
    which = f"« {error.filename} »" if error.filename else "un fichier"
    return f"{which} ne peut être ni lu ni écrit : {_SYSTEM.get(error.errno or 0, 'le système le refuse')}."


class _FrenchFormatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "Utilisation : " if prefix is None else prefix)


class FrenchParser(argparse.ArgumentParser):
    """An ArgumentParser that speaks French."""

    def __init__(self, prog: str | None = None, description: str | None = None, epilog: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            formatter_class=_FrenchFormatter,
            add_help=False,
            allow_abbrev=False,
        )
        self._positionals.title = "Arguments"
        self._optionals.title = "Options"
        self.add_argument("-h", "--help", action="help", help="afficher cette aide")

    def error(self, message: str) -> NoReturn:
        """One line on stderr, exit code 2."""
        for pattern, french in _ERRORS:
            if re.fullmatch(pattern, message):
                message = re.sub(r"'(\w+)'", r"\1", re.sub(pattern, french, message))
                break
        print(f"fs-pipeline : {message}. Voir « {self.prog} --help ».", file=sys.stderr)
        raise SystemExit(2)
