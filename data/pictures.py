"""How large a picture is, read from its head: before anybody unpacks it."""

from __future__ import annotations

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Marks of a JPEG after which its measures stand."""


def measures(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG in pixels; None for anything else, whatever it begins with.

    Source: RFC 2083, 4.1.1 (IHDR comes first); ITU T.81, annex B.2.
    """
    if content.startswith(PNG):
        if content[12:16] != b"IHDR" or len(content) < 33:
            return None
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    return _of_jpeg(content) if content.startswith(JPEG) else None


def _of_jpeg(content: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:
        mark, size = content[place + 1], int.from_bytes(content[place + 2 : place + 4])
        if mark in _FRAMES:
            return int.from_bytes(content[place + 7 : place + 9]), int.from_bytes(content[place + 5 : place + 7])
        place += 1 if mark == 0xFF else 2 + size
    return None
