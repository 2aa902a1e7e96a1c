"""Drawings of rooms, buildings and roads, without people."""

import math
from collections.abc import Callable

from demo.drawing import (
    BRICK,
    CLAY,
    CORAL,
    CREAM,
    HONEY,
    INK,
    MINT,
    MIST,
    OCHRE,
    PAPER,
    SAND,
    SEA,
    SLATE,
    TEAL,
    Colour,
    Sheet,
    mixed,
    moved,
    outline,
    oval,
    smooth,
)
from demo.scenes import cup, plant

WOOD = "#7c4a2d"


def tree(s: Sheet, x: float, y: float, size: float, colour: Colour) -> None:
    """A round tree; x, y is the foot."""
    s.slab((x - 7 * size, y - 90 * size, x + 7 * size, y), WOOD)
    s.shape(oval(x, y - 130 * size, 58 * size, 80 * size), colour, grain="left")


def crossroads(s: Sheet) -> None:
    """A path that turns sharply, with a signpost at the turn."""
    s.disc(1180, 250, 120, OCHRE, grain="down", tone=BRICK)
    for top, colour in ((330, MIST), (430, MINT), (540, SEA)):
        s.shape(
            smooth(
                [
                    (-200, top + 60),
                    (200, top - 40),
                    (620, top + 50),
                    (1080, top - 50),
                    (1500, top + 30),
                    (1800, top),
                    (1800, 1100),
                    (-200, 1100),
                ]
            ),
            colour,
            shadow=10,
            grain="down",
            depth=0.35,
        )
    s.shape(
        [(300, 960), (620, 960), (905, 668), (1700, 556), (1700, 520), (770, 640)],
        SAND,
        grain="left",
        shadow=6,
    )
    s.slab((846, 250, 872, 660), WOOD, 6, shadow=8)
    s.shape(
        [(760, 290), (1060, 290), (1112, 326), (1060, 362), (760, 362)],
        CREAM,
        shadow=12,
        grain="left",
        depth=0.3,
    )
    s.shape(
        [(960, 392), (690, 392), (640, 426), (690, 460), (960, 460)],
        BRICK,
        shadow=12,
        grain="right",
    )
    for x, y, size in (
        (180, 640, 1),
        (290, 690, 1.3),
        (1330, 500, 0.7),
        (1410, 510, 0.85),
        (1240, 800, 1.5),
    ):
        tree(s, x, y, size, TEAL if size < 1.2 else mixed(TEAL, INK, 0.25))


def hybrid(s: Sheet) -> None:
    """An office and a house, joined by one line."""
    s.shape(
        smooth([(-100, 620), (400, 540), (900, 600), (1700, 520), (1700, 1000), (-100, 1000)]),
        MINT,
        grain="up",
        depth=0.35,
    )
    s.slab((0, 770, 1600, 900), TEAL, grain="up")
    s.slab((150, 130, 560, 772), SLATE, 6, shadow=20, grain="left")
    for row in range(6):
        for column in range(4):
            lit = (row * 5 + column * 3) % 7 in (1, 4)
            left, top = 190 + column * 88, 180 + row * 84
            s.slab((left, top, left + 62, top + 54), HONEY if lit else MIST, 4)
    s.slab((310, 690, 400, 772), INK, 6)
    s.slab((1080, 480, 1430, 772), CREAM, 0, shadow=20, grain="left", depth=0.3)
    s.slab((1340, 300, 1384, 420), BRICK)
    s.shape([(1030, 490), (1255, 280), (1480, 490)], BRICK, shadow=12, grain="down")
    s.slab((1120, 550, 1240, 670), HONEY, 4)
    s.slab((1300, 590, 1384, 772), TEAL, 40)
    s.stroke([(1180, 550), (1180, 670)], CREAM, 8)
    s.stroke([(1120, 610), (1240, 610)], CREAM, 8)
    line = smooth(
        outline("540,240 720,330 860,200 990,330 850,430 800,280 940,220 1100,400 1180,600"),
        closed=False,
    )
    s.stroke(line, OCHRE, 13)
    s.disc(540, 240, 20, OCHRE)
    s.disc(1180, 600, 20, OCHRE)
    tree(s, 690, 790, 1.2, SEA)
    tree(s, 960, 784, 0.9, mixed(TEAL, INK, 0.2))


def empty_desk(s: Sheet) -> None:
    """A desk nobody sits at, with a calendar and a cup of tea; rain outside."""
    s.slab((0, 0, 1600, 900), MIST, grain="down", depth=0.35)
    s.slab((180, 90, 700, 500), CREAM, 8, shadow=14)
    s.slab((206, 116, 674, 474), SEA, grain="up", depth=0.5)
    for index in range(36):
        x, y = 225 + index * 83 % 430, 130 + index * 137 % 300
        s.stroke([(x, y), (x - 9, y + 30)], MINT, 4)
    s.stroke([(440, 116), (440, 474)], CREAM, 14)
    s.slab((960, 120, 1240, 430), CREAM, 10, shadow=14)
    s.slab((960, 120, 1240, 190), BRICK, 10)
    for index in range(20):
        x, y = 994 + index % 5 * 46, 222 + index // 5 * 50
        s.slab((x, y, x + 28, y + 28), CORAL if 6 <= index <= 13 else SAND, 5)
        if 6 <= index <= 13:
            s.stroke([(x + 6, y + 6), (x + 22, y + 22)], CREAM, 4)
    s.slab((0, 790, 1600, 900), CLAY)
    s.slab((690, 430, 910, 640), TEAL, 40, shadow=16, grain="left")
    s.slab((788, 640, 812, 800), INK)
    s.slab((660, 626, 940, 664), mixed(TEAL, INK, 0.3), 18)
    s.shape([(700, 820), (800, 770), (900, 820), (890, 830), (800, 796), (710, 830)], INK)
    s.slab((160, 610, 1440, 652), WOOD, 8, shadow=24, grain="right")
    for x in (220, 1350):
        s.slab((x, 652, x + 32, 850), mixed(WOOD, INK, 0.3))
    cup(s, 1060, 610, 1.2, HONEY)
    plant(s, 1320, 610, 0.85)
    for step, colour in enumerate((SLATE, CREAM, OCHRE)):
        s.slab((290 + step * 8, 584 - step * 26, 480 - step * 5, 608 - step * 26), colour, 5)


def meeting_room(s: Sheet) -> None:
    """A long table with many chairs, a clock on the wall."""
    s.slab((0, 0, 1600, 600), SAND, grain="up", depth=0.35)
    s.slab((0, 590, 1600, 900), mixed(TEAL, INK, 0.2), grain="down")
    s.disc(800, 190, 124, INK, shadow=14)
    s.disc(800, 190, 106, CREAM, grain="down", depth=0.3)
    for hour in range(12):
        angle = math.radians(hour * 30)
        s.disc(800 + 84 * math.sin(angle), 190 - 84 * math.cos(angle), 6, SLATE)
    s.stroke([(800, 190), (800, 122)], INK, 9)
    s.stroke([(800, 190), (834, 232)], BRICK, 11)
    colours = (BRICK, OCHRE, SEA, CORAL, OCHRE, BRICK)
    for index, colour in enumerate(colours):
        x = 300 + index * 200
        s.slab((x - 62, 390, x + 62, 560), colour, 30, shadow=12, grain="left")
    s.shape([(240, 530), (1360, 530), (1530, 690), (70, 690)], WOOD, shadow=24, grain="right")
    s.slab((70, 690, 1530, 716), mixed(WOOD, INK, 0.45))
    for x in (400, 640, 960, 1190):
        s.shape(moved([(-50, -14), (50, -14), (64, 20), (-64, 20)], x, 600), CREAM, shadow=4)
    cup(s, 800, 620, 0.8)
    for index, colour in enumerate(reversed(colours)):
        x = 200 + index * 240
        s.slab((x - 12, 820, x + 12, 900), INK)
        s.slab((x - 84, 650, x + 84, 850), colour, 40, shadow=18, grain="down")


def kitchen(s: Sheet) -> None:
    """A kitchen table with a laptop, before a window on a garden."""
    s.slab((0, 0, 1600, 900), CORAL, grain="up", depth=0.4)
    s.slab((330, 60, 1150, 560), CREAM, 8, shadow=18)
    s.slab((362, 92, 1118, 528), MIST)
    s.disc(970, 200, 60, HONEY)
    s.shape(
        [
            *smooth([(362, 400), (540, 340), (760, 400), (960, 340), (1118, 380)], closed=False),
            (1118, 528),
            (362, 528),
        ],
        MINT,
        grain="down",
    )
    s.slab((362, 450, 1118, 528), SEA, grain="down")
    tree(s, 490, 470, 1.15, TEAL)
    tree(s, 900, 470, 0.85, TEAL)
    for index in range(9):
        x = 600 + index * 62
        s.stroke([(x, 520), (x, 480)], TEAL, 5)
        s.disc(x, 474, 12, (BRICK, OCHRE, CREAM)[index % 3])
    s.slab((728, 92, 752, 528), CREAM)
    s.slab((300, 550, 1180, 580), CREAM, 6, shadow=10)
    s.stroke([(1340, 0), (1340, 190)], INK, 6)
    s.shape(oval(1340, 300, 130, 120, 180, 360), TEAL, shadow=14, grain="left")
    s.disc(1340, 300, 30, HONEY)
    s.slab((120, 720, 1480, 772), WOOD, 10, shadow=26, grain="right")
    for x in (200, 1370):
        s.slab((x, 772, x + 36, 900), mixed(WOOD, INK, 0.3))
    s.slab((610, 500, 970, 712), INK, 14, shadow=12)
    s.slab((626, 516, 954, 696), MINT, 4, grain="down")
    for row, end in enumerate((880, 920, 800)):
        s.stroke([(660, 560 + row * 40), (end, 560 + row * 40)], CREAM, 10)
    s.slab((560, 704, 1020, 724), SLATE, 10)
    cup(s, 1120, 720, 1.1, OCHRE)
    plant(s, 340, 720, 1)


def drawbridge(s: Sheet) -> None:
    """A drawbridge over a canal, half open, with a small cabin beside it."""
    s.disc(380, 260, 110, CREAM, grain="down", tone=OCHRE, depth=0.6)
    for x, top, colour in (
        (40, 400, BRICK),
        (180, 440, CLAY),
        (310, 380, SLATE),
        (1130, 420, CLAY),
        (1260, 370, BRICK),
        (1400, 430, SLATE),
    ):
        s.shape(
            [
                (x, 640),
                (x, top),
                (x + 30, top),
                (x + 64, top - 60),
                (x + 98, top),
                (x + 128, top),
                (x + 128, 640),
            ],
            mixed(colour, HONEY, 0.25),
            grain="down",
        )
        for row in range(2):
            for column in range(2):
                left, y = x + 24 + column * 48, top + 40 + row * 80
                s.slab((left, y, left + 28, y + 44), CREAM, 3)
    s.slab((0, 640, 1600, 900), TEAL, grain="down")
    s.slab((0, 610, 560, 720), INK, 0, grain="right")
    s.slab((1040, 610, 1600, 720), INK, 0, grain="right")
    s.shape(moved([(0, -14), (410, -14), (410, 14), (0, 14)], 556, 606, turn=-28), BRICK, shadow=12)
    s.stroke([(470, 610), (470, 334)], CREAM, 24)
    s.stroke([(530, 610), (530, 334)], CREAM, 24)
    s.stroke(moved([(-230, 0), (380, 0)], 500, 330, turn=-28), CREAM, 26)
    s.stroke([(834, 154), (904, 416)], SLATE, 6)
    s.slab((250, 412, 346, 480), INK, 10, shadow=10)
    s.slab((1130, 460, 1310, 612), CREAM, 4, shadow=14, grain="left", depth=0.3)
    s.shape([(1106, 464), (1140, 400), (1300, 400), (1334, 464)], BRICK, shadow=8, grain="down")
    s.slab((1154, 490, 1230, 556), MINT, 4)
    s.slab((1250, 500, 1292, 612), TEAL, 4)
    for index in range(26):
        x, y = 40 + index * 211 % 1500, 750 + index * 53 % 140
        s.stroke([(x, y), (x + 50 + index % 4 * 22, y)], SEA if index % 3 else MINT, 6)
    s.shape([(690, 740), (960, 740), (920, 796), (720, 796)], OCHRE, shadow=8, grain="right")
    s.slab((740, 700, 840, 742), CREAM, 6)


SCENES: dict[str, tuple[Colour, Callable[[Sheet], None]]] = {
    "verandering": (PAPER, crossroads),
    "hybride": (PAPER, hybrid),
    "ziekteverzuim": (MIST, empty_desk),
    "vergadering": (SAND, meeting_room),
    "thuiswerken": (CORAL, kitchen),
    "bridge": (HONEY, drawbridge),
}
