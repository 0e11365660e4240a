"""Letters whose hours hold in some weeks, months or ranks only, by appointment, or but for a day."""

from __future__ import annotations

import random

from tests.unit.values.hours_letters import (
    DAYS,
    MONTH_KEYS,
    MONTHS,
    NAMES,
    RDV,
    Week,
    family,
    osm,
    plain,
    said,
    sentence,
    short,
    times,
)

Said = tuple[str, str | None]


@family
def parite(week: Week, rng: random.Random) -> Said:
    week, odd = plain(week), rng.random() < 0.5
    word = "impaire" if odd else "paire"
    scope = rng.choice(["semaines {}s", "les semaines {}s", "(semaine {})", "en semaine {}", "(semaines {}s)"]).format(
        word
    )
    text = sentence(week, rng)
    text = rng.choice([f"{text} {scope}", f"{scope.strip('()').capitalize()} : {text}"])
    return text, osm(week, f"week {'01' if odd else '02'}-53/2")


@family
def deux_parites(week: Week, rng: random.Random) -> Said:
    one, two, slot = rng.randrange(5), rng.randrange(5), (840, 1020)
    even, odd = Week({one: ((540, 720),)}), Week({two: (slot,)})
    text = rng.choice(["Semaines paires : {} ; semaines impaires : {}", "Semaine paire {}\nSemaine impaire {}"])
    return text.format(sentence(even, rng, short), sentence(odd, rng, short)), (
        osm(even, "week 02-53/2") + "; " + osm(odd, "week 01-53/2")
    )


@family
def rangs(week: Week, rng: random.Random) -> Said:
    day, slots = next(iter(week.days.items()))
    words, ranks = rng.choice(
        [("1er", "1"), ("premier", "1"), ("2e", "2"), ("2ème", "2"), ("troisième", "3"), ("1er et 3e", "1,3"),
         ("1er et 3ème", "1,3"),
         ("2e et 4e", "2,4"), ("dernier", "-1"), ("deuxième et quatrième", "2,4")]
    )  # fmt: skip
    several = "," in ranks
    start = (
        rng.choice(["les ", "Les ", "Permanence les "])
        if several
        else rng.choice(["le ", "Le ", "chaque ", "Permanence le "])
    )
    of, plural = rng.choice(["du mois", "de chaque mois"]), "s" if several and rng.random() < 0.7 else ""
    text = f"{start}{words} {NAMES[day]}{plural} {of}"
    return (
        f"{text}{rng.choice([' ', ', ', ' : '])}{said(slots, short, 'de {} à {}')}",
        f"{DAYS[day]}[{ranks}] {times(slots)}",
    )


@family
def mois(week: Week, rng: random.Random) -> Said:
    week, first = plain(week), rng.randrange(11)
    last = rng.randrange(first + 1, 12)
    of = "d'" if MONTHS[first][0] in "ao" else "de "
    scope = rng.choice(
        [
            f"{of}{MONTHS[first]} à {MONTHS[last]}",
            f"{MONTHS[first]}-{MONTHS[last]}",
            f"{of}{MONTHS[first]} à {MONTHS[last]} inclus",
        ]
    )
    text = sentence(week, rng)
    text = rng.choice([f"{text} {scope}", f"{scope.capitalize()} : {text}", f"{text} ({scope})"])
    return text, osm(week, f"{MONTH_KEYS[first]}-{MONTH_KEYS[last]}")


@family
def ete(week: Week, rng: random.Random) -> Said:
    week = Week(dict.fromkeys(range(5), ((540, 720), (840, 1020))))
    summer = Week(dict.fromkeys(range(5), ((rng.choice([480, 510, 540]), rng.choice([720, 750, 780])),)))
    joint = rng.choice(
        [". En juillet et août : ", "\nJuillet-août : ", " ; juillet et août : ", ". En juillet et en août, "]
    )
    return sentence(week, rng, short) + joint + sentence(summer, rng, short), osm(week) + "; " + osm(summer, "Jul-Aug")


@family
def vacances(week: Week, rng: random.Random) -> Said:
    text, inside = sentence(plain(week), rng), rng.random() < 0.4
    if inside:
        scope = rng.choice(
            ["pendant les vacances scolaires", "(vacances scolaires uniquement)", "en période de vacances scolaires"]
        )
        return f"{text} {scope}", osm(plain(week), "SH")
    scope = rng.choice(
        [
            "hors vacances scolaires",
            "(hors vacances scolaires)",
            "sauf pendant les vacances scolaires",
            "en période scolaire",
        ]
    )
    return f"{text} {scope}", osm(plain(week)) + "; SH off"


@family
def sur_rendez_vous(week: Week, rng: random.Random) -> Said:
    week, text = plain(week), sentence(plain(week), rng)
    after = [
        "sur rendez-vous",
        "(sur rendez-vous)",
        "uniquement sur rendez-vous",
        "sur RDV",
        ", sur rendez-vous uniquement",
        "(sur rdv)",
    ]
    text = rng.choice(
        [
            f"{text} {rng.choice(after)}",
            f"Sur rendez-vous {text}",
            f"Sur RDV : {text}",
            f"Uniquement sur rendez-vous : {text}",
        ]
    )
    return text, osm(week, then=RDV)


@family
def un_jour_sur_rendez_vous(week: Week, rng: random.Random) -> Said:
    one, two = sorted(rng.sample(range(5), 2))
    free, asked = Week({one: ((540, 720),)}), Week({two: ((840, 1020),)})
    texts = [
        sentence(free, rng, short) + rng.choice([" sans rendez-vous", "", " en accès libre"]),
        sentence(asked, rng, short) + " sur rendez-vous",
    ]
    return rng.choice(["\n", " ; ", ". "]).join(texts), osm(free) + "; " + osm(asked, then=RDV)


@family
def avec_ou_sans(week: Week, rng: random.Random) -> Said:
    scope = rng.choice(
        ["sans rendez-vous", "avec ou sans rendez-vous", "(sans RDV)", "(avec ou sans rdv)", "en accès libre"]
    )
    return f"{sentence(plain(week), rng)} {scope}", osm(plain(week))


@family
def nocturne(week: Week, rng: random.Random) -> Said:
    late, hour = rng.choice(range(5)), rng.choice([1110, 1140, 1200])
    text = rng.choice(
        [
            "{0} (jusqu'à {2} le {1})",
            "{0}, jusqu'à {2} le {1}",
            "{0} ({1} jusqu'à {2})",
            "{0}. Nocturne le {1} jusqu'à {2}.",
        ]
    )
    base = Week(dict.fromkeys(range(5), ((540, 1020),)))
    return text.format(f"du lundi au vendredi de {short(540)} à {short(1020)}", NAMES[late], short(hour)), osm(
        Week(base.days | {late: ((540, hour),)})
    )


@family
def incertain(week: Week, rng: random.Random) -> Said:
    day, slots = next(iter(week.days.items()))
    when = rng.choice(
        [
            "un {} sur deux",
            "certains {}s",
            "un {} par mois",
            "le {} ou le dimanche",
            "deux {}s par mois",
            "le {}, une semaine sur deux",
        ]
    )
    return f"{when.format(NAMES[day])} {said(slots, short, 'de {} à {}')}", None
