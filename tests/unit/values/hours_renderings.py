"""The French in which offices write their week: `render(week, seed)` for each of the families.

Written before the grammar was, from the families that the issue names and from what French town halls print; it is not
changed to please the grammar.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from .hours_weeks import Slots, Week, shape, truth

FRENCH = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
SHORT = ("Lun", "Mar", "Mer", "Jeu", "Ven", "Sam", "Dim")
MONTHS = {"Jan": "janvier", "Apr": "avril", "May": "mai", "Jun": "juin", "Jul": "juillet", "Aug": "août",
          "Sep": "septembre", "Oct": "octobre", "Mar": "mars"}  # fmt: skip
RANKS = {1: ("1er", "premier"), 2: ("2ème", "2e", "deuxième"), 3: ("3e", "3ème", "troisième"), 4: ("4e", "quatrième"),
         -1: ("dernier",)}  # fmt: skip


def week(seed: int) -> Week:
    """A week of the family that the seed falls on."""
    return shape(list(FAMILIES)[seed % len(FAMILIES)], random.Random(seed))


def render(said: Week, seed: int) -> str:
    """The week in French (or in OSM), in one of the ways of its family."""
    return FAMILIES[said.family](random.Random(seed * 7 + 1), said)


def _clock(draw: random.Random, minute: int, style: str) -> str:
    hour, rest = divmod(minute, 60)
    if style == "h":
        return f"{hour}h{rest:02d}" if rest else f"{hour}h"
    if style == "h00":
        return f"{hour:02d}h{rest:02d}"
    if style == " h ":
        return f"{hour} h {rest:02d}" if rest else f"{hour} h"
    if style == "H":
        return f"{hour}H{rest:02d}" if rest else f"{hour}H"
    return f"{hour:02d}:{rest:02d}"


def _hours(draw: random.Random, slots: Slots, prose: bool | None = None) -> str:
    style = draw.choice(["h", "h", "h00", " h ", "H", ":"])
    prose = draw.random() < 0.5 if prose is None else prose
    if prose:
        return " et ".join(f"de {_clock(draw, a, style)} à {_clock(draw, b, style)}" for a, b in slots)
    dash = draw.choice(["-", " - ", "–", " à "])
    join = draw.choice([" / ", ", ", " et ", " "])
    return join.join(f"{_clock(draw, a, style)}{dash}{_clock(draw, b, style)}" for a, b in slots)


def _groups(days: dict[int, Slots]) -> list[tuple[list[int], Slots]]:
    """Days that follow one another with the same hours."""
    out: list[tuple[list[int], Slots]] = []
    for day, slots in days.items():
        if out and out[-1][1] == slots:
            out[-1][0].append(day)
        else:
            out.append(([day], slots))
    return out


def _named(draw: random.Random, days: list[int]) -> str:
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return draw.choice(["du {} au {}", "{} au {}", "{} à {}"]).format(FRENCH[days[0]], FRENCH[days[-1]])
    names = [FRENCH[day] for day in days]
    if len(names) == 1:
        return draw.choice(["le {}", "{}"]).format(names[0])
    return draw.choice(["les ", "", "le "]) + ", ".join(names[:-1]) + " et " + names[-1]


def _prose(draw: random.Random, said: Week) -> str:
    parts = [f"{_named(draw, days)} {_hours(draw, slots, prose=True)}" for days, slots in _groups(said.days)]
    text = draw.choice(["", "", "Ouvert ", "Ouverture ", "Accueil du public ", "Horaires d'ouverture : "])
    text += draw.choice([", ", " ; ", " et "]).join(parts) + draw.choice(["", "."])
    return text[0].upper() + text[1:]


def _lines(draw: random.Random, said: Week, between: str = "\n") -> str:
    colon = draw.choice([" : ", ": ", " "])
    prose = draw.random() < 0.3
    state = draw.getstate()
    lines = []
    for day in range(7 if said.closed else 6):
        if said.days.get(day):
            draw.setstate(state)
            lines.append(f"{FRENCH[day].capitalize()}{colon}{_hours(draw, said.days[day], prose)}")
        elif day in said.closed:
            lines.append(f"{FRENCH[day].capitalize()}{colon}fermé")
    return between.join(lines)


def _short(draw: random.Random, said: Week) -> str:
    parts = []
    for days, slots in _groups(said.days):
        names = [SHORT[day] + draw.choice(["", "."]) for day in days]
        follow = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
        parts.append(f"{names[0]}-{names[-1]}" if follow else ", ".join(names))
        parts[-1] += f"{draw.choice([' ', ' : '])}{_hours(draw, slots, prose=False)}"
    return draw.choice([" ; ", "\n", " | "]).join(parts)


def _body(draw: random.Random, said: Week) -> str:
    return draw.choice([_prose, _lines, _short])(draw, said)


def _table(draw: random.Random, said: Week) -> str:
    """One line a day, a closed day said, mornings and afternoons named."""
    lines = []
    for day in range(6):
        slots = said.days.get(day, ())
        halves = [
            f"{'Matin' if slot[0] < 720 else 'Après-midi'} : {_hours(draw, (slot,), prose=False)}" for slot in slots
        ]
        lines.append(f"{FRENCH[day].upper()} {' / '.join(halves) or 'FERMÉ'}")
    return "\n".join(lines)


def _html(draw: random.Random, said: Week) -> str:
    item = draw.choice(["<ul>{}</ul>|<li>{}</li>", "<p>{}</p>|{}<br/>", "<table>{}</table>|<tr><td>{}</td></tr>"])
    around, line = item.split("|")
    lines = _lines(draw, said).split("\n")
    return around.format("".join(line.format(text.replace("é", "&eacute;")) for text in lines))


def _times_first(draw: random.Random, said: Week) -> str:
    return ", ".join(f"{_hours(draw, slots)} {_named(draw, days)}" for days, slots in _groups(said.days))


def _parity(draw: random.Random, said: Week) -> str:
    weeks = {"odd": "impaires", "even": "paires"}[said.parity]
    hours, day = _hours(draw, *said.days.values()), FRENCH[next(iter(said.days))]
    return draw.choice([
        f"Semaines {weeks} : {day} {hours}", f"{day} (semaines {weeks}) : {hours}", f"le {day} {hours} (semaines {weeks})",
        f"Le {day} des semaines {weeks} {hours}", f"{day} semaine {weeks[:-1]} {hours}",
    ])  # fmt: skip


def _both(draw: random.Random, said: Week) -> str:
    day, even, odd = FRENCH[next(iter(said.days))], *(next(iter(x.values())) for x in (said.days, said.other))
    first, second = _hours(draw, even), _hours(draw, odd)
    return draw.choice([
        f"{day} : semaines paires {first} ; semaines impaires {second}",
        f"Semaine paire : {day} {first}. Semaine impaire : {day} {second}",
        f"{day} {first} (semaine paire), {second} (semaine impaire)",
    ])  # fmt: skip


def _ranked(draw: random.Random, said: Week) -> str:
    ranks = " et ".join(draw.choice(RANKS[rank]) for rank in said.ranks)
    day, slots = next(iter(said.days.items()))
    name, hours = FRENCH[day] + ("s" if len(said.ranks) > 1 else ""), _hours(draw, slots)
    return draw.choice([
        f"{ranks} {name} du mois {hours}", f"Le {ranks} {name} de chaque mois : {hours}", f"{hours} le {ranks} {name} du mois",
        f"{FRENCH[day]} {hours} ({ranks} {name} du mois)", f"Tous les {ranks} {name} du mois, {hours}",
    ])  # fmt: skip


def _months(draw: random.Random, said: Week) -> str:
    first, last = (MONTHS[name] for name in said.months or ())
    body = _prose(draw, Week("", said.days)).removeprefix("Horaires d'ouverture : ")
    return draw.choice([f"De {first} à {last} : {body}", f"{body} de {first} à {last}".replace(". de", " de"),
                        f"{first.capitalize()} - {last} : {body}"])  # fmt: skip


def _seasons(draw: random.Random, said: Week) -> str:
    body = _prose(draw, Week("", said.days)).rstrip(".")
    other = _prose(draw, Week("", said.other)).rstrip(".")
    return f"De septembre à juin : {body}{draw.choice([chr(10), '. ', ' ; '])}En juillet et août : {other}"


def _usual(said: Week) -> str:
    """« du lundi au vendredi », from the first to the last of the days."""
    return f"{FRENCH[min(said.days)]} au {FRENCH[max(said.days)]}"


def _except_half(draw: random.Random, said: Week) -> str:
    usual = max(said.days.values(), key=len)
    day = next(day for day, slots in said.days.items() if len(slots) == 1)
    half = "matin" if said.days[day][0][0] >= 12 * 60 else "après-midi"
    name = f"{FRENCH[day]} {half}"
    body = f"Du {_usual(said)} {_hours(draw, usual)}"
    return body + draw.choice([f", sauf le {name}", f" sauf {name}", f". Fermé le {name}.", f" (fermé le {name})"])


def _except_day(draw: random.Random, said: Week) -> str:
    day = next(day for day in range(5) if day not in said.days and day > min(said.days))
    body = f"Du {_usual(said)} {_hours(draw, said.days[min(said.days)])}"
    name = FRENCH[day]
    return body + draw.choice([f", sauf le {name}", f" sauf {name}", f". Fermé le {name}.", f" (fermé le {name})"])


def _closes(draw: random.Random, said: Week) -> str:
    day = max(said.days)
    clock = _clock(draw, said.days[day][-1][1], "h")
    body = f"Du {_usual(said)} {_hours(draw, said.days[min(said.days)])}"
    return body + draw.choice([
        f" ({clock} le {FRENCH[day]})", f" ({FRENCH[day]} jusqu'à {clock})", f", {FRENCH[day]} jusqu'à {clock}",
        f". Fermeture à {clock} le {FRENCH[day]}",
    ])  # fmt: skip


def _public(draw: random.Random, said: Week) -> str:
    body = _prose(draw, Week("", said.days)).rstrip(".")
    return body + draw.choice(
        [" sauf jours fériés", ", hors jours fériés", " (sauf jours fériés)", ". Fermé les jours fériés."]
    )


def _appointment(draw: random.Random, said: Week) -> str:
    body, word = (
        _body(draw, Week("", said.days)).rstrip("."),
        draw.choice(["sur rendez-vous", "sur RDV", "uniquement sur rendez-vous"]),
    )
    return draw.choice(
        [f"{word.capitalize()} : {body}", f"{body}\n{word.capitalize()}.", f"{word.capitalize()} {body}"]
    )


def _half_appointment(draw: random.Random, said: Week) -> str:
    days, (am, pm) = list(said.days), next(iter(said.days.values()))
    word = draw.choice(["sur rendez-vous", "sur RDV"])
    halves = [_hours(draw, (am,), prose=False), _hours(draw, (pm,), prose=False)]
    at = 0 if said.appointment == "am" else 1
    halves[at] = draw.choice([f"{halves[at]} ({word})", f"{halves[at]} {word}"])
    free = draw.choice(["{}", "{} sans rendez-vous", "{} (accès libre)"])
    halves[1 - at] = free.format(halves[1 - at])
    return f"Du {FRENCH[days[0]]} au {FRENCH[days[-1]]} : {halves[0]}{draw.choice([' / ', ', ', ' ; '])}{halves[1]}"


def _out_of_holidays(draw: random.Random, said: Week) -> str:
    body = _prose(draw, Week("", said.days)).rstrip(".")
    return draw.choice(
        [f"{body} (hors vacances scolaires)", f"{body}, hors vacances scolaires", f"Période scolaire : {body}"]
    )


def _holidays(draw: random.Random, said: Week) -> str:
    body, other = (_prose(draw, Week("", days)).rstrip(".") for days in (said.days, said.other))
    return f"Période scolaire : {body}{draw.choice([chr(10), '. '])}Vacances scolaires : {other}"


def _unknowable(draw: random.Random, said: Week) -> str:
    hours, day = _hours(draw, *said.days.values()), FRENCH[next(iter(said.days))]
    return draw.choice([
        f"Un {day} sur deux {hours}", f"{day} {hours}, une semaine sur deux", f"{day} {hours} (tous les 15 jours)",
        f"Le {day} {hours} en alternance avec la commune voisine",
    ])  # fmt: skip


def _either(draw: random.Random, said: Week) -> str:
    return f"{draw.choice(['Le', ''])} mardi ou {draw.choice(['le ', ''])}jeudi {_hours(draw, said.days[1])}".strip()


def _suspended(draw: random.Random, said: Week) -> str:
    word = draw.choice(
        [
            "fermé jusqu'à nouvel ordre",
            "permanence suspendue",
            "service provisoirement interrompu",
            "fermeture définitive",
        ]
    )
    return f"{_body(draw, said).rstrip('.')}{draw.choice(['. ', ' - ', chr(10)])}{word.capitalize()}"


def _offered(draw: random.Random, said: Week) -> str:
    body = _body(draw, said).rstrip(".")
    word = draw.choice(
        ["Accompagnement aux démarches en ligne", "aide numérique", "Prêt de tablettes", "accueil du public"]
    )
    return draw.choice([f"{word} : {body}", f"{body} ({word})", f"{body}. {word}."])


FAMILIES: dict[str, Callable[[random.Random, Week], str]] = {
    "prose": _prose, "lines": _lines, "slashes": lambda draw, said: _lines(draw, said, " / "), "short": _short,
    "table with halves": _table, "HTML": _html, "times first": _times_first, "parity": _parity, "both parities": _both,
    "ranks": _ranked, "months": _months, "two seasons": _seasons, "except a half-day": _except_half,
    "except a day": _except_day, "public holidays": _public, "closes earlier": _closes, "appointment": _appointment,
    "afternoon by appointment": _half_appointment, "out of holidays": _out_of_holidays, "holidays": _holidays,
    "no day": lambda draw, said: _hours(draw, said.days[-1]), "OSM": lambda _, said: truth(said) or "",
    "one week in two": _unknowable, "this day or that": _either, "closed until further notice": _suspended,
    "what is offered": _offered,
}  # fmt: skip
