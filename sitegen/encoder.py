"""Making the derived pictures of one master; as a program, of the masters and cards named on standard input.

`python -m sitegen.encoder` reads one job a line, `["Job", {...}]` or `["CardJob", {...}]`, and answers each with a
line: a JSON string that says what is wrong, empty when nothing is. It is a process of its own, because a picture that
crashes the decoder must not take the build along, and because libvips cannot be forked.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pyvips

from commerce_api.foundation.kit.urls import IMAGE_WIDTHS, JPEG_WIDTH
from sitegen.cards import CardJob, draw

AVIF_QUALITY: Final = 50
JPEG_QUALITY: Final = 80
WHITE: Final = [255, 255, 255]


class BadMaster(Exception):
    """A master that cannot be read as a picture, or is not the one its address names."""


@dataclass(frozen=True, slots=True)
class Job:
    """One master, the folder its derived pictures go to, and how hard to try.

    `effort` is libvips's, 0 to 9. `replace` makes pictures again that are there, and keeps the smaller files.
    """

    key: str
    master: str
    folder: str
    effort: int
    replace: bool = False


def key_of(data: bytes) -> str:
    """The address stem of a master with these bytes."""
    return sha256(data).hexdigest()[:20]


def encode(job: Job) -> None:
    """Make the derived pictures of one master, each whole or not at all.

    Raises BadMaster when the master is missing, is no picture, or has changed since the catalogue was read.
    """
    try:
        data = Path(job.master).read_bytes()
    except FileNotFoundError:
        raise BadMaster("there is no such picture") from None
    if key_of(data) != job.key:
        raise BadMaster("the picture has changed since it was imported; import the catalogue again")
    try:
        image = _plain(pyvips.Image.new_from_buffer(data, "", fail_on="error").autorot()).copy_memory()
    except pyvips.Error as error:
        raise BadMaster(f"this is no picture that can be read ({str(error).splitlines()[0]})") from None
    folder = Path(job.folder)
    is_largest = job.master.endswith(".avif") and image.width == IMAGE_WIDTHS[-1]
    for width in IMAGE_WIDTHS:
        target = folder / f"{job.key}-{width}.avif"
        if is_largest and width == IMAGE_WIDTHS[-1]:
            if not target.exists():
                _put(target, lambda part: shutil.copyfile(job.master, part))
        elif job.replace or not target.exists():
            avif = _scaled(image, width).heifsave_buffer(
                compression="av1", effort=job.effort, Q=AVIF_QUALITY, keep="none"
            )
            _keep(target, avif)
    target = folder / f"{job.key}-{JPEG_WIDTH}.jpg"
    if not target.exists():
        jpeg = _scaled(image, JPEG_WIDTH).jpegsave_buffer(
            Q=JPEG_QUALITY, keep="none", interlace=True, optimize_coding=True
        )
        _keep(target, jpeg)


def _plain(image: Any) -> Any:
    """Eight bits of sRGB without transparency, whatever a camera or a program wrote."""
    if image.hasalpha():
        image = image.flatten(background=WHITE)
    if image.get_typeof("icc-profile-data"):
        image = image.icc_transform("srgb")
    return image.colourspace("srgb").cast("uchar")


def _scaled(image: Any, width: int) -> Any:
    # A master narrower than asked is left as it is: enlarging adds bytes and no picture.
    return image.thumbnail_image(width, size="down", height=10 * width)


def _keep(target: Path, data: bytes) -> None:
    if not target.exists() or target.stat().st_size > len(data):
        _put(target, lambda part: part.write_bytes(data))


def _put(target: Path, write: Callable[[Path], object]) -> None:
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    write(part)
    part.rename(target)


def put_card(job: CardJob) -> None:
    """Draw one sharing card, whole or not at all.

    Raises pyvips.Error when its picture cannot be read.
    """
    data = draw(job)
    _put(Path(job.file), lambda part: part.write_bytes(data))


DEEDS: Final[Mapping[str, Callable[[dict[str, Any]], None]]] = {
    "Job": lambda given: encode(Job(**given)),
    "CardJob": lambda given: put_card(CardJob(**given)),
}


def serve() -> None:
    """Answer jobs until standard input ends."""
    for line in sys.stdin:
        try:
            kind, given = json.loads(line)
            DEEDS[kind](given)
            problem = ""
        except (BadMaster, OSError, pyvips.Error) as error:
            problem = str(error) or type(error).__name__
        sys.stdout.write(json.dumps(problem) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
