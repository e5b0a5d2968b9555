"""What of personal data may be shown to everybody: enough to tell two apart, too little to use."""

from __future__ import annotations

import re
from typing import Final

NAME, PHONE, ID_NUMBER, ADDRESS, TEXT = "name", "phone", "id_number", "address", "text"
KINDS: Final = (NAME, PHONE, ID_NUMBER, ADDRESS, TEXT)
STAR: Final = "*"
# Full-width signs are written for plain ones; each for one, so that places in a text stay.
PLAIN: Final = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
# What may stand in a text, as it is mostly written; digits after a decimal point are none of it.
ALONE: Final = r"(?<![0-9])(?<![0-9]\.)"
MOBILE: Final = re.compile(ALONE + r"(?:(?:\+|00)?86[ \-]?)?1[3-9][0-9](?:[ \-]?[0-9]){8}(?![0-9])")
LANDLINE: Final = re.compile(
    ALONE + r"(?:\(0[1-9][0-9]{1,2}\)|0[1-9][0-9]{1,2})[ \-]?[0-9]{7,8}(?![0-9])"
)
IDENTITY: Final = re.compile(ALONE + r"[1-9][0-9]{5}(?:[ \-]?[0-9]){11}[ \-]?[0-9xX](?![0-9])")
LONG: Final = re.compile(ALONE + r"[0-9]{15,}[xX]?")  # of an identity of old, or of a bank
# As long as an address may be: without bounds a long run of letters takes its length squared.
MAIL: Final = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,253}\.[A-Za-z]{2,24}")
HAN: Final = re.compile(r"[\u3400-\u9fff]")
KEPT_FIRST, KEPT_LAST = 3, 4  # digits of a telephone number
SHORT_PHONE: Final = 11
BEYOND: Final = 400  # characters that anything which is masked is shorter than


def mask(kind: str, value: str) -> str:
    """A personal value as everybody may see it; what is masked already stays as it is."""
    text = value.strip()
    if not text:
        return ""
    return {
        NAME: _name,
        PHONE: _phone,
        ID_NUMBER: _identity,
        ADDRESS: _address,
        TEXT: mask_text,
    }[kind](text)


def is_mask_of(text: str, value: str) -> bool:
    """Whether a text is no more than a value as it was shown masked."""
    return STAR in text and text in {mask(kind, value) for kind in KINDS}


def mask_text(text: str) -> str:
    """Free text without telephone numbers, identity numbers and mail addresses."""
    plain = text.translate(PLAIN)
    hidden = list(text)
    for kind, last in ((IDENTITY, 2), (LONG, 2), (MOBILE, 4), (LANDLINE, 2)):
        for found in kind.finditer(plain):
            _hide(hidden, plain, found.span(), 3, last)
    for found in MAIL.finditer(plain):
        start, end = found.start() + 1, found.start() + found.group().index("@")
        hidden[start:end] = [STAR] * (end - start)
    return "".join(hidden)


def excerpt(text: str, most: int) -> str:
    """The beginning of a free text, masked before it is cut: half a number would not be known."""
    return mask_text(text[: most + BEYOND])[:most]


def _hide(signs: list[str], plain: str, span: tuple[int, int], first: int, last: int) -> None:
    """Put stars for the digits of a stretch but the first and last ones."""
    places = [at for at in range(*span) if plain[at].isalnum()]
    for at in places[first : len(places) - last]:
        signs[at] = STAR


def _name(text: str) -> str:
    if HAN.match(text):
        return text[0] + STAR * max(len(text) - 1, 1)
    return " ".join(part[0] + STAR * 3 if part[0] != STAR else part for part in text.split())


def _phone(text: str) -> str:
    plain, signs = text.translate(PLAIN), list(text)
    digits = sum(sign.isdigit() for sign in plain)
    if STAR in text:
        return text if digits <= KEPT_FIRST + KEPT_LAST else _stars(text)
    if digits < SHORT_PHONE - 1:  # of a short number hardly anything may stand
        _hide(signs, plain, (0, len(plain)), 0, 2)
    else:
        _hide(signs, plain, (0, len(plain)), KEPT_FIRST, KEPT_LAST)
    return "".join(signs)


def _identity(text: str) -> str:
    signs = list(text)
    _hide(signs, text.translate(PLAIN), (0, len(text)), 3, 2)
    return "".join(signs)


def _address(text: str) -> str:
    """Without any digit: the street stays, the house and the door do not."""
    plain = text.translate(PLAIN)
    return "".join(STAR if plain[at].isdigit() else sign for at, sign in enumerate(text))


def _stars(text: str) -> str:
    return "".join(STAR if sign.isalnum() else sign for sign in text)
