"""How incidents are said: one message a kind, and the morning's digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from fs_pipeline import french
from fs_pipeline.telling.incidents import Incident

_SHOWN = 30  # lines of one kind
_TITLES = {  # kind -> one, several, and what to do
    "refused": ("un fichier refusé", "fichiers refusés", "Le retour annoté du département dit pourquoi."),
    "crashed": ("un département en échec", "départements en échec", "« fs-pipeline status » dit pourquoi, et quoi faire."),
    "source": ("une source perdue", "sources perdues", "« fs-pipeline campaign show » dit pourquoi."),
    "disk": ("un disque presque plein", "disques presque pleins", "« Exploiter », « Le disque », dit ce qui peut partir."),
    "daemon": ("le démon est arrêté", "démons arrêtés", "Le relancer : rien d’autre ne le fera."),
    "late": ("un département en retard", "départements en retard", "Relancer leurs préfectures."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out: the same incidents make the same message, by whose identifier a copy is known."""

    kind: str
    subject: str
    lines: tuple[str, ...]

    @property
    def identifier(self) -> str:
        """32 hexadecimal digits."""
        return hashlib.sha256("\n".join([self.kind, self.subject, *self.lines]).encode()).hexdigest()[:32]

    @property
    def text(self) -> str:
        """The lines, one below the other."""
        return "\n".join(self.lines) + "\n"


def message_of(kind: str, said: Sequence[str]) -> Message:
    """One message of what is new of one kind."""
    one, many, to_do = _TITLES[kind]
    title = one if len(said) == 1 else f"{len(said)} {many}"
    return Message(kind, f"[fs_pipeline] {title[:1].upper()}{title[1:]}", (*_listed(said), "", to_do))


def digest_of(day: str, begun: Sequence[Incident], ended: Sequence[Incident], lasting: Sequence[Incident]) -> Message:
    """What began and what ended since the last one, and what lasts."""
    lines: list[str] = []
    for title, found in (
        ("Nouveau depuis le dernier résumé", begun),
        ("Terminé", ended),
        ("Dure encore", lasting),
    ):
        if found:
            lines += [f"{title} :", *(f"  {line}" for line in _listed(sorted(one.said for one in found))), ""]
    still = french.count(len({*begun, *lasting}), "incident")
    return Message("digest", f"[fs_pipeline] Résumé du {french.short_date(day)} : {still} en cours", tuple(lines[:-1]))


TRIAL = Message("trial", "[fs_pipeline] Essai", ("Ce message est un essai : les réglages sont bons.",))


def _listed(said: Sequence[str]) -> list[str]:
    shown = list(said[:_SHOWN])
    if len(said) > _SHOWN:
        shown.append(f"… et {len(said) - _SHOWN} de plus.")
    return shown
