"""The people in the demo's drawings: a few limbs, a coat of hair, no face."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from demo.drawing import CREAM, INK, Colour, Point, Sheet, Side, mixed, moved, outline, oval, smooth

LIGHT, TAN, BROWN, DARK = "#efc4a3", "#d39a70", "#a2683f", "#6f4329"
BLACK, CHESTNUT, BLOND, GREY, GINGER = "#25211f", "#5d3822", "#d8ae62", "#b9bcb6", "#a9532b"


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody looks; `hair` is the style, `facing` 1 for right and -1 for left."""

    skin: Colour
    hair: str
    hair_colour: Colour
    top: Colour
    legs: Colour = INK
    facing: int = 1
    beard: bool = False
    glasses: bool = False


@dataclass(frozen=True, slots=True)
class Pose:
    """Joints of legs and arms as seen when facing right, measured from the hip.

    A person of size 1 is about 330 px tall; the first of a pair is the far limb.
    """

    legs: tuple[tuple[Point, ...], tuple[Point, ...]]
    arms: tuple[tuple[Point, ...], tuple[Point, ...]]
    lean: float = 0


SHOULDER = (0.0, -96.0)
STAND = Pose(
    legs=(((8, 0), (10, 80), (12, 152)), ((-8, 0), (-10, 80), (-12, 152))),
    arms=(((24, -44), (30, 6)), ((-24, -44), (-26, 8))),
)
WALK = Pose(
    legs=(((0, 0), (34, 66), (52, 146)), ((0, 0), (-4, 80), (-52, 140))),
    arms=(((-26, -46), (-34, 0)), ((26, -50), (46, -8))),
    lean=4,
)
PUSH = Pose(
    legs=(((0, 0), (38, 60), (22, 150)), ((0, 0), (-26, 74), (-76, 146))),
    arms=(((52, -76), (102, -92)), ((46, -50), (98, -62))),
    lean=16,
)
REACH = Pose(
    legs=STAND.legs,
    arms=(((22, -44), (30, 4)), ((40, -130), (66, -176))),
)
POINT = Pose(legs=STAND.legs, arms=(((-26, -44), (-22, 8)), ((46, -72), (96, -96))))


def person(sheet: Sheet, x: float, y: float, size: float, look: Look, pose: Pose = STAND) -> None:
    """A whole person; x, y is the hip."""
    turn = pose.lean * look.facing

    def placed(points: tuple[Point, ...], lean: bool = False) -> list[Point]:
        mirrored = [(px * look.facing, py) for px, py in points]
        return moved(mirrored, x, y, size=size, turn=turn if lean else 0)

    def arm(joints: tuple[Point, ...], colour: Colour) -> None:
        line = smooth(placed((SHOULDER, *joints), lean=True), closed=False)
        sheet.stroke(line, colour, 25 * size)
        sheet.disc(*line[-1], 13 * size, look.skin)

    def leg(joints: tuple[Point, ...], colour: Colour) -> None:
        line = smooth(placed(joints), closed=False, steps=6)
        sheet.stroke(line, colour, 33 * size)
        foot = line[-1]
        toe = (foot[0] + 20 * size * look.facing, foot[1] + 8 * size)
        sheet.stroke([(foot[0] - 4 * size * look.facing, foot[1] + 8 * size), toe], INK, 17 * size)

    far, near = pose.arms
    arm(far, mixed(look.top, INK, 0.22))
    leg(pose.legs[0], mixed(look.legs, INK, 0.25))
    leg(pose.legs[1], look.legs)
    torso = (
        (-30, -104),
        (0, -112),
        (30, -104),
        (36, -60),
        (27, 12),
        (0, 18),
        (-27, 12),
        (-36, -60),
    )
    back: Side = "left" if look.facing > 0 else "right"
    sheet.shape(smooth(placed(torso, lean=True)), look.top, grain=back, depth=0.55)
    neck = placed(((2, -112), (4, -150)), lean=True)
    head(sheet, neck[0], neck[1], size, look)
    arm(near, mixed(look.top, CREAM, 0.1))


def bust(sheet: Sheet, x: float, y: float, size: float, look: Look, hands: bool = False) -> None:
    """Somebody behind a table; x, y is the middle of the table's edge before them."""
    outline = ((-74, 0), (-80, -60), (-66, -112), (-24, -132), (24, -132), (66, -112), (80, -60))
    back: Side = "left" if look.facing > 0 else "right"
    body = smooth([*moved(outline, x, y, size=size), (x + 74 * size, y)])
    sheet.shape(body, look.top, shadow=10 * size, grain=back, depth=0.6)
    head(sheet, (x, y - 126 * size), (x + 6 * size * look.facing, y - 186 * size), size * 1.5, look)
    if hands:
        for side in (-1, 1):
            line = [(x + side * 62 * size, y - 76 * size), (x + side * 70 * size, y - 18 * size)]
            line.append((x + side * 26 * size, y - 12 * size))
            sheet.stroke(smooth(line, closed=False), mixed(look.top, INK, 0.14), 34 * size)
            sheet.disc(*line[-1], 15 * size, look.skin)


def head(sheet: Sheet, throat: Point, middle: Point, size: float, look: Look) -> None:
    """Neck, head and hair; `throat` is where the neck meets the body."""
    x, y = middle
    f = look.facing

    def part(points: list[Point], colour: Colour) -> None:
        sheet.shape(moved([(px * f, py) for px, py in points], x, y, size=size), colour)

    shade = mixed(look.skin, "#7a3b22", 0.28)
    if look.hair in ("long", "bob"):
        low = 52 if look.hair == "long" else 24
        behind = [(-30, -20), (0, -37), (27, -22), (20, 8), (10, low), (-22, low), (-33, low - 10)]
        part(smooth(behind), mixed(look.hair_colour, INK, 0.15))
    if look.hair == "scarf":
        drape = outline("-32,-14 0,-37 28,-14 26,20 30,44 -4,54 -34,42 -30,16")
        part(smooth(drape), look.hair_colour)
    else:
        sheet.stroke([throat, (x - 3 * size * f, y + 8 * size)], shade, 20 * size)
    part(oval(1, 0, 25, 29), look.skin)
    part(oval(4, 14, 20, 19), look.skin)
    part([(24, -3), (33, 8), (23, 10)], look.skin)
    if look.hair != "scarf":
        part(oval(-9, 4, 5, 8), shade)
    if look.beard:
        jaw = [(-12, 8), (-2, 16), (12, 15), (24, 12), (24, 26), (10, 37), (-8, 29)]
        part(smooth(jaw), look.hair_colour)
    _hair(part, look)
    if look.glasses:
        ring = moved([(px * f, py) for px, py in oval(14, -2, 8, 8)], x, y, size=size)
        sheet.stroke(ring, INK, 2.6 * size)
        bow = moved([(6 * f, -3), (-8 * f, -1)], x, y, size=size)
        sheet.stroke(bow, INK, 2.6 * size)


# Outlines of hair and of a scarf around a head at 0,0 that looks to the right.
_HAIR: Final = {
    "short": "-28,8 -31,-14 -14,-36 14,-36 28,-18 20,-14 0,-18 -13,-8 -14,4 -22,20",
    "bun": "-27,12 -30,-14 -12,-35 14,-34 26,-14 10,-18 -8,-8 -14,6",
    "bob": "-29,22 -31,-14 -12,-36 15,-35 28,-14 12,-17 -4,-10 -12,4 -14,24 -22,30",
    "long": "-29,22 -31,-14 -12,-36 15,-35 28,-14 12,-17 -4,-10 -12,4 -14,24 -22,30",
    "bald": "-25,10 -27,-8 -17,-16 -13,0 -16,14",
    "scarf": "-30,20 -32,-14 -10,-37 16,-35 27,-16 12,-21 -4,-16 -11,2 -6,24 4,32 -18,36",
}
# Middles and radii.
_CURLS: Final = (
    *((-24, 0, 12), (-27, -16, 13), (-16, -30, 14), (2, -36, 14)),
    *((18, -29, 12), (26, -18, 8), (-4, -22, 16), (-20, 14, 9)),
)


def _hair(part: Callable[[list[Point], Colour], None], look: Look) -> None:
    if look.hair == "curly":
        for x, y, radius in _CURLS:
            part(oval(x, y, radius, radius), look.hair_colour)
        return
    if look.hair == "bun":
        part(oval(-24, -32, 15, 14), look.hair_colour)
    part(smooth(outline(_HAIR[look.hair])), look.hair_colour)
