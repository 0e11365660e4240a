"""Names of our codes, in French."""

from __future__ import annotations

from dataclasses import dataclass

from fs_pipeline.values.vocabularies import BETWEEN, VocabularyName, labels_of

OTHER_OPERATOR = "Autres organismes"

EVIDENCE = (
    ("confirmed", "confirmé", "l’enquête dit qu’une aide est donnée"),
    ("by_label", "par le label", "le label France services l’implique, l’enquête ne le dit pas"),
    ("general", "en général", "aide déclarée, démarche non précisée"),
    ("orientation", "orientation", "le lieu oriente vers un autre"),
    ("none", "aucun", "l’enquête dit qu’il n’y a pas d’aide"),
    ("unknown", "inconnu", "aucune source ne le dit"),
)
EVIDENCE_CODES = tuple(code for code, _, _ in EVIDENCE)
STATED = ("confirmed", "orientation", "none")  # what the survey alone can say
WITHHELD_CHAPTER = (
    "Ce chapitre est réservé à la préfecture et à ses partenaires, jusqu’à ce que la préfecture le laisse publier."
)
WITHHELD = (
    "que la préfecture et ses partenaires lisent seuls, jusqu’à ce qu’elle en autorise la publication"  # of chapters
)
NO_SURVEY = "Aucune enquête n’a été déposée"
SILENT = "L’enquête ne dit rien de l’aide aux démarches"
GENERAL_ONLY = "L’enquête dit quels lieux aident, sans dire pour quelles démarches"
UNSAID = {NO_SURVEY: (*STATED, "general"), SILENT: (*STATED, "general"), GENERAL_ONLY: STATED}
HELP_SAID = {
    "no_survey": "non déposée",
    "silent": "sans rien dire de l’aide",
    "general": "aide en général",
    "by_demarche": "aide par démarche",
}
NOT_SAID = "–"


@dataclass(frozen=True, slots=True)
class DifferenceWords:
    """How a kind of difference is named in a list, in a sentence, and what settles it."""

    label: str
    short: str
    short_many: str
    finding: str
    action: str
    finding_many: str = ""  # of several places, where it is said otherwise


KINDS_OF_DIFFERENCE = {
    "only_in_survey": DifferenceWords(
        "Dans l’enquête seule",
        "dans l’enquête seule",
        "dans l’enquête seule",
        "dans l’enquête, absent des listes nationales",
        "demander l’inscription à la liste nationale",
        "dans l’enquête, absents des listes nationales",
    ),
    "label_not_in_survey": DifferenceWords(
        "Labellisé, absent de l’enquête",
        "labellisé absent de l’enquête",
        "labellisés absents de l’enquête",
        "labellisé, absent de l’enquête",
        "compléter l’enquête",
        "labellisés, absents de l’enquête",
    ),
    "host_in_survey": DifferenceWords(
        "Hôte dans l’enquête, sans le label",
        "dont l’enquête nomme l’hôte seul",
        "dont l’enquête nomme l’hôte seul",
        "labellisé ; l’enquête nomme au même endroit, ou au même téléphone, un lieu qu’elle ne dit pas France services",
        "dire dans l’enquête que l’hôte est, ou abrite, la France services",
        "labellisés ; l’enquête nomme au même endroit, ou au même téléphone, un lieu qu’elle ne dit pas France services",
    ),
    "perhaps_in_survey": DifferenceWords(
        "Peut-être dans l’enquête",
        "peut-être dans l’enquête sous un autre nom",
        "peut-être dans l’enquête sous un autre nom",
        "labellisé ; l’enquête en nomme un qu’elle dit labellisé, ou maison de services : c’est peut-être le même",
        "dire si c’est le même lieu",
        "labellisés ; l’enquête en dit un autre labellisé, ou maison de services, près de chacun : c’est peut-être le même",
    ),
    "closed_or_moved": DifferenceWords(
        "Fermé ou déplacé",
        "fermé ou déplacé",
        "fermés ou déplacés",
        "fermé ou déplacé",
        "vérifier auprès du porteur",
        "fermés ou déplacés",
    ),
    "value_differs": DifferenceWords(
        "Une valeur diffère",
        "sur une valeur",
        "sur une valeur",
        "une valeur diffère",
        "appeler le lieu et corriger la source fausse",
    ),
    "finer_detail": DifferenceWords(
        "Un côté en dit plus",
        "où un côté en dit plus",
        "où un côté en dit plus",
        "mêmes horaires ; un côté dit en plus comment on est reçu",
        "compléter la source qui ne le dit pas",
    ),
    "to_review": DifferenceWords(
        "Rapprochement à trancher",
        "à trancher",
        "à trancher",
        "peut-être le même lieu sous deux noms",
        "trancher\u00a0: même lieu ou non",
    ),
}
FIELD_NAMES = {
    "hours": "horaires",
    "opening_hours": "horaires",
    "phone": "téléphone",
    "address": "adresse",
    "position": "position",
    "email": "courriel",
    "website": "site",
    "name": "nom",
    "insee": "commune",
    "commune": "commune",
    "kind": "format",
}
PRECISION_NAMES = {"own": "point donné", "housenumber": "point trouvé au numéro", "street": "point trouvé à la rue"}
KIND_NAMES = {"fixed": "fixe", "antenne": "antenne", "multi_site": "plusieurs sites", "itinerant": "itinérant"}
METHOD_NAMES = {"road": "par la route", "estimated": "estimé à vol d’oiseau", "not_computed": "non calculé"}

COUNTED_AT = {  # of a commune: what its points of demand do not say of where people live
    "lone_town_hall": "comptée à sa seule mairie",
    "former_commune": "répartie en parts égales entre ses anciennes mairies",
}


def listed(vocabulary: VocabularyName, codes: str | None, otherwise: str) -> str:
    """The French names of codes joined by ``|``; words that are no code as they are; `otherwise` where there is none."""
    names = labels_of(vocabulary)
    return ", ".join(names.get(code, code) for code in codes.split(BETWEEN)) if codes else otherwise


def named(names: dict[str, str], code: str | None, otherwise: str) -> str:
    """The French name of a code; an unknown code is written with spaces; `otherwise` where there is none."""
    if code is None:
        return otherwise
    return names.get(code, code.replace("_", " "))
