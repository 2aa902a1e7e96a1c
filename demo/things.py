"""Drawings of things on a table or a wall."""

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

WOOD = "#7c4a2d"


def scales(s: Sheet) -> None:
    """A pair of scales: coins on one side, tools on the other."""
    s.disc(800, 420, 370, HONEY, grain="down", depth=0.5, tone=BRICK)
    s.slab((0, 790, 1600, 900), mixed(TEAL, INK, 0.35))
    s.shape(
        smooth([(790, 180), (810, 180), (826, 640), (900, 770), (700, 770), (774, 640)]),
        INK,
        shadow=14,
    )
    s.slab((640, 756, 960, 800), INK, 16)
    s.stroke([(420, 290), (1180, 210)], INK, 26)
    s.disc(800, 250, 34, BRICK, shadow=8)
    for x, top, bottom in ((420, 290, 610), (1180, 210, 530)):
        s.stroke([(x, top), (x - 170, bottom)], SLATE, 6)
        s.stroke([(x, top), (x + 170, bottom)], SLATE, 6)
    for column, count in enumerate((3, 6, 4)):
        for coin in range(count):
            box = (290 + column * 90, 584 - coin * 24, 372 + column * 90, 608 - coin * 24)
            s.slab(box, OCHRE if coin % 2 else CORAL, 10, grain="right")
    hammer = outline("-9,20 9,20 9,-190 50,-190 62,-240 -60,-240 -46,-190 -9,-190")
    s.shape(moved(hammer, 1130, 520, turn=-14), WOOD, shadow=8, grain="left")
    s.shape(moved([(-64, -244), (64, -244), (64, -192), (-64, -192)], 1130, 520, turn=-14), SLATE)
    ring = moved(
        [*oval(0, -190, 48, 48, -60, 240), (-16, -140), (-16, 20), (16, 20), (16, -140)],
        1236,
        512,
        turn=18,
    )
    s.shape(ring, BRICK, shadow=8, grain="left")
    s.shape(moved([(-20, -200), (20, -200), (26, -250), (-26, -250)], 1236, 512, turn=18), HONEY)
    for x, y in ((420, 606), (1180, 526)):
        s.shape(oval(x, y, 190, 74, 0, 180), TEAL, shadow=14, grain="right")


def book(s: Sheet) -> None:
    """An open book on a workbench, tools on the wall behind it."""
    s.slab((0, 0, 1600, 620), SEA, grain="up", depth=0.5)
    s.slab((160, 110, 1440, 134), WOOD, 8, shadow=8)
    for x, length, colour in (
        (260, 170, CREAM),
        (400, 220, HONEY),
        (1180, 200, CORAL),
        (1330, 160, CREAM),
    ):
        s.slab((x - 15, 134, x + 15, 134 + length * 0.55), mixed(WOOD, OCHRE, 0.3), 12, shadow=6)
        s.shape(
            [
                (x - 9, 134 + length * 0.55),
                (x + 9, 134 + length * 0.55),
                (x + 14, 134 + length),
                (x - 14, 134 + length),
            ],
            colour,
        )
    s.slab((0, 610, 1600, 900), WOOD, grain="down")
    s.slab((0, 610, 1600, 640), mixed(WOOD, CLAY, 0.35))
    s.shape([(330, 740), (480, 400), (1120, 400), (1270, 740)], BRICK, shadow=26)
    s.shape(
        smooth(outline("800,430 700,392 600,386 490,400 420,560 352,716 500,694 660,700 800,736")),
        CREAM,
        grain="right",
        depth=0.4,
    )
    s.shape(
        smooth(
            outline("800,430 900,392 1000,386 1110,400 1180,560 1248,716 1100,694 940,700 800,736")
        ),
        mixed(CREAM, SAND, 0.4),
        grain="left",
        depth=0.4,
    )
    for row in range(5):
        y, inset = 462 + row * 44, row * 19
        s.stroke([(540 - inset, y), (736, y + 12)], CLAY, 8)
    s.disc(1000, 530, 62, OCHRE, grain="down")
    s.stroke([(900, 640), (1130, 622)], CLAY, 8)
    s.shape(
        moved([(0, 0), (60, -13), (300, -13), (300, 13), (60, 13)], 1330, 820, turn=-28),
        HONEY,
        shadow=8,
    )
    for index in range(4):
        curl = oval(200 + index * 62, 790 + index % 2 * 40, 26, 17, 20, 300)
        s.stroke(curl, SAND, 9)


def letter(s: Sheet) -> None:
    """A letter and a fountain pen on a table."""
    s.slab((0, 0, 1600, 900), TEAL, grain="right", depth=0.5)
    s.shape(
        moved([(-380, -230), (380, -230), (380, 230), (-380, 230)], 560, 500, turn=-9),
        HONEY,
        shadow=24,
        grain="down",
    )
    s.shape(moved([(-380, -230), (0, 50), (380, -230)], 560, 500, turn=-9), OCHRE, shadow=8)
    s.shape(
        moved([(-270, -370), (270, -370), (270, 370), (-270, 370)], 850, 450, turn=6),
        CREAM,
        shadow=26,
        grain="left",
        depth=0.25,
    )
    for row in range(11):
        end = 200 if row % 4 else 40
        if row != 1:
            line = moved([(-200, -290 + row * 50), (end, -290 + row * 50)], 850, 450, turn=6)
            s.stroke(line, SLATE if row == 0 else CLAY, 11 if row == 0 else 8)
    flourish = [(-190, 300), (-150, 270), (-130, 312), (-90, 268), (-60, 308), (0, 290)]
    s.stroke(smooth(moved(flourish, 850, 450, turn=6), closed=False), BRICK, 7)
    pen = ((-230, -30, 10, 30, INK), (10, -27, 220, 27, BRICK), (-20, -33, 14, 33, OCHRE))
    for left, top, right, bottom, colour in pen:
        body = [(left, top), (right, top), (right, bottom), (left, bottom)]
        s.shape(moved(body, 1190, 600, turn=128), colour, shadow=10, grain="left")
    s.shape(moved([(220, -24), (310, 0), (220, 24)], 1190, 600, turn=128), HONEY)
    s.disc(1370, 190, 92, INK, shadow=18, grain="right")
    s.disc(1370, 190, 58, mixed(TEAL, INK, 0.6))


def gauge(s: Sheet) -> None:
    """A gauge whose needle stands far in the red."""
    s.disc(800, 640, 560, SAND, grain="up", depth=0.35)
    s.shape([*oval(800, 660, 480, 480, 180, 360)], INK, shadow=28)
    zones = ((180, 226, MINT), (226, 272, SEA), (272, 316, OCHRE), (316, 360, BRICK))
    for start, end, colour in zones:
        band = [*oval(800, 660, 440, 440, start, end), *oval(800, 660, 300, 300, end, start)]
        s.shape(band, colour, grain="down", depth=0.45)
    s.shape(oval(800, 660, 276, 276, 180, 360), CREAM, grain="down", depth=0.3)
    for tick in range(17):
        angle = math.radians(180 + tick * 11.25)
        inner = 262 if tick % 4 else 236
        s.stroke(
            [
                (800 + 300 * math.cos(angle), 660 + 300 * math.sin(angle)),
                (800 + inner * math.cos(angle), 660 + inner * math.sin(angle)),
            ],
            INK,
            6,
        )
    s.shape(moved([(-60, -17), (410, -3), (410, 3), (-60, 17)], 800, 650, turn=-17), INK, shadow=16)
    s.disc(800, 650, 52, BRICK, shadow=12, grain="down")
    s.slab((0, 690, 1600, 900), TEAL, grain="up")
    heights = (3, 5, 2, 7, 4)
    for index, x in enumerate((60, 210, 1180, 1300, 1450)):
        for sheet in range(heights[index]):
            shift = sheet * 37 % 17 - 8
            y = 846 - sheet * 26
            s.slab(
                (x + shift, y - 24, x + 130 + shift, y),
                CREAM if sheet % 3 else HONEY,
                4,
                shadow=4,
                grain="right",
                depth=0.3,
            )


SCENES: dict[str, tuple[Colour, Callable[[Sheet], None]]] = {
    "loon": (PAPER, scales),
    "leren": (SEA, book),
    "sollicitatie": (TEAL, letter),
    "werkdruk": (PAPER, gauge),
}
