"""Which encoding a text file was written in, from its bytes alone."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from cartera.imports.errors import Unreadable

# What a person may choose by hand when recognition failed.
ENCODINGS = (
    "utf-8-sig",
    "utf-16",
    "cp1252",
    "iso-8859-1",
    "mac_roman",
    "cp1250",
    "cp1251",
    "cp850",
    "shift_jis",
    "gb18030",
)
BLOCK = 1 << 20
MAGIC = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x7fELF": "ELF",
    b"SQLite format 3": "SQLite",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!": "RAR",
    b"PAR1": "Parquet",
}
# A few control characters are an accident in a cell, told at its place; this share of them is no text at all.
MOST_STRANGE = 0.1
_STRANGE = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# In Windows' table the bytes 0x80–0x9F are punctuation; on a Mac they are the accented letters of western Europe.
_MAC_LETTER = re.compile(rb"[A-Za-z][\x80-\x9f][a-z]|[A-Za-z][\x87\x8e\x92\x97\x9c\x96\x9f](?![\x80-\xff])")
_WINDOWS_LETTER = re.compile(rb"[A-Za-z][\xc0-\xff]|[\xc0-\xff][a-z]")
_NOT_IN_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_SEQUENCE = re.compile(rb"[\xc3\xc2\xe2][\x80-\xbf]")


def encoding_of(file: BinaryIO) -> str:
    """Return the encoding of *file*, read from its present position to its end.

    Raise Unreadable for what is no text, or is UTF-8 in most places and broken in one (with its line).
    """
    start = file.read(BLOCK)
    if bom := _by_mark(start):
        return bom
    if name := next((name for magic, name in MAGIC.items() if start.startswith(magic)), ""):
        raise Unreadable(_("This is a %(name)s file, not a table.") % {"name": name})
    if wide := _utf_16_without_mark(start):
        return wide
    strange = _STRANGE.findall(start[:65536])
    if len(strange) > MOST_STRANGE * len(start[:65536]):
        line = 1 + start[: start.index(strange[0])].count(b"\n")
        raise Unreadable(_("This is not a text file: it holds binary data."), line=line)
    return _eight_bits(start, file)


def _by_mark(start: bytes) -> str:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""


def _utf_16_without_mark(start: bytes) -> str:
    even, odd = start[0:4000:2], start[1:4000:2]
    if odd and odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    return "utf-16-be" if even and even.count(0) > 0.7 * len(even) and odd.count(0) < 0.1 * len(odd) else ""


def _blocks(start: bytes, file: BinaryIO) -> Iterator[bytes]:
    yield start
    while block := file.read(BLOCK):
        yield block


def _eight_bits(start: bytes, file: BinaryIO) -> str:
    """UTF-8 if all of it is; else the old table that fits its accented letters."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, sound, tail = 0, 0, b""
    for block in _blocks(start, file):
        try:
            decoder.decode(block)
        except UnicodeDecodeError as error:
            place = max(error.start - len(tail), 0)
            sound += len(_SEQUENCE.findall(block[:place]))
            broken = block[place : place + 1]
            return _older(block, sound, lines + 1 + block[:place].count(b"\n"), broken)
        lines += block.count(b"\n")
        sound += len(_SEQUENCE.findall(block))
        tail = decoder.getstate()[0]
    if tail:
        raise Unreadable(_("The file ends in the middle of a letter: it was cut off."), line=lines + 1)
    return "utf-8"


def _older(block: bytes, sound: int, line: int, broken: bytes) -> str:
    if sound >= 3 and sound > len(_WINDOWS_LETTER.findall(block)) // 4:
        raise Unreadable(
            _("The file is written in UTF-8, but here is a byte (0x%(byte)s) that is not. Save it again as CSV UTF-8.")
            % {"byte": broken.hex().upper()},
            line=line,
        )
    mac, windows = len(_MAC_LETTER.findall(block)), len(_WINDOWS_LETTER.findall(block))
    if mac > windows:
        return "mac_roman"
    return "iso-8859-1" if _NOT_IN_WINDOWS.search(block) else "cp1252"
