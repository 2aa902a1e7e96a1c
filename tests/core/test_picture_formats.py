"""Formats with more in them than one picture: films are refused, photos of phones are read."""

import io
import struct

import pillow_heif
import pytest
from PIL import Image

from core import pictures
from core.pictures import inspect, normalise
from tests.core.test_pictures import gradient, read, refusal, written


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_is_refused_or_gives_its_first_frame(format: str) -> None:
    first, second = Image.new("RGB", (60, 40), "red"), Image.new("RGB", (60, 40), "blue")
    options = {"lossless": True} if format == "WEBP" else {}
    moving = written(first, format, save_all=True, append_images=[second], **options)
    for data in (moving, io.BytesIO(moving)):
        assert refusal(data) == refusal(data, inspect) == "moving"
    assert pictures.is_moving(moving)
    assert not pictures.is_moving(written(first, format))
    assert inspect(moving, still=True).format == format.lower()
    pixel = read(normalise(moving, still=True).data).convert("RGB").getpixel((9, 9))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 240
    assert max(pixel[1:]) < 12


def heic(image: Image.Image, **options: object) -> bytes:
    pillow_heif.register_heif_opener()
    return written(image, "HEIF", **options)


def test_photos_of_an_iphone_are_read_upright_and_without_metadata() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRET-camera"
    photo = heic(gradient(900, 600), exif=exif.tobytes())
    assert inspect(photo).format == "heif"
    result = normalise(photo)
    assert (result.format, result.width, result.height) == ("jpeg", 600, 900)
    assert b"SECRET" not in result.data
    # Several pictures in one file are no film.
    several = heic(gradient(60, 40), save_all=True, append_images=[gradient(60, 40)])
    assert not pictures.is_moving(several)
    assert normalise(several).width == 60


def test_a_hostile_heic_is_refused() -> None:
    photo = heic(Image.new("RGB", (2000, 1500), "teal"))
    at = photo.find(b"ispe") + 8
    for size, code in (((100, 100), "broken"), ((12_001, 9), "pixels"), ((9_000, 9_000), "pixels")):
        lying = photo[:at] + struct.pack(">II", *size) + photo[at + 8 :]
        assert refusal(lying) == code
    for length in (20, 60, 200, len(photo) // 2, len(photo) - 1):
        assert refusal(photo[:length]) == "broken"
    for brand in (b"heix", b"heim", b"mif1"):
        assert refusal(b"\0\0\0\x18ftyp" + brand + b"\0" * 60) in ("broken", "format")
