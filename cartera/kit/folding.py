"""Text as people type it when they look for it: without case and without accents."""

import unicodedata

_KEPT = {ord(character): "" for character in map(chr, range(0x300, 0x370))}


def folded(text: str) -> str:
    """*text* without case, accents and doubled spaces: "Bodegas  NÚÑEZ" becomes "bodegas nunez"."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_KEPT)
    return " ".join(text.casefold().split())
