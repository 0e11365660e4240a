"""Letters that tell a whole week, each in its own way, and what that means in OSM's."""

from __future__ import annotations

import random

from tests.unit.values.hours_letters import (
    CLOCKS,
    DAYS,
    NAMES,
    Week,
    family,
    follow,
    halves,
    lined,
    listed,
    long,
    osm,
    said,
    sentence,
    short,
    times,
    which,
)

Said = tuple[str, str | None]


@family
def prose(week: Week, rng: random.Random) -> Said:
    opening = rng.choice(
        ["La mairie est ouverte ", "Ouvert au public ", "Le secrétariat est ouvert ", "Permanences ", "Nous vous accueillons ",
         "Horaires d'ouverture : ", "L'accueil se fait "]
    )  # fmt: skip
    return opening + sentence(week, rng) + rng.choice([".", "", " !"]), osm(week)


@family
def heures_en_mots(week: Week, rng: random.Random) -> Said:
    joint = rng.choice([", ", " ; ", ". "])
    return joint.join(f"{which(d, rng)} {said(s, long, 'de {} à {}')}" for d, s in week.runs()), osm(week)


@family
def lignes(week: Week, rng: random.Random) -> Said:
    return lined(week, rng, ""), osm(week)


@family
def lignes_fermees(week: Week, rng: random.Random) -> Said:
    return lined(week, rng, rng.choice(["fermé", "Fermé", "FERMÉ", "fermée", "ferme", "Fermeture"])), osm(week)


@family
def tableau(week: Week, rng: random.Random) -> Said:
    clock, bar, empty = rng.choice(CLOCKS), rng.choice([" | ", "|", " \t "]), rng.choice(["fermé", "-", "Fermé", "–"])
    rows = []
    for day in range(rng.choice([5, 6, 7])) if max(week.days) < 5 else range(6):
        slots = week.days.get(day, ())
        cells = [
            next((said((s,), clock, "{}-{}") for s in slots if (s[0] < 770) == morning), empty)
            for morning in (True, False)
        ]
        rows.append(bar.join([NAMES[day].capitalize(), *cells]))
    head = rng.choice(["", bar.join(["Jour", "Matin", "Après-midi"]) + "\n"])
    return head + "\n".join(rows), osm(week)


@family
def abrege(week: Week, rng: random.Random) -> Said:
    marks = rng.choice(
        [["lun.", "mar.", "mer.", "jeu.", "ven.", "sam."], ["L", "Ma", "Me", "J", "V", "S"],
         ["Lun", "Mar", "Mer", "Jeu", "Ven", "Sam"],
         ["lu", "ma", "me", "je", "ve", "sa"]]
    )  # fmt: skip
    dash, comma = rng.choice(["-", " au ", " - ", " à "]), rng.choice([", ", "/", " et "])
    pieces = []
    for days, slots in week.runs():
        name = marks[days[0]] + dash + marks[days[-1]] if follow(days) else comma.join(marks[d] for d in days)
        pieces.append(f"{name}{rng.choice([' ', ' : '])}{said(slots, short, '{}-{}', rng.choice([' ', ' / ', ', ']))}")
    return rng.choice(["; ", "\n", " ; "]).join(pieces), osm(week)


@family
def sauf(week: Week, rng: random.Random) -> Said:
    slots = next(iter(week.days.values()))
    whole, last = rng.choice([("tous les jours", 7), ("du lundi au samedi", 6), ("du lundi au vendredi", 5)])
    out = rng.choice(range(min(last, 6)))
    but = rng.choice(["sauf le {}", "(sauf {})", "sauf {}", "excepté le {}", "à l'exception du {}"]).format(NAMES[out])
    text = rng.choice(["{0} {1} {2}", "{0} {2} {1}", "Ouvert {0} {1} : {2}"]).format(
        whole, but, said(slots, short, "de {} à {}")
    )
    return text, osm(Week({day: slots for day in range(last) if day != out}))


@family
def demi_journee_fermee(week: Week, rng: random.Random) -> Said:
    am, pm, out = (540, 720), (rng.choice([810, 840]), rng.choice([1020, 1050])), rng.choice(range(5))
    kept, half = rng.choice([((am,), "après-midi"), ((pm,), "matin")])
    text = f"du lundi au vendredi {said((am, pm), rng.choice(CLOCKS), 'de {} à {}')}" + rng.choice(
        [" sauf le {0} {1}", ", fermé le {0} {1}", " (fermé le {0} {1})", ". Fermé le {0} {1}.", " (sauf {0} {1})"]
    ).format(NAMES[out], half)
    return text, osm(Week({day: kept if day == out else (am, pm) for day in range(5)}))


@family
def matin_et_apres_midi(week: Week, rng: random.Random) -> Said:
    clock, joint = rng.choice(CLOCKS), rng.choice([", ", " ; ", "\n"])
    parts = []
    for days, slots in week.runs():
        written = [
            rng.choice(["le {0} de {1} à {2}", "{0} : {1} - {2}", "{0} {1}-{2}", "le {0} ({1}-{2})"]).format(
                "matin" if a < 770 else "après-midi", clock(a), clock(b)
            )
            for a, b in slots
        ]
        parts.append(f"{which(days, rng)} " + " et ".join(written))
    return joint.join(parts), osm(week)


@family
def par_demi_journee(week: Week, rng: random.Random) -> Said:
    both = halves(week)
    if both is None:
        return prose(week, rng)
    am_days, am, pm_days, pm = both
    row = rng.choice(["{} : {}, {}", "{} ({}) : {}", "{} : {} {}"])
    return rng.choice(["\n", " ; "]).join(
        row.format(half, listed([NAMES[d] for d in sorted(days)]), said((slot,), short, "{}-{}"))
        for half, days, slot in (("Matin", am_days, am), ("Après-midi", pm_days, pm))
    ), osm(week)


@family
def telephone_et_guichet(week: Week, rng: random.Random) -> Said:
    counter = sentence(week, rng, short, " et ")
    line = f"du lundi au vendredi de {rng.choice(['8h à 18h', '9h à 17h30', '8h30 à 19h'])}"
    text = rng.choice(
        ["Accueil physique : {0}\nAccueil téléphonique : {1}", "Accueil au guichet {0}. Standard téléphonique {1}.",
         "Par téléphone : {1}. Sur place : {0}", "Accueil du public : {0} ; permanence téléphonique : {1}"]
    )  # fmt: skip
    return text.format(counter, line), osm(week)


@family
def restes_de_page(week: Week, rng: random.Random) -> Said:
    end = rng.choice(["<br>", "<br />", "<br/>\n", "</p><p>", "</li><li>", "&#10;"])
    text = lined(week, rng, rng.choice(["", "fermé"]), end).replace(" : ", rng.choice([" : ", "&nbsp;: "]))
    open_tag, close = {"</p><p>": ("<p>", "</p>"), "</li><li>": ("<ul><li>", "</li></ul>")}.get(end, ("", ""))
    return open_tag + text.replace(" à ", rng.choice([" à ", " &agrave; ", "&nbsp;à&nbsp;"])) + close, osm(week)


@family
def osm_lui_meme(week: Week, rng: random.Random) -> Said:
    runs = [
        (f"{DAYS[d[0]]}-{DAYS[d[-1]]}" if follow(d) else ",".join(DAYS[x] for x in d)) + " " + times(s)
        for d, s in week.runs()
    ]
    return rng.choice(["; ", ";", " ; "]).join(runs) + rng.choice(["", "; PH off", ";"]), osm(week)


@family
def capitales(week: Week, rng: random.Random) -> Said:
    return sentence(week, rng, rng.choice(CLOCKS[:3])).upper().replace("À", rng.choice(["A", "À"])), osm(week)


@family
def tirets(week: Week, rng: random.Random) -> Said:
    clock = rng.choice(
        [
            *CLOCKS,
            lambda m: f"{m // 60}H{m % 60:02}",
            lambda m: f"{m // 60}.{m % 60:02}",
            lambda m: f"{m // 60}:{m % 60:02}",
        ]
    )
    dash = rng.choice(["–", "—", " – ", "‑", "→", " > ", "-", " − ", "/"])
    return rng.choice(["\n", " ; "]).join(
        f"{which(d, rng).removeprefix('le ')} : {said(s, clock, '{}' + dash + '{}', rng.choice([' et ', ' & ', ' puis ']))}"
        for d, s in week.runs()
    ), osm(week)


@family
def barres(week: Week, rng: random.Random) -> Said:
    return "\n".join(f"{which(d, rng)} : {said(s, short, '{}/{}', ' - ')}" for d, s in week.runs()), osm(week)


@family
def fautes(week: Week, rng: random.Random) -> Said:
    text = sentence(week, rng, short)
    for _ in range(rng.randint(1, 3)):
        old, new = rng.choice(
            [(" ", "  "), (" à ", " a "), ("mercredi", "mercerdi"), ("vendredi", "vendredí"), ("lundi", "Lundi "),
             (", ", " ,"), ("h30", " h30"),
             ("jeudi", "jeudis"), ("et", " et "), (" : ", ":"), ("h", "h "), ("mardi", "mradi"), (" ", "\u00a0")]
        )  # fmt: skip
        text = text.replace(old, new)
    return text, osm(week)


@family
def journee_continue(week: Week, rng: random.Random) -> Said:
    slot = (rng.choice([480, 510, 540]), rng.choice([960, 1020, 1050]))
    week = Week(dict.fromkeys(week.days, (slot,)))
    words = rng.choice(
        ["en journée continue", "(journée continue)", "sans interruption", "en continu", "non-stop", "(non stop)"]
    )
    return f"{sentence(week, rng)} {words}", osm(week)


@family
def autour(week: Week, rng: random.Random) -> Said:
    before = rng.choice(
        [
            "Bonjour, nous sommes ouverts ",
            "Tél. 01 99 00 12 34 - ",
            "Mairie de Valmont, 12 rue des Lilas. Ouverture : ",
            "Accueil : ",
        ]
    )
    after = rng.choice(
        [
            ". Fermé les jours fériés.",
            ". Merci de votre compréhension.",
            " (hors jours fériés)",
            ". Contact : mairie@valmont.example",
        ]
    )
    return before + sentence(week, rng, short) + after, osm(week)


@family
def a_la_suite(week: Week, rng: random.Random) -> Said:
    return lined(week, rng, "", " "), osm(week)
