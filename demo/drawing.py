"""Paper, scissors and a dry brush: what all drawings of the demo are made with.

Shapes are lists of points on a sheet measured in the pixels of the finished picture. The
sheet is drawn at twice its size and scaled down, which makes the edges smooth. `grain` is
the illustrator's dry brush: dots of a darker tone that grow denser to one side.
"""

import math
from collections.abc import Iterable, Sequence
from io import BytesIO
from random import Random
from typing import Literal

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

Point = tuple[float, float]
Points = Sequence[Point]
Colour = str
Side = Literal["", "down", "up", "left", "right"]

PAPER, CREAM, SAND, CLAY = "#f4ecdf", "#fbf6ec", "#e6d5b8", "#cdb48a"
OCHRE, HONEY = "#d9982b", "#edc06c"
BRICK, CORAL = "#b24a30", "#dc8a6b"
TEAL, SEA, MINT, MIST = "#0b5d5a", "#3f8a83", "#9dc6ba", "#d3e4da"
INK, SLATE = "#1d2d30", "#4a5c5b"

_SCALE = 2
_DENSE = [0] * 255 + [255]


def outline(text: str) -> list[Point]:
    """The points of "x,y x,y …", as SVG writes them."""
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in text.split())]


class Sheet:
    """A sheet to draw on; equal keys give equal grain."""

    def __init__(self, width: int, height: int, ground: Colour, key: str) -> None:
        self.width, self.height = width, height
        self.random = Random(key)  # noqa: S311 - grain, not secrets
        self._image = Image.new("RGB", (width * _SCALE, height * _SCALE), ground)
        self._draw = ImageDraw.Draw(self._image)
        self._noise = Image.frombytes("L", (width, height), self.random.randbytes(width * height))

    def shape(
        self,
        points: Points,
        colour: Colour,
        *,
        shadow: float = 0,
        grain: Side = "",
        depth: float = 0.5,
        tone: Colour = "",
    ) -> None:
        """Cut a shape out of coloured paper and lay it down.

        `shadow` is its height above the sheet, `grain` the side the dry brush comes from,
        `depth` how dense the dots become, `tone` their colour (a darker one if not given).
        """
        if shadow:
            self._shadow(points, shadow)
        self._draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=colour)
        if grain:
            self._brush(points, tone or mixed(colour, INK, 0.32), grain, depth)

    def disc(self, x: float, y: float, radius: float, colour: Colour, **look: object) -> None:
        """A circle."""
        self.shape(oval(x, y, radius, radius), colour, **look)  # type: ignore[arg-type]

    def slab(
        self, box: tuple[float, float, float, float], colour: Colour, r: float = 0, **look: object
    ) -> None:
        """A box given by left, top, right, bottom, with corners of radius `r`."""
        self.shape(rounded(box, r), colour, **look)  # type: ignore[arg-type]

    def stroke(self, points: Points, colour: Colour, width: float) -> None:
        """A line with round ends and joints."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(width * _SCALE), joint="curve")
        r = width * _SCALE / 2 - 0.5
        for x, y in (scaled[0], scaled[-1]):
            self._draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def finished(self) -> bytes:
        """The picture as JPEG, scaled down, with the tooth of the paper in it."""
        picture = self._image.reduce(_SCALE)
        # Two layers of noise: fibres a few pixels long, and fine grain.
        fibres = self._noise.resize((self.width // 3, self.height // 3)).resize(picture.size)
        tooth = Image.blend(self._noise, fibres, 0.6).filter(ImageFilter.GaussianBlur(0.6))
        tooth = tooth.point([128 + round((value - 128) * 0.16) for value in range(256)])
        textured = ImageChops.add(picture, Image.merge("RGB", (tooth,) * 3), 1, -128)
        target = BytesIO()
        textured.save(target, "JPEG", quality=90, optimize=True)
        return target.getvalue()

    def _region(self, points: Points, margin: float) -> tuple[int, int, int, int] | None:
        """The part of the sheet the points cover, in whole pixels of the finished picture."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, top = max(0, int(min(xs) - margin)), max(0, int(min(ys) - margin))
        right = min(self.width, int(max(xs) + margin) + 1)
        bottom = min(self.height, int(max(ys) + margin) + 1)
        return (left, top, right, bottom) if left < right and top < bottom else None

    def _shadow(self, points: Points, height: float) -> None:
        if not (region := self._region(points, height * 2)):
            return
        left, top, right, bottom = region
        # A blurred thing needs no resolution: a quarter of the finished size is enough.
        mask = Image.new("L", ((right - left) // 4 + 1, (bottom - top) // 4 + 1))
        moved = [((x - left + height * 0.35) / 4, (y - top + height * 0.6) / 4) for x, y in points]
        ImageDraw.Draw(mask).polygon(moved, fill=84)
        mask = mask.filter(ImageFilter.GaussianBlur(height / 10 + 0.5))
        mask = mask.resize(((right - left) * _SCALE, (bottom - top) * _SCALE))
        self._image.paste(INK, (left * _SCALE, top * _SCALE), mask)

    def _brush(self, points: Points, tone: Colour, side: Side, depth: float) -> None:
        if not (region := self._region(points, 0)):
            return
        left, top, right, bottom = region
        size = (right - left, bottom - top)
        gradient = Image.linear_gradient("L")
        if side != "down":
            turn = {"up": 180, "right": 90, "left": 270}[side]
            gradient = gradient.rotate(turn)
        # Squared, so that most of the shape stays clean.
        gradient = gradient.point([round(v * v / 255 * depth) for v in range(256)]).resize(size)
        dots = ImageChops.add(self._noise.crop(region), gradient).point(_DENSE)
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in points], fill=255)
        dots = ImageChops.multiply(dots, mask).resize((size[0] * _SCALE, size[1] * _SCALE))
        self._image.paste(tone, (left * _SCALE, top * _SCALE), dots)


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """A colour with a share of another stirred in."""
    pairs = zip(ImageColor.getrgb(colour)[:3], ImageColor.getrgb(other)[:3], strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def oval(
    x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360
) -> list[Point]:
    """The outline of an ellipse, or of the part between two angles (0 right, 90 down)."""
    count = max(12, int(abs(end - start) / 3))
    angles = [math.radians(start + (end - start) * i / count) for i in range(count + 1)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


def rounded(box: tuple[float, float, float, float], r: float) -> list[Point]:
    """The outline of a box with round corners."""
    left, top, right, bottom = box
    r = min(r, (right - left) / 2, (bottom - top) / 2)
    if r <= 0:
        return [(left, top), (right, top), (right, bottom), (left, bottom)]
    return [
        *oval(right - r, bottom - r, r, r, 0, 90),
        *oval(left + r, bottom - r, r, r, 90, 180),
        *oval(left + r, top + r, r, r, 180, 270),
        *oval(right - r, top + r, r, r, 270, 360),
    ]


def smooth(points: Points, *, closed: bool = True, steps: int = 10) -> list[Point]:
    """A flowing line through all points (Catmull-Rom)."""
    count = len(points)

    def at(index: int) -> Point:
        return points[index % count] if closed else points[min(max(index, 0), count - 1)]

    line: list[Point] = []
    for index in range(count if closed else count - 1):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (at(index + k) for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            line.append((_spline(x0, x1, x2, x3, t), _spline(y0, y1, y2, y3, t)))
    return line if closed else [*line, points[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3
    )


def moved(
    points: Iterable[Point], x: float, y: float, *, size: float = 1, turn: float = 0
) -> list[Point]:
    """Points scaled and turned (degrees, clockwise) about 0, 0, then carried to x, y."""
    c, s = math.cos(math.radians(turn)) * size, math.sin(math.radians(turn)) * size
    return [(x + px * c - py * s, y + px * s + py * c) for px, py in points]
