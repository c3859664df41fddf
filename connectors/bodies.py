"""Bodies of answers: read raw and unpacked here, so that one which ends too early is noticed, however it was sent."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import requests

from connectors.pace import Clock

MOST_SECONDS = 3600.0
"""No body takes longer: a server that sends a byte a minute is down."""
_BLOCK = 256 * 1024


class Cut(Exception):
    """A body that ended before its end."""


class TooLarge(Exception):
    """A body that is larger than it may be."""


def read(response: requests.Response, file: BinaryIO, clock: Clock, most: int = 0) -> int:
    """The body, unpacked, into a file; its size. Raises Cut when it is not whole, TooLarge when it passes `most` bytes (0: any size).

    A body is whole when it has the length that was announced and, packed, the trailer that ends it.
    """
    raw = size = 0
    packer = zlib.decompressobj(31) if response.headers.get("content-encoding", "").lower() == "gzip" else None
    until = clock.now() + MOST_SECONDS
    while block := response.raw.read(_BLOCK, decode_content=False):
        raw += len(block)
        for plain in _unpacked(packer, block):
            size += file.write(plain)
            if most and size > most:
                raise TooLarge
        if clock.now() > until:
            raise Cut("too slow")
    announced = response.headers.get("content-length", "")
    if (announced.isdecimal() and raw < int(announced)) or (packer and raw and not packer.eof):
        raise Cut(f"{raw} of {announced or '?'} bytes")
    return size


def _unpacked(packer: Any, block: bytes) -> Iterator[bytes]:
    """A block unpacked, a few blocks of it at a time: a small packed body may be an endless one."""
    if packer is None:
        yield block
        return
    try:
        while block and not packer.eof:
            yield packer.decompress(block, 4 * _BLOCK)
            block = packer.unconsumed_tail
    except zlib.error as error:
        raise Cut("the packed body is damaged") from error
