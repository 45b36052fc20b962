"""Batches of bytes through a pipe: each is its length in eight bytes, then its content."""

from typing import BinaryIO


def received(stream: BinaryIO) -> bytes:
    """The next batch; empty at the end."""
    return stream.read(int.from_bytes(stream.read(8), "big"))


def sent(stream: BinaryIO, content: bytes) -> None:
    """Sends a batch."""
    stream.write(len(content).to_bytes(8, "big") + content)
    stream.flush()
