"""The current commune that a text names, with what stands beside it: postcode, INSEE code, département."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from fs_pipeline.territory.model import Territory
from fs_pipeline.territory.names import commune_key
from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean

_CLOSE = 88.0  # rapidfuzz ratio above which a spelling is taken for a name
_ENOUGH_LETTERS = 6
_APART = 6.0  # and by how much the second best must be further
_CEDEX = re.compile(r"\bc[ée]dex\b.*$", re.IGNORECASE)
_ARRONDISSEMENT = re.compile(r"\b\d{1,2}\s*(?:er|e|eme|ème|ième)?\s*(?:arr(?:ondissement|dt)?\.?)?$", re.IGNORECASE)
_POSTCODE = re.compile(r"\b(\d{5})\b")
_INSEE = re.compile(r"(\d?[0-9AB]) ?(\d{3})(?:\.0+)?", re.IGNORECASE)  # its zero lost, or gone through a data tool
_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*$")
_TONGUES = re.compile(r"\s*[/|()\n]\s*|\s+[-–—=]\s+")
_BESIDE = re.compile(r"(?:\s*[,;/]\s*|\s+[-–—]\s+|\s+(?=\d{2,3}$|2[ab]$))([^,;/]+)$", re.IGNORECASE)
_ARTICLE = re.compile(r"l['’]?|la|le|les", re.IGNORECASE)
_BODY = re.compile(r"^(?:mairie|ville|commune|ccas)\s+(?:de\s+(?:la\s+|l['’])?|d['’]|du\s+|des\s+)", re.IGNORECASE)
_OF_LE = re.compile(r"^\w+\s+du\s", re.IGNORECASE)
_NAMED = 6  # communes of a postcode that a message names
_A_TOWN = 5_000  # inhabitants above which a name alone is the town's, whatever village bore it once


def read_commune(
    text: object,
    territory: Territory,
    postcode: str | None = None,
    insee: str | None = None,
    departement: str | None = None,
) -> Reading[str]:
    """The INSEE code of the current commune.

    A name decides, a postcode or département chooses among namesakes, a valid INSEE code confirms. Where code and
    name name two communes, the name and postcode win and a note says so.
    """
    written = clean(text)
    code = clean(insee)
    if code and (digits := _INSEE.fullmatch(code)):
        code = "".join(digits.groups("")).upper().zfill(5)
    return _read(written, territory, postcode, code, departement)


@lru_cache(maxsize=65_536)
def _read(
    text: str | None, territory: Territory, postcode: str | None, insee: str | None, departement: str | None
) -> Reading[str]:
    coded = territory.current_insee(insee)
    if text is None:
        return _without_name(territory, postcode, coded, insee)
    if postcode is None and (found := _POSTCODE.search(text)):
        postcode = found.group(1)
    text, departement = _without_departement(text, territory, departement)
    name = _name_in(text, territory)
    candidates = _candidates(name, territory, postcode, coded, departement)
    if not (postcode or coded or departement) and len(candidates) == 1 and _is_hidden_namesake(name, territory):
        return Reading(None, (Note("commune_ambiguous"),))
    chosen = _choose(candidates, territory, postcode, coded, departement)
    note = _of_another_name(chosen, name, territory) if chosen else None
    if chosen is None and not candidates:
        chosen = _closest(name, territory, postcode, departement)
        if chosen:
            note = Note("commune_spelling", territory.commune_names[chosen])
    at_home = chosen and territory.departement_of(chosen) == departement
    if departement and not (at_home or postcode or coded):
        # what stands in the clerk's own département goes before its namesakes elsewhere
        begun = _begun(name, territory.insees_of(departement), territory)
        note = Note("commune_spelling", territory.commune_names[begun]) if begun else note
        chosen = begun or chosen
    if chosen is None:
        return _unchosen(name, candidates, territory, postcode, coded, departement)
    if coded and coded != chosen:
        if coded in candidates:
            return Reading(coded)
        return Reading(chosen, (Note("insee_contradicts_commune", chosen),))
    return Reading(chosen, (note,) if note else ())


def _candidates(
    name: str, territory: Territory, postcode: str | None, coded: str | None, departement: str | None
) -> tuple[str, ...]:
    """Who bears the name, the surest way to bear it first, where postcode, code or département know one that does."""
    tiers = territory.bearers(name)
    served = territory.by_postcode(postcode) if postcode else ()
    if (
        known := _first(tiers, served.__contains__)
        or _first(tiers, {coded}.__contains__)
        or (not postcode and _first(tiers, lambda code: territory.departement_of(code) == departement))
        or (postcode and _first(tiers, lambda code: _is_of(code, postcode, territory)))
    ):
        return known
    return _first(tiers, bool)


def _first(tiers: Iterable[tuple[str, ...]], wanted: Callable[[str], bool]) -> tuple[str, ...]:
    """Of the first of the tiers that has any that is wanted, those; none where there is none."""
    return next((found for tier in tiers if (found := tuple(filter(wanted, tier)))), ())


def _of_another_name(insee: str, name: str, territory: Territory) -> Note | None:
    """What is said of a commune that does not bear the name today."""
    if insee in territory.by_name(name) or any(insee in tier for tier in territory.bearers(name)[:2]):
        return None
    rule = "commune_is_renamed" if territory.was_renamed_from(insee, name) else "commune_is_former"
    return Note(rule, territory.commune_names[insee])


def _unchosen(
    name: str,
    candidates: tuple[str, ...],
    territory: Territory,
    postcode: str | None,
    coded: str | None,
    departement: str | None,
) -> Reading[str]:
    """What code or postcode say where the name decides nothing, or why nothing is certain."""
    if coded:
        return Reading(coded, (Note("commune_unknown", territory.commune_names[coded]),))
    served = territory.by_postcode(postcode) if postcode else ()
    if begun := _begun(name, served, territory):
        return Reading(begun, (Note("commune_spelling", territory.commune_names[begun]),))
    if not candidates and len(served) == 1:
        return Reading(served[0], (Note("commune_from_postcode", territory.commune_names[served[0]]),))
    # A postcode of the clerk's own département beside a commune of another: the commune may well be the slip.
    at_home = any(territory.departement_of(code) == departement for code in served)
    if len(candidates) == 1 and postcode and not at_home:
        named = territory.commune(candidates[0])
        own = named.postcodes[0] if named and len(named.postcodes) == 1 else None
        return Reading(None, (Note("postcode_contradicts_commune", own),))
    if candidates and postcode and not any(_is_of(code, postcode, territory) for code in candidates):
        there = territory.commune_names[served[0]] if len(served) == 1 else None
        return Reading(None, (Note("commune_not_at_postcode", there),))
    return Reading(None, (Note("commune_ambiguous" if candidates else "commune_unknown"),))


def _name_in(text: str, territory: Territory) -> str:
    """The name alone: no CEDEX, arrondissement or postcode, nor « mairie de » before it."""
    name = _ARRONDISSEMENT.sub("", _CEDEX.sub("", _POSTCODE.sub(" ", text))).strip(" ,-()") or text
    name = one_of_two_tongues(name, territory)
    bare = _BODY.sub("", name)
    if bare == name or territory.by_name(name, former=True):
        return name
    return f"le {bare}" if _OF_LE.match(name) and territory.by_name(f"le {bare}") else bare


def one_of_two_tongues(text: str, territory: Territory) -> str:
    """« Hasparren / Hazparne », « Quimper (Kemper) »: of two names of one commune that which a list of communes has."""
    if territory.by_name(text, former=True):
        return text
    said = {part: territory.by_name(part, former=True) for part in map(str.strip, _TONGUES.split(text)) if part}
    known = [part for part, insees in said.items() if insees]
    return known[0] if known and len({said[part] for part in known}) == 1 else text


def _without_departement(text: str, territory: Territory, departement: str | None) -> tuple[str, str | None]:
    """« Havre (Le) » is « Le Havre »; « Pau (64) », « Ajaccio 2A » and « Aurillac, Cantal » say their département."""
    found = _BRACKETS.search(text) or _BESIDE.search(text)
    if not found or not (bare := text[: found.start()]) or territory.by_name(text, former=True):
        return text, departement
    beside = found.group(1).strip()
    if _ARTICLE.fullmatch(beside):
        return f"{beside} {bare}", departement
    said = territory.departement_named(beside)
    return (bare, said) if said else (text, departement)


def _is_hidden_namesake(name: str, territory: Territory) -> bool:
    """Whether a village bears a name that a larger commune bore once: « Évry »."""
    bearers = territory.by_name(name, former=True)
    current = territory.commune(territory.by_name(name)[0]) if territory.by_name(name) else None
    return len(bearers) > 1 and current is not None and (current.population or 0) < _A_TOWN


def _without_name(territory: Territory, postcode: str | None, coded: str | None, insee: str | None) -> Reading[str]:
    if coded:
        return Reading(coded)
    served = territory.by_postcode(postcode) if postcode else ()
    if len(served) == 1:
        return Reading(served[0], (Note("commune_from_postcode", territory.commune_names[served[0]]),))
    notes = [Note("insee_unknown")] if insee else []
    if len(served) > 1:
        names = sorted(territory.commune_names[code] for code in served)
        more = f" et {len(names) - _NAMED} autres" if len(names) > _NAMED + 1 else ""
        shown = names[:_NAMED] if more else names
        notes.append(Note("commune_missing", detail=f"Communes de ce code postal : {', '.join(shown)}{more}."))
    return Reading(None, tuple(notes))


def _choose(
    candidates: tuple[str, ...], territory: Territory, postcode: str | None, coded: str | None, departement: str | None
) -> str | None:
    """The only candidate left once postcode, code and département have been heard."""
    left = candidates
    if coded in left:
        return coded
    served = [code for code in left if postcode and code in territory.by_postcode(postcode)]
    if served:
        left = tuple(served)
    elif postcode and len(left) > 1:
        left = tuple(code for code in left if _is_of(code, postcode, territory)) or left
    if len(left) > 1 and departement:
        left = tuple(code for code in left if territory.departement_of(code) == departement) or left
    if len(left) != 1 or (postcode and not served and not _is_of(left[0], postcode, territory)):
        return None
    return left[0]


def _begun(name: str, served: tuple[str, ...], territory: Territory) -> str | None:
    """The only commune of the postcode whose name starts with these words: « Tardets » is Tardets-Sorholus."""
    words = commune_key(name).split()
    if not words or words in (["saint"], ["sainte"]):
        return None
    begun = [code for code in served if commune_key(territory.commune_names[code]).split()[: len(words)] == words]
    return begun[0] if len(begun) == 1 else None


def _is_of(code: str, postcode: str, territory: Territory) -> bool:
    """Whether the commune is in the département that the postcode's first digits say; 20 is Corse."""
    return (territory.departement_of(code) or "").replace("2A", "20").replace("2B", "20") == _of_postcode(postcode)


def _of_postcode(postcode: str) -> str:
    return postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2]


def _is_a_letter_away(name: str, key: str) -> bool:
    """Whether one letter is another, or lost: « Brian?on »; of a name of few letters it may be another name's."""
    return len(key) >= _ENOUGH_LETTERS and Levenshtein.distance(name, key, score_cutoff=1) <= 1


def _closest(name: str, territory: Territory, postcode: str | None, departement: str | None) -> str | None:
    """The one name spelled nearly so, among those that the postcode or the département allows."""
    served = territory.by_postcode(postcode) if postcode else ()
    pool = served or (territory.insees_of(departement) if departement else ())
    keys = {code: commune_key(territory.commune_names[code]) for code in pool}
    slips = [code for code in served if _is_a_letter_away(commune_key(name), keys[code])]
    if len(slips) == 1:
        return slips[0]
    best = process.extract(commune_key(name), keys, scorer=fuzz.ratio, limit=2, score_cutoff=_CLOSE - _APART)
    if not best or best[0][1] < _CLOSE or (len(best) > 1 and best[0][1] - best[1][1] < _APART):
        return None
    return str(best[0][2])
