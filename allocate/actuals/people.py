"""People as codes: the same person has the same code in every import with the same key, and nobody can be read off it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from allocate.actuals.work import coded
from allocate.errors import CaseError, Place
from allocate.writing import write_whole

if TYPE_CHECKING:
    import pandas as pd

KEY = "people.key"
_ADDRESS = re.compile(r"[^\s@<>,;:\"'()]+@[^\s@<>,;:\"'()]+")


def key_of(folder: Path) -> bytes:
    """The key of a folder's codes, made at the first import; only its owner may read it.

    Raises CaseError where the file there is no key.
    """
    path = folder / KEY
    if path.is_file():
        try:
            key = bytes.fromhex(path.read_text("ascii").strip())
        except (ValueError, OSError):
            key = b""
        if len(key) != 32:
            fix = "remove it (people then get other codes), or put the right one there"
            raise CaseError.of(f"{path.name} is not a key of people's codes", Place(path.name), fix)
        return key
    key = secrets.token_bytes(32)
    write_whole(path, key.hex() + "\n")
    path.chmod(0o600)
    return key


def code(person: str, key: bytes) -> str:
    """The code of a person: HMAC-SHA256 under the key, eight hexadecimal digits of it; empty for nobody.

    >>> code("", b"k"), code("ann@example.com", b"k")[:2]
    ('', 'p-')
    """
    return f"p-{hmac.new(key, person.encode(), hashlib.sha256).hexdigest()[:8]}" if person else ""


def without_people(work: pd.DataFrame, key: bytes) -> pd.DataFrame:
    """The table with codes for people, and with no address in any text."""
    changed = {}
    for name in ("annotator", "item", "answer", "gold"):
        column = work[name].array
        texts = [str(text) for text in column.categories]
        told = [code(text, key) if name == "annotator" else hidden(text, key) for text in texts]
        index = {text: number for number, text in enumerate(dict.fromkeys(told))}
        codes = np.array([index[text] for text in told] + [-1])
        changed[name] = coded(codes[column.codes], list(index))
    return work.assign(**changed)


def hidden(text: str, key: bytes) -> str:
    """A text with codes in place of addresses."""
    return _ADDRESS.sub(lambda found: code(found[0], key), text) if "@" in text else text


def shown(text: str) -> str:
    """A text for messages: of an address only what stands after the @."""
    return _ADDRESS.sub(lambda found: "…@" + found[0].rpartition("@")[2], text) if "@" in text else text
