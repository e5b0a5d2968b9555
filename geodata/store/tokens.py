"""Named access tokens for feeds and walls: 256-bit secrets of which only a salted hash is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from geodata.model.errors import NotAllowedError
from geodata.store.tables import write_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILE: Final = "tokens.json"
NAME: Final = re.compile(r"[A-Za-z0-9-]{1,64}")  # travels in HTTP headers
SECRET_BYTES: Final = 32
SALT_BYTES: Final = 16
OWNER_ONLY: Final = 0o600
VIEW: Final = "view"  # to look at everything
INGEST: Final = "ingest"  # to send events
DECIDE: Final = "decide"  # whether reports are duplicates
UNMASK: Final = "unmask"  # to see personal data as they were told, each time with a reason
WALL: Final = "wall"  # to tell the wall what to show
PLAN: Final = "plan"  # to draft grids anew
APPROVE: Final = "approve"  # drafts, so that they become law; with `plan`
SCREEN: Final = "screen"  # to look at the wall and at nothing else
RIGHTS: Final = (VIEW, INGEST, DECIDE, UNMASK, WALL, PLAN, APPROVE, SCREEN)
_SCRYPT: Final = {"n": 2**14, "r": 8, "p": 1}


@dataclass(frozen=True)
class Token:
    """A token as it is kept; the secret itself was shown once and is not here."""

    name: str
    made: int  # epoch seconds
    salt: str
    digest: str
    rights: tuple[str, ...] = (VIEW,)


def make(data_dir: Path, name: str, rights: Sequence[str] = (VIEW,)) -> str:
    """Make a token and return its secret, which cannot be shown again.

    Raises:
        NotAllowedError: the name is in use, or not 1 to 64 letters, digits and hyphens; or there
            is no such right.
    """
    tokens = read(data_dir)
    if not NAME.fullmatch(name):
        msg = f"token name {name!r}: use letters, digits and hyphens, at most 64"
        raise NotAllowedError(msg)
    if strange := sorted(set(rights) - set(RIGHTS)):
        msg = f"right {', '.join(strange)}: is none; there are {', '.join(RIGHTS)}"
        raise NotAllowedError(msg)
    if any(token.name == name for token in tokens):
        msg = f"token {name} exists; revoke it first or choose another name"
        raise NotAllowedError(msg)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    salt = secrets.token_bytes(SALT_BYTES)
    made = Token(name, int(time.time()), _text(salt), _text(_digest(secret, salt)), tuple(rights))
    _write(data_dir, [*tokens, made])
    # The name travels with the secret, so that one hash decides and not one for every token.
    return f"{name}.{secret}"


def revoke(data_dir: Path, name: str) -> None:
    """Remove a token: what holds its secret is refused from now on.

    Raises:
        NotAllowedError: there is none of this name.
    """
    tokens = read(data_dir)
    left = [token for token in tokens if token.name != name]
    if len(left) == len(tokens):
        msg = f"token {name} does not exist; see `python -m geodata token list`"
        raise NotAllowedError(msg)
    _write(data_dir, left)


def read(data_dir: Path) -> list[Token]:
    """List the tokens, oldest first.

    Raises:
        NotAllowedError: the file is damaged; nobody is let in then.
    """
    path = data_dir / FILE
    try:
        kept = [Token(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
        return [replace(token, rights=tuple(token.rights)) for token in kept]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError) as error:
        msg = f"{path}: is damaged; remove it and make the tokens again"
        raise NotAllowedError(msg) from error


def holder(data_dir: Path, secret: str) -> str | None:
    """Name the token a secret belongs to; None = nobody's."""
    token = bearer(data_dir, secret)
    return token.name if token else None


def bearer(data_dir: Path, secret: str) -> Token | None:
    """Find the token a secret belongs to; None = nobody's."""
    name, _, rest = secret.partition(".")
    for token in read(data_dir):
        if token.name == name:
            expected = base64.b64decode(token.digest)
            right = hmac.compare_digest(_digest(rest, base64.b64decode(token.salt)), expected)
            return token if right else None
    return None


def _digest(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, **_SCRYPT)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _write(data_dir: Path, tokens: list[Token]) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(token) for token in tokens], ensure_ascii=False, indent=1)
    write_text(data_dir / FILE, text, OWNER_ONLY)
