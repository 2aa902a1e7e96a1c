"""Uploaded pictures made safe, upright and small enough for every screen.

An upload is a file of a stranger until it has been decoded and written anew: `inspect`
refuses by its header what must not be decoded, `normalise` makes the one original that is
stored, `renditions` and `square` make what pages show. Nothing here knows a model or a
setting; the functions are deterministic, so their results can be named by their content
(`file_name`).

Sources: CVE-2026-54260 (picture bombs); libjpeg-turbo's advice on hostile
progressive JPEGs ("Two Issues with the JPEG Standard", 2015); EXIF 2.32 §4.6.4 (orientation).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final, TypedDict

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MAX_BYTES: Final = 20_000_000
MAX_PIXELS: Final = 40_000_000
MAX_SIDE: Final = 12_000
# An honest progressive JPEG has about ten scans. Each scan costs a pass over all pixels but
# may take only some bytes of the file, so that 20 MB could keep a processor busy for minutes.
MAX_SCANS: Final = 100

ORIGINAL_SIDE: Final = 3200
WIDTHS: Final = (400, 800, 1200, 1600)
SQUARES: Final = (96, 192)

# Our name of a format, and how it is written. AVIF at speed 6 is Pillow's own default; 4
# took five times as long for files of the same size.
FORMATS: Final[dict[str, dict[str, int | bool]]] = {
    "avif": {"quality": 60, "speed": 6},
    "webp": {"quality": 78, "method": 4},
    "jpeg": {"quality": 82, "optimize": True, "progressive": True},
    "png": {"optimize": True},
}
_READABLE: Final = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
_SIGNATURES: Final = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|RIFF.{4}WEBP|.{4}ftyp(?:avi[fs]|he[iv][cx]|mif1)",
    re.DOTALL,
)
# What phones call a photo in this format; the rest of its brands hold no picture alone.
_HEIF: Final = re.compile(rb".{4}ftyp(?:he[iv][cx]|hei[ms]|mif1)", re.DOTALL)
# The formats whose several frames are a film; phones put several pictures into the others.
_FILMS: Final = ("gif", "webp", "png", "avif")
_PAGE_CODE: Final = (b"<!doctype html", b"<html>", b"<html ", b"<script", b"<?php")


class PictureError(ValidationError):
    """A picture that is not taken: `code` for programs, `message` for the person.

    Codes: empty, bytes, svg, format, pixels, scans, foreign, moving, broken. A form that calls this
    module from a `clean` method shows the message at the field without further work.
    """


@dataclass(frozen=True, slots=True)
class PictureInfo:
    """What the header says: jpeg, png, webp, avif, gif or heif; sizes before turning."""

    format: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture we wrote: `format` (avif, webp, jpeg, png) is also its extension and subtype."""

    format: str
    width: int
    height: int
    data: bytes


def inspect(data: BinaryIO | bytes, *, still: bool = False) -> PictureInfo:
    """Format and size of an upload, by its content, without decoding a single pixel.

    Takes the bytes or an open file, which is read from its start (never more than the cap)
    and rewound. Raises `PictureError` for everything `normalise` refuses except damage that
    only shows in decoding.
    """
    return _still(*_open(_read(data)), allowed=still)[1]


def normalise(data: BinaryIO | bytes, *, still: bool = False) -> Rendition:
    """The original as it is stored: upright, sRGB, at most 3200 px a side, without metadata.

    Written anew from its pixels, so no position, thumbnail, comment, trailing film or archive
    survives. Moving pictures are refused, since readers could not stop them; with `still` their
    first frame counts. Pictures with transparency or at most 256 colours become PNG, all others
    JPEG. Raises `PictureError`.
    """
    image, _info = _still(*_open(_read(data)), allowed=still)
    image = _decoded(image)
    few = image.mode == "RGB" and image.getcolors(256) is not None
    image = _fitted(image, min(1.0, ORIGINAL_SIDE / max(image.size)))
    if few or image.mode == "RGBA":
        return _encoded(image, "png")
    return _encoded(image, "jpeg", quality=88)


def renditions(
    original: bytes, crop: tuple[int, int, int, int] = (0, 0, 100, 100)
) -> list[Rendition]:
    """What a page offers in srcset: each width in AVIF, WebP and JPEG (PNG if transparent).

    Takes a normalised original, and what of it is shown: left, top, width and height in hundredths.
    Widths are those of `WIDTHS` that are not larger than it,
    and its own width where it is smaller than the next step; nothing is enlarged. Raises
    `PictureError` if the bytes are not a picture.

    For a noisy JPEG of 12 megapixels `normalise` took 0.6 s and this set of 12 files 2.4 s
    (most of it AVIF) on two cores, so this belongs in a task, not in a request.
    """
    image = _cropped(_decoded(_open(original)[0]), crop)
    widths = [width for width in WIDTHS if width < image.width]
    if image.width <= WIDTHS[-1]:
        widths.append(image.width)
    sized = [_fitted(image, width / image.width) for width in widths]
    return [_encoded(step, format) for format in _offered(image) for step in sized]


def square(original: bytes) -> list[Rendition]:
    """An author's photo, cut to squares of 96 and 192 px in the formats of `renditions`.

    Takes a normalised original; smaller ones are enlarged, so both sizes always exist.
    Raises `PictureError` if the bytes are not a picture.
    """
    image = _decoded(_open(original)[0])
    # Faces are above the middle of an upright portrait.
    sized = [ImageOps.fit(image, (side, side), centering=(0.5, 0.35)) for side in SQUARES]
    return [_encoded(step, format) for format in _offered(image) for step in sized]


def file_name(title: str, digest: bytes) -> str:
    """A name without extension from a title and the content's SHA-256: "de-brug-0a1b2c3d4e5f6071".

    Only a-z, 0-9, _ and - occur, whatever the title holds; the uploader's file name plays
    no part. Equal content under an equal title gives an equal name.
    """
    return f"{slugify(title)[:60].strip('-_')}-{digest.hex()[:16]}".lstrip("-")


def is_moving(data: BinaryIO | bytes) -> bool:
    """Whether a picture that `inspect` takes has several frames. Raises `PictureError`."""
    return _moves(*_open(_read(data)))


def _moves(image: Image.Image, info: PictureInfo) -> bool:
    try:
        return info.format in _FILMS and bool(getattr(image, "is_animated", False))
    except Exception as error:  # parsers of hostile files fail in ways no list can name
        raise _damaged() from error


def _still(
    image: Image.Image, info: PictureInfo, *, allowed: bool
) -> tuple[Image.Image, PictureInfo]:
    """The same picture. Raises `PictureError` when it moves and that is not `allowed`."""
    if not allowed and _moves(image, info):
        raise PictureError(
            _(
                "This picture moves. Moving pictures are not taken, since readers cannot stop "
                "them: save one frame as a picture, or add a card that leads to a video."
            ),
            code="moving",
        )
    return image, info


@functools.cache
def _heif_reader() -> None:
    """Let Pillow read HEIC, in one thread and without the smaller pictures that a file may hold.

    The decoder is loaded for such a file alone; it refuses one that is larger than its header says.
    """
    import pillow_heif

    pillow_heif.register_heif_opener(
        thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
    )


def _read(data: BinaryIO | bytes) -> bytes:
    """The upload's bytes, never more of them than the cap."""
    if isinstance(data, bytes):
        raw = data
    else:
        data.seek(0)
        raw = data.read(MAX_BYTES + 1)
        data.seek(0)
    if len(raw) > MAX_BYTES:
        raise PictureError(
            _("This file is larger than %(limit)s MB. Make the picture smaller and try again."),
            code="bytes",
            params={"limit": MAX_BYTES // 1_000_000},
        )
    return raw


def _open(raw: bytes) -> tuple[Image.Image, PictureInfo]:
    """The picture behind its header, not yet decoded, after all caps."""
    if not raw:
        raise PictureError(
            _("This file is empty. Choose the picture again, or save it anew first."),
            code="empty",
        )
    heif = _HEIF.match(raw)
    if heif:
        _heif_reader()
    try:
        image = Image.open(BytesIO(raw), formats=(*_READABLE, "HEIF") if heif else _READABLE)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise _not_a_picture(raw) from error
    except Exception as error:  # parsers of hostile files fail in ways no list can name
        raise _damaged() from error
    width, height = image.size
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise _too_many_pixels()
    # A JPEG with several pictures inside (some phones and cameras) is read as its first.
    format = "jpeg" if image.format == "MPO" else str(image.format).lower()
    if format == "jpeg" and _scans(raw) > MAX_SCANS:
        raise PictureError(
            _("This JPEG is built in an unusual way. Save it anew as an ordinary JPEG."),
            code="scans",
        )
    if _is_also_something_else(raw):
        raise PictureError(
            _(
                "There is something else than a picture inside this file, such as a web page "
                "or an archive. Save the picture anew in a picture editor and try again."
            ),
            code="foreign",
        )
    return image, PictureInfo(format, width, height)


def _scans(raw: bytes) -> int:
    """How many scans a JPEG holds; segments are skipped by their length (ISO 10918-1 B.1)."""
    scans, at = 0, 2
    while (at := raw.find(b"\xff", at)) != -1 and at + 4 <= len(raw):
        marker = raw[at + 1]
        if marker == 0xD9:
            break
        if marker == 0xFF:
            at += 1
        elif marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:
            at += 2
        else:
            scans += marker == 0xDA
            at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return scans


def _is_also_something_else(raw: bytes) -> bool:
    """Whether the file would also work as a web page, a PDF or an archive.

    Other trailing bytes are no reason to refuse: phones append films to photos. They are
    gone after decoding in any case; this check tells the person that the file is suspect.
    """
    lowered = raw.lower()
    return (
        any(code in lowered for code in _PAGE_CODE)
        or b"%PDF-" in raw[:1024]
        or b"PK\x05\x06" in raw[-65_557:]  # ZIP: the end record and the longest comment
    )


def _decoded(image: Image.Image) -> Image.Image:
    """The pixels: upright, sRGB, mode RGB or RGBA, and nothing of the file's own data."""
    try:
        # JPEG only: decode at a half or quarter where that is still large enough.
        scale = min(1.0, ORIGINAL_SIDE / max(image.size))
        image.draft(image.mode, (round(image.width * scale), round(image.height * scale)))
        image.load()
        profile = image.info.get("icc_profile")
        image = _converted(_upright(image), profile)
    except Exception as error:  # decoders of hostile files fail in ways no list can name
        raise _damaged() from error
    # What stays in `info` (comment, resolution, profile) would be written by some encoders.
    image.info = {}
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Turned and mirrored as the camera asked; EXIF that cannot be read asks for nothing."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # broken EXIF raises whatever its parser stumbles over
        return image


def _converted(image: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB, with alpha only where something shows through."""
    if image.mode.startswith("I;16"):
        # Pillow's own conversion clips at 255. One see-through grey of 65,536 has no equal in 8
        # bits and is left out.
        image.info.pop("transparency", None)
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema() == (255, 255):
            image = image.convert("RGB")
    elif image.mode not in ("L", "RGB", "CMYK"):
        image = image.convert("RGB")
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, target, outputMode=mode)
            image = converted or image
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile, or one for another kind of picture
    return image.convert(mode)


def _cropped(image: Image.Image, crop: tuple[int, int, int, int]) -> Image.Image:
    """The part of it, at least a pixel wide and high."""
    left, top = image.width * crop[0] // 100, image.height * crop[1] // 100
    right = min(image.width, left + max(1, round(image.width * crop[2] / 100)))
    bottom = min(image.height, top + max(1, round(image.height * crop[3] / 100)))
    if (left, top, right, bottom) == (0, 0, *image.size):
        return image
    return image.crop((left, top, right, bottom))


def _fitted(image: Image.Image, scale: float) -> Image.Image:
    """Scaled; a side never vanishes, however thin the picture."""
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _offered(image: Image.Image) -> tuple[str, ...]:
    return ("avif", "webp", "png" if image.mode == "RGBA" else "jpeg")


def _encoded(image: Image.Image, format: str, **options: int) -> Rendition:
    target = BytesIO()
    image.save(target, format, **{**FORMATS[format], **options})
    return Rendition(format, image.width, image.height, target.getvalue())


def _too_many_pixels() -> PictureError:
    return PictureError(
        _(
            "This picture has too many pixels: at most %(millions)s million in all and "
            "%(side)s on a side. Make it smaller and try again."
        ),
        code="pixels",
        params={"millions": MAX_PIXELS // 1_000_000, "side": MAX_SIDE},
    )


def _damaged() -> PictureError:
    return PictureError(
        _("This picture is damaged or incomplete. Save or export it anew and try again."),
        code="broken",
    )


def _not_a_picture(raw: bytes) -> PictureError:
    if _SIGNATURES.match(raw):
        return _damaged()
    if b"<svg" in raw[:4096].lower():
        return PictureError(
            _("SVG drawings can carry code and are not taken. Export the drawing as PNG."),
            code="svg",
        )
    return PictureError(
        _(
            "This is not a picture that can be read, whatever its name says. "
            "Use JPEG, PNG, WebP, AVIF, HEIC or GIF."
        ),
        code="format",
    )


class RenditionData(TypedDict):
    """One stored size of a picture; `name` is its name in the media storage."""

    format: str
    width: int
    height: int
    name: str
