"""Uploads are capped before decoding, cleaned by rewriting, and never crash the caller."""

import io
import struct
import warnings
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile, TiffImagePlugin

from core import pictures
from core.pictures import PictureError, Rendition, inspect, normalise, renditions, square

Point = tuple[int, int]


def written(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, format, **options)
    return target.getvalue()


def read(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def gradient(width: int, height: int) -> Image.Image:
    """A picture of many colours, so that it counts as a photograph."""
    across = Image.linear_gradient("L").resize((width, height))
    down = Image.linear_gradient("L").rotate(90).resize((width, height))
    return Image.merge("RGB", (across, down, Image.new("L", (width, height), 90)))


def png(width: int, height: int, *, depth: int = 8, colour: int = 2, body: bytes = b"") -> bytes:
    """A PNG by hand: its header may promise what its body does not hold."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(body))
        + chunk(b"IEND", b"")
    )


def refusal(data: bytes | io.BytesIO, by: Callable[..., object] = normalise) -> str:
    with pytest.raises(PictureError) as caught:
        by(data)
    return str(caught.value.code)


# What stands where, by EXIF 2.32 §4.6.4: the place in the upright picture (w by h as stored)
# of the stored pixel x, y.
UPRIGHT: dict[int, Callable[[int, int, int, int], Point]] = {
    1: lambda x, y, w, h: (x, y),
    2: lambda x, y, w, h: (w - 1 - x, y),
    3: lambda x, y, w, h: (w - 1 - x, h - 1 - y),
    4: lambda x, y, w, h: (x, h - 1 - y),
    5: lambda x, y, w, h: (y, x),
    6: lambda x, y, w, h: (h - 1 - y, x),
    7: lambda x, y, w, h: (h - 1 - y, w - 1 - x),
    8: lambda x, y, w, h: (y, w - 1 - x),
}


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", UPRIGHT)
def test_every_orientation_is_applied(orientation: int, format: str) -> None:
    corners = {(0, 0): "red", (40, 0): "lime", (0, 24): "blue", (40, 24): "white"}
    stored = Image.new("RGB", (80, 48))
    for corner, colour in corners.items():
        stored.paste(colour, (*corner, corner[0] + 40, corner[1] + 24))
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = read(normalise(written(stored, format, exif=exif, quality=95)).data)
    assert upright.size == ((80, 48) if orientation < 5 else (48, 80))
    for corner in corners:
        x, y = corner[0] + 20, corner[1] + 12
        turned = upright.convert("RGB").getpixel(UPRIGHT[orientation](x, y, 80, 48))
        stored_pixel = stored.getpixel((x, y))
        assert isinstance(turned, tuple)
        assert isinstance(stored_pixel, tuple)
        assert all(abs(a - b) < 12 for a, b in zip(turned, stored_pixel, strict=True))


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_exif_that_cannot_be_read_turns_nothing() -> None:
    broken = written(gradient(60, 40), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12")
    assert read(normalise(broken).data).size == (60, 40)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_of_the_metadata_survives(format: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET-camera"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", tuple(TiffImagePlugin.IFDRational(n) for n in (52, 5, 13))
    gps[29] = "SECRET-gps"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    upload = written(
        gradient(900, 600),
        format,
        exif=exif,
        xmp=b"<x:xmpmeta>SECRET-xmp</x:xmpmeta>",
        comment=b"SECRET-comment" if format == "JPEG" else None,
        icc_profile=profile,
        dpi=(300, 300),
    )
    if format == "JPEG":
        iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x11\x1c\x02\x69\0\x0cSECRET-iptc"
        upload = upload[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + upload[2:]
    assert upload.count(b"SECRET") >= 2
    original = normalise(upload)
    for result in [original, *renditions(original.data), *square(original.data)]:
        assert b"SECRET" not in result.data
        left = read(result.data)
        assert not dict(left.getexif())
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop", "dpi"} & left.info.keys()


def test_what_encoders_copy_of_their_own_accord_is_gone_too() -> None:
    upload = written(gradient(60, 40), "JPEG", comment=b"SECRET")
    assert b"SECRET" not in normalise(upload).data


@pytest.mark.parametrize("code", [b"<script>alert(1)</script>", b"<!DOCTYPE HTML>", b"<?php x"])
def test_page_code_inside_a_picture_is_refused(code: bytes) -> None:
    assert refusal(written(gradient(30, 30), "JPEG", comment=code), inspect) == "foreign"
    assert refusal(written(gradient(30, 30)) + code) == "foreign"


def test_archives_and_documents_in_a_picture_are_refused() -> None:
    picture = written(gradient(30, 30), "JPEG")
    assert refusal(picture + b"PK\x05\x06" + bytes(18)) == "foreign"
    assert refusal(picture[:2] + b"\xff\xfe\0\x0a%PDF-1.7" + picture[2:]) == "foreign"


def test_a_gif_that_is_also_a_jpeg_loses_its_second_life() -> None:
    polyglot = written(Image.new("RGB", (20, 20), "teal"), "GIF") + written(
        gradient(30, 30), "JPEG", comment=b"SECOND"
    )
    assert inspect(polyglot).format == "gif"
    original = normalise(polyglot)
    assert (original.format, original.width) == ("png", 20)
    assert b"\xff\xd8\xff" not in original.data
    assert b"SECOND" not in original.data


def test_the_film_a_phone_appends_is_cut_off() -> None:
    film = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40
    original = normalise(written(gradient(60, 40), "JPEG") + film)
    assert b"ftypmp42" not in original.data
    assert (original.width, original.height) == (60, 40)


@pytest.mark.parametrize("side", [12_000, 20_000, 60_000])
def test_bombs_are_refused_before_decoding(side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        ImageFile.ImageFile, "load", lambda self: pytest.fail("the bomb was decoded")
    )
    jpeg = bytearray(written(Image.new("RGB", (8, 8)), "JPEG"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", side, side)
    gif = bytearray(written(Image.new("L", (8, 8)), "GIF"))
    gif[6:10] = struct.pack("<HH", side, side)
    bombs = [png(side, side), bytes(jpeg), bytes(gif)]
    if side < 16_384:
        webp = b"VP8X\x0a\0\0\0\0\0\0\0" + 2 * (side - 1).to_bytes(3, "little")
        bombs.append(b"RIFF" + struct.pack("<I", len(webp) + 4) + b"WEBP" + webp)
    for action in ("error", "ignore"):
        with warnings.catch_warnings():
            warnings.simplefilter(action)
            assert {refusal(bomb) for bomb in bombs[:3]} == {"pixels"}
            # The WebP has no frame, so its reader may already find it damaged.
            assert {refusal(bomb) for bomb in bombs[3:]} <= {"pixels", "broken"}


def test_a_side_beyond_the_cap_is_refused() -> None:
    assert refusal(png(pictures.MAX_SIDE + 1, 1), inspect) == "pixels"
    assert inspect(png(pictures.MAX_SIDE, 1)).width == pictures.MAX_SIDE


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    honest = written(gradient(64, 64), "JPEG", progressive=True)
    last = honest.rindex(b"\xff\xda")
    hostile = honest[:-2] + honest[last:-2] * 200 + b"\xff\xd9"
    assert inspect(honest).format == "jpeg"
    assert refusal(hostile, inspect) == "scans"


def test_no_more_is_read_than_the_cap() -> None:
    class Endless(io.BytesIO):
        asked = 0

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert 0 < size <= pictures.MAX_BYTES + 1
            self.asked += size
            return bytes(size)

    stream = Endless()
    assert refusal(stream, inspect) == "bytes"
    assert stream.asked <= pictures.MAX_BYTES + 1
    assert refusal(bytes(pictures.MAX_BYTES + 1)) == "bytes"


def test_a_file_is_read_from_its_start_and_rewound() -> None:
    upload = io.BytesIO(written(gradient(30, 20), "WEBP"))
    upload.seek(17)
    assert inspect(upload) == pictures.PictureInfo("webp", 30, 20)
    assert upload.tell() == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<!doctype html><title>photo.jpg</title>", "format"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
        (b"\xff\xd8\xff", "broken"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10", "format"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "broken"),
        (b"\0" * 4000, "format"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, code: str) -> None:
    assert refusal(data) == code
    assert refusal(io.BytesIO(data), inspect) == code


def test_formats_beyond_the_list_are_refused() -> None:
    for format in ("BMP", "TIFF", "ICO", "PPM", "JPEG2000", "PDF", "EPS"):
        assert refusal(written(gradient(20, 20), format), inspect) == "format"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_truncated_pictures_are_damaged(format: str) -> None:
    whole = written(gradient(300, 200), format)
    assert inspect(whole).format == format.lower()
    assert refusal(whole[: len(whole) * 2 // 3]) == "broken"


def test_cmyk_becomes_rgb() -> None:
    cmyk = written(Image.new("CMYK", (40, 30), (255, 0, 0, 0)), "JPEG", quality=95)
    original = read(normalise(cmyk).data)
    assert original.mode == "RGB"
    red, green, blue = original.getpixel((20, 15))  # type: ignore[misc]
    assert red < 20
    assert min(green, blue) > 235


def test_sixteen_bits_of_grey_keep_their_brightness() -> None:
    body = b"".join(b"\0" + struct.pack(">H", 0x8000) * 20 for _ in range(10))
    pixel = read(normalise(png(20, 10, depth=16, colour=0, body=body)).data).getpixel((5, 5))
    assert pixel == (128, 128, 128)


def test_transparency_of_a_palette_is_kept_and_offered_as_png() -> None:
    image = Image.new("P", (500, 300), 0)
    image.putpalette([0, 0, 0, 200, 30, 30])
    image.paste(1, (100, 100, 400, 200))
    original = normalise(written(image, "PNG", transparency=0))
    assert original.format == "png"
    assert read(original.data).getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert read(original.data).getpixel((250, 150)) == (200, 30, 30, 255)
    offered = renditions(original.data)
    assert [(r.format, r.width) for r in offered] == [
        (format, width) for format in ("avif", "webp", "png") for width in (400, 500)
    ]
    assert all(read(r.data).has_transparency_data for r in offered)


def test_alpha_that_hides_nothing_is_dropped() -> None:
    image = gradient(300, 200).convert("RGBA")
    assert normalise(written(image)).format == "jpeg"


def test_colours_follow_the_profile_into_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"zXYZ").replace(b"gXYZ", b"rXYZ").replace(b"zXYZ", b"gXYZ")
    red = Image.new("RGB", (20, 20), "red")
    pixel = read(normalise(written(red, icc_profile=swapped)).data).getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert pixel[0] < 10 < 245 < pixel[1]
    untouched = normalise(written(red, icc_profile=b"no profile at all"))
    assert read(untouched.data).getpixel((5, 5)) == (255, 0, 0)


@pytest.mark.parametrize("size", [(1, 1), (12_000, 3), (2, 9_000)])
def test_the_smallest_and_the_thinnest(size: Point) -> None:
    original = normalise(written(Image.new("RGB", size, "teal")))
    assert min(original.width, original.height) >= 1
    assert max(original.width, original.height) <= pictures.ORIGINAL_SIDE
    for result in [*renditions(original.data), *square(original.data)]:
        assert read(result.data).size == (result.width, result.height)


def test_the_original_is_limited_and_keeps_its_shape() -> None:
    for size in ((5000, 2500), (2500, 5000)):
        original = normalise(written(gradient(*size), "JPEG"))
        assert original.format == "jpeg"
        assert max(original.width, original.height) == pictures.ORIGINAL_SIDE
        assert original.width * size[1] == original.height * size[0]


@pytest.mark.parametrize(
    ("width", "offered"),
    [
        (300, [300]),
        (400, [400]),
        (1000, [400, 800, 1000]),
        (1600, [400, 800, 1200, 1600]),
        (2000, [400, 800, 1200, 1600]),
    ],
)
def test_renditions_never_enlarge(width: int, offered: list[int]) -> None:
    made = renditions(written(gradient(width, width // 4), "JPEG"))
    assert [r.width for r in made] == offered * 3
    assert [r.format for r in made[:: len(offered)]] == ["avif", "webp", "jpeg"]
    for rendition in made:
        image = read(rendition.data)
        assert image.format == rendition.format.upper()
        assert image.size == (rendition.width, rendition.height)
        assert abs(rendition.height - rendition.width / 4) <= 1


def test_squares_come_in_both_sizes() -> None:
    made = square(written(gradient(300, 500), "JPEG"))
    assert [(r.format, r.width, r.height) for r in made] == [
        (format, side, side) for format in ("avif", "webp", "jpeg") for side in (96, 192)
    ]


def test_the_same_upload_gives_the_same_files() -> None:
    upload = written(gradient(900, 500), "JPEG")

    def made() -> list[Rendition]:
        original = normalise(upload)
        return [original, *renditions(original.data), *square(original.data)]

    assert made() == made()


def test_names_hold_nothing_a_path_or_a_page_could_trip_over() -> None:
    digest = bytes(range(32))
    assert pictures.file_name("De brug, één", digest) == "de-brug-een-0001020304050607"
    assert pictures.file_name("", digest) == "0001020304050607"
    assert pictures.file_name("../../etc/passwd\0.php", digest) == "etcpasswdphp-0001020304050607"
    assert len(pictures.file_name("a-" * 500, digest)) <= 77


SAMPLES = [
    written(gradient(24, 16), "JPEG", progressive=True, comment=b"note"),
    written(gradient(24, 16).quantize(20), "PNG", transparency=3),
    written(gradient(24, 16), "WEBP"),
    written(gradient(24, 16), "AVIF"),
    written(gradient(24, 16), "GIF"),
]


@settings(max_examples=150, deadline=None)
@given(
    sample=st.sampled_from(SAMPLES),
    changes=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=6),
    tail=st.binary(max_size=20),
)
def test_damage_is_either_survived_or_refused(
    sample: bytes, changes: list[Point], tail: bytes
) -> None:
    damaged = bytearray(sample + tail)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    try:
        original = normalise(bytes(damaged))
    except PictureError:
        return
    assert read(original.data).size == (original.width, original.height)
