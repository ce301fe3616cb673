"""How a typed text is matched and what comes first. Pure."""

SHORTEST = 3
LONGEST = 100


def rank(typed: str, head: str, folded: str) -> int:
    """0 for the thing itself, 1 for its beginning, 2 for the beginning of words, 3 for anywhere within."""
    if head == typed:
        return 0
    if head.startswith(typed):
        return 1
    return 2 if all(f" {word}" in folded for word in typed.split()) else 3


def trigrams(word: str) -> list[str]:
    """The pieces of three characters that a word is made of, each once."""
    return list(dict.fromkeys(word[place : place + 3] for place in range(len(word) - 2)))


def fts_phrase(pieces: list[str]) -> str:
    """All *pieces* as a query of SQLite's FTS5 that no character of theirs can break out of."""
    return " AND ".join('"' + piece.replace('"', '""') + '"' for piece in pieces)
