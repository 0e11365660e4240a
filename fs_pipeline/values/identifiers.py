"""SIRET and SIREN, with their check digits (python-stdnum), and the SIRETs that a spreadsheet rounded."""

from __future__ import annotations

import re

from stdnum import luhn
from stdnum.fr import siren as stdnum_siren

from fs_pipeline.values.reading import Note, Reading
from fs_pipeline.values.text import clean

_LA_POSTE = "356000000"  # its establishments follow another rule: the sum of digits is a multiple of 5 (INSEE)
_VAT = re.compile(r"FR[0-9A-Z]{2}(\d{9})")  # the European number of a French body ends with its SIREN
_FLOAT = re.compile(r"(\d+)\.0+")


def read_siret(raw: object) -> Reading[str]:
    """Fourteen digits with a valid key, else None with a note."""
    text = clean(raw)
    if text is None:
        return Reading(None)
    if re.fullmatch(r"\d[.,]\d+E\+?1[23]", text, re.IGNORECASE):
        return Reading(None, (Note("siret_rounded"),))
    digits = _digits(text)
    if _is_filler(digits):
        return Reading(None, (Note("identifier_is_filler"),))
    if len(digits) == 13:
        digits = digits.zfill(14)
    if len(digits) != 14:
        return Reading(None, (Note("siret_length"),))
    valid = (
        luhn.is_valid(digits) or sum(map(int, digits)) % 5 == 0
        if digits.startswith(_LA_POSTE)
        else luhn.is_valid(digits)
    )
    if valid and _is_siren(digits[:9]):
        return Reading(digits)
    return Reading(None, (Note("siret_rounded" if digits.endswith("00000") else "siret_key"),))


def read_siren(raw: object) -> Reading[str]:
    """Nine digits with a valid key, else None with a note."""
    text = clean(raw)
    if text is None:
        return Reading(None)
    digits = _digits(text)
    if _is_filler(digits):
        return Reading(None, (Note("identifier_is_filler"),))
    if len(digits) == 14:
        digits = digits[:9]
    if vat := _VAT.fullmatch(re.sub(r"\s", "", text.upper())):
        digits = vat.group(1)
    if _is_siren(digits):
        return Reading(digits)
    return Reading(None, (Note("siren_key"),))


def _is_filler(digits: str) -> bool:
    """One figure again and again is typed where a form wants a number that nobody has."""
    return len(digits) > 1 and len(set(digits)) == 1


def _is_siren(digits: str) -> bool:
    """Nine digits whose key is right; zeros have a right key and are nobody's."""
    return stdnum_siren.is_valid(digits) and not _is_filler(digits)


def _digits(text: str) -> str:
    whole = _FLOAT.fullmatch(text)
    return re.sub(r"\D", "", whole.group(1) if whole else text)
