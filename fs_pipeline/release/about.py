"""Which publication is being exported: what stands in each description of it."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline import french
from fs_pipeline.coverage.thresholds import Thresholds
from fs_pipeline.editions.edition import EDITION_NAMES, Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A slot, an edition and a version."""

    campaign: str
    departement: str
    departement_name: str
    edition: Edition
    reference_date: str  # ISO
    fingerprint: str
    thresholds: Thresholds
    fictional: bool = False

    @property
    def publisher(self) -> str:
        """Who hands it out: the name of a département needs an article that nobody declares."""
        return f"Préfecture ({self.departement_name})"

    @property
    def title(self) -> str:
        """Its title in a catalogue."""
        return f"Accueil et aide aux démarches\u00a0: {self.departement_name} ({self.departement}), campagne {self.campaign}"

    @property
    def description(self) -> str:
        """What it is, in French."""
        said = (
            "Lieux d’accueil et d’aide aux démarches en ligne, ce qu’ils font pour chaque démarche, et temps de trajet des "
            f"habitants\u00a0; enquête de la préfecture et listes nationales au {french.date(self.reference_date)}. "
            f"Édition {EDITION_NAMES[self.edition]}."
        )
        return f"{said} Données d’exercice, inventées." if self.fictional else said
