"""A picture is drawn anew before it is kept: what is stored is pixels that we wrote, and nothing that its sender added.

Gone are EXIF (a phone writes where its owner lives), comments, frames after the first, and whatever hides behind the
last pixel. How large a picture will be is read from its head, before a single pixel is decoded: a few kilobytes can
claim a billion of them. The work is done in a few threads of its own; Pillow lets the others run meanwhile.
"""

from __future__ import annotations

import asyncio
import io
import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from helpdesk.errors import InvalidInput, TooManyTries
from helpdesk.model.picture import content_type

MOST_PIXELS = 40_000_000  # a phone's largest; four bytes each while it is drawn
LONGEST_EDGE = 2560  # what a screen can show; larger is drawn smaller
QUALITY = 85
WORKERS = 1  # at a time, in each process: decoded pictures are what costs memory
WAITING = 16  # pictures that may wait for a worker
JPEG_BEGINS, SCAN_BEGINS = b"\xff\xd8", b"\xff\xda"
MOST_SCANS = 100
"""A progressive JPEG has ten. Each is a walk over all pixels and may have thirty bytes: a few megabytes take hours."""
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
LARGEST_DRAWING = 1_500_000  # bytes; what takes more without loss is a photograph
UNREADABLE = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError, struct.error,
    zlib.error, LookupError, TypeError, OverflowError,
)  # fmt: skip
"""What Pillow raises for a file that somebody made up."""


@dataclass(frozen=True)
class Drawn:
    """A picture of ours."""

    content_type: str
    content: bytes


class Studio:
    """Draws pictures anew, a few at a time."""

    def __init__(self) -> None:
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="pictures")
        self._waiting = 0

    async def redraw(self, content: bytes) -> Drawn:
        """The first frame of a picture, without anything that is not seen.

        Raises:
            InvalidInput: it is no picture, is damaged, or has too many pixels. TooManyTries: too many wait already.
        """
        if self._waiting >= WAITING:
            raise TooManyTries("pictures_busy", retry_after_s=5)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._workers, redraw, content)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Begin nothing more."""
        self._workers.shutdown(wait=False, cancel_futures=True)


def redraw(content: bytes) -> Drawn:
    """The same, in this thread.

    Raises:
        InvalidInput.
    """
    if content_type(content) is None:
        raise InvalidInput("picture_refused", field="picture")
    if content.startswith(JPEG_BEGINS) and content.count(SCAN_BEGINS) > MOST_SCANS:
        raise InvalidInput("picture_damaged", field="picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd pictures; those that cannot be drawn raise
            return _drawn(content)
    except UNREADABLE:
        raise InvalidInput("picture_damaged", field="picture") from None


def _drawn(content: bytes) -> Drawn:
    with Image.open(io.BytesIO(content), formats=FORMATS) as given:
        width, height = given.size
        if width * height > MOST_PIXELS:
            raise InvalidInput("picture_too_fine", megapixels=MOST_PIXELS // 1_000_000, field="picture")
        given.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a JPEG can be read smaller at once
        picture = ImageOps.exif_transpose(given)
        is_drawing = given.format in {"PNG", "GIF"}
    picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    picture.info.clear()
    if is_drawing or picture.mode == "RGBA":
        drawing = _written(picture, "PNG")
        if len(drawing) <= LARGEST_DRAWING:
            return Drawn("image/png", drawing)
    return Drawn("image/jpeg", _written(_on_white(picture), "JPEG", quality=QUALITY))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _written(picture: Image.Image, kind: str, **how: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **how)
    return written.getvalue()
