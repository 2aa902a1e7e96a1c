"""Drawings with people in them."""

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
    Point,
    Sheet,
    mixed,
    moved,
    outline,
    oval,
    rounded,
    smooth,
)
from demo.people import (
    BLACK,
    BLOND,
    BROWN,
    CHESTNUT,
    DARK,
    GINGER,
    GREY,
    LIGHT,
    POINT,
    PUSH,
    REACH,
    STAND,
    TAN,
    WALK,
    Look,
    bust,
    person,
)

LEFT = -1


def plant(sheet: Sheet, x: float, y: float, size: float, leaf: Colour = TEAL) -> None:
    """A potted plant; x, y is the middle of the pot's foot."""
    for turn, length in ((-58, 150), (50, 160), (-30, 200), (26, 215), (-4, 250)):
        blade = [(0, 0), (-26, -length * 0.5), (0, -length), (26, -length * 0.5)]
        tone = leaf if turn % 4 else mixed(leaf, CREAM, 0.18)
        outline = moved(smooth(blade), x, y - 90 * size, size=size, turn=turn)
        sheet.shape(outline, tone, grain="down")
    pot = [(-52, -104), (52, -104), (40, 0), (-40, 0)]
    sheet.shape(moved(pot, x, y, size=size), BRICK, shadow=8, grain="left")


def balloon(
    sheet: Sheet, box: tuple[float, float, float, float], tail: Point, colour: Colour, lines: int
) -> None:
    """A speech bubble whose tail points somewhere, with lines instead of words."""
    left, top, right, bottom = box
    foot = left + (right - left) * (0.3 if tail[0] < (left + right) / 2 else 0.7)
    sheet.shape([(foot - 30, bottom - 8), tail, (foot + 34, bottom - 8)], colour, shadow=10)
    sheet.slab(box, colour, 46, shadow=14, grain="down", depth=0.4)
    for line in range(lines):
        y = top + 58 + line * 46
        end = right - (60 if line < lines - 1 else 60 + (right - left) * 0.35)
        sheet.stroke([(left + 60, y), (end, y)], mixed(colour, CREAM, 0.72), 13)


def conversation(s: Sheet) -> None:
    """Two people at a table, facing each other under two speech bubbles."""
    s.disc(800, 470, 390, SAND, grain="down", depth=0.35)
    s.slab((0, 760, 1600, 900), CLAY, grain="up", depth=0.3)
    balloon(s, (330, 70, 790, 300), (470, 372), TEAL, 3)
    balloon(s, (850, 140, 1220, 330), (1140, 392), OCHRE, 2)
    bust(s, 400, 700, 1.25, Look(BROWN, "bun", BLACK, BRICK), hands=True)
    bust(s, 1200, 700, 1.25, Look(LIGHT, "short", GREY, SLATE, facing=LEFT, glasses=True), True)
    s.slab((220, 690, 1380, 732), INK, 12, shadow=20)
    for x in (320, 1250):
        s.slab((x, 732, x + 30, 900), mixed(INK, SLATE, 0.3))
    cup(s, 640, 690)
    cup(s, 960, 690)


def cup(s: Sheet, x: float, y: float, size: float = 1, colour: Colour = CREAM) -> None:
    """A cup on a table, steaming."""
    for dx in (-14, 14):
        wave = [(dx, -90), (dx + 10, -110), (dx - 8, -134), (dx + 6, -158)]
        s.stroke(smooth(moved(wave, x, y, size=size), closed=False), mixed(CLAY, CREAM, 0.4), 5)
    s.stroke(moved(oval(38, -40, 20, 20), x, y, size=size), colour, 9 * size)
    body = [(-40, -72), (40, -72), (32, -8), (22, 0), (-22, 0), (-32, -8)]
    s.shape(moved(body, x, y, size=size), colour, shadow=8, grain="left", depth=0.35)


def partner(s: Sheet) -> None:
    """Two people bring the last piece of a puzzle to its place."""
    s.shape(
        smooth(outline("-100,700 300,560 800,640 1300,540 1750,640 1750,1000 -100,1000")),
        MIST,
        grain="down",
    )
    s.slab((0, 780, 1600, 900), SEA, grain="up", depth=0.4)
    tiles = (
        (500, 480, TEAL),
        (700, 480, OCHRE),
        (900, 480, SEA),
        (500, 280, MINT),
        (900, 280, BRICK),
    )
    for x, y, colour in tiles:
        s.slab(
            (x, y, x + 196, y + 300 if y > 400 else y + 196),
            colour,
            8,
            shadow=8,
            grain="left",
            depth=0.4,
        )
    for x, y, colour in ((700, 378, MINT), (900, 378, BRICK), (598, 480, MINT), (998, 480, BRICK)):
        s.disc(x, y, 34, colour)
    s.disc(700, 378, 35, MIST)
    piece = [*rounded((0, 0, 196, 196), 8)]
    s.shape(moved(piece, 726, 84, turn=7), HONEY, shadow=26, grain="right")
    for x, y in ((810, 296), (712, 178)):
        s.disc(x, y, 34, HONEY)
    person(s, 470, 628 - 352, 1, Look(DARK, "curly", BLACK, CORAL), PUSH)
    person(s, 1130, 628 - 352, 1, Look(LIGHT, "bob", GINGER, INK, TEAL, LEFT), PUSH)
    s.slab((340, 430, 500, 780), SLATE, 6, grain="left")
    s.slab((1096, 430, 1260, 780), SLATE, 6, grain="left")


def threshold(s: Sheet) -> None:
    """A new colleague in an open door, light falling into the room."""
    s.slab((0, 700, 1600, 900), mixed(TEAL, INK, 0.45))
    s.shape([(640, 700), (960, 700), (1240, 900), (420, 900)], HONEY, grain="down", tone=TEAL)
    s.slab((610, 130, 990, 704), INK)
    s.slab((640, 160, 960, 700), HONEY, grain="up", tone=CORAL)
    s.disc(860, 300, 62, CREAM)
    s.shape(
        smooth([(640, 560), (740, 500), (850, 540), (960, 490), (960, 700), (640, 700)]),
        MINT,
        grain="down",
    )
    s.shape([(640, 160), (640, 700), (500, 800), (500, 90)], BRICK, shadow=22, grain="left")
    s.disc(528, 460, 12, HONEY)
    person(s, 800, 536, 1.08, Look(TAN, "long", BLACK, BRICK, INK), WALK)
    s.slab((822, 540, 900, 602), CHESTNUT, 8, shadow=6)
    s.stroke([(846, 540), (848, 526), (872, 526), (874, 540)], CHESTNUT, 7)
    for x in (1130, 1210, 1290):
        s.disc(x, 290, 10, HONEY)
    s.stroke([(1090, 276), (1330, 276)], OCHRE, 14)
    coat = [(-16, 0), (16, 0), (46, 60), (56, 240), (-56, 240), (-46, 60)]
    s.shape(moved(coat, 1130, 290), SEA, shadow=12, grain="down")
    s.shape(moved(coat, 1290, 290, size=0.9), CORAL, shadow=12, grain="down")
    plant(s, 240, 800, 1.35, SEA)


def council(s: Sheet) -> None:
    """People around a round table; one of them raises a hand."""
    s.slab((0, 0, 1600, 560), MIST, grain="up", depth=0.3)
    for x in (150, 1210):
        s.slab((x, 70, x + 240, 330), CREAM, 120, grain="down", depth=0.3)
    far = (
        Look(LIGHT, "bob", BLOND, TEAL),
        Look(DARK, "short", BLACK, OCHRE),
        Look(TAN, "scarf", BRICK, SLATE, facing=LEFT),
        Look(LIGHT, "bald", GREY, BRICK, facing=LEFT, beard=True),
    )
    hand = smooth([(722, 400), (742, 290), (702, 176)], closed=False)
    for (x, y), look in zip(((420, 500), (650, 470), (930, 470), (1170, 500)), far, strict=True):
        bust(s, x, y, 0.95, look)
        if look.hair == "short":
            s.stroke(hand, mixed(OCHRE, CREAM, 0.1), 36)
            s.disc(702, 166, 22, DARK)
    s.shape(oval(800, 640, 640, 200), INK, shadow=26)
    s.shape(oval(800, 622, 640, 200), CLAY, grain="right", depth=0.4)
    for x, y, turn in (
        (470, 570, -12),
        (690, 535, 4),
        (930, 540, -3),
        (1150, 575, 10),
        (800, 690, 2),
    ):
        s.shape(
            moved([(-58, -18), (58, -18), (72, 22), (-72, 22)], x, y, turn=turn), CREAM, shadow=5
        )
    for x, look in (
        (330, Look(BROWN, "curly", BLACK, SEA)),
        (1270, Look(LIGHT, "bun", CHESTNUT, CORAL, facing=LEFT)),
    ):
        bust(s, x, 910, 1.5, look)


def arrow(s: Sheet, points: list[Point], colour: Colour, tip: float) -> None:
    """A broad arrow along a flowing line; `tip` is the angle of its head."""
    line = smooth(points, closed=False)
    s.stroke(line, colour, 30)
    s.shape(moved([(56, 0), (-36, -58), (-36, 58)], *line[-1], turn=tip), colour, grain="left")


def feedback(s: Sheet) -> None:
    """Two people between whom two arrows go to and fro."""
    s.disc(800, 400, 330, mixed(SAND, PAPER, 0.35), grain="down", depth=0.3)
    s.slab((0, 780, 1600, 900), TEAL, grain="up", depth=0.4)
    arrow(s, [(480, 330), (640, 190), (820, 160), (1090, 300)], OCHRE, 40)
    arrow(s, [(1110, 520), (960, 640), (780, 660), (520, 540)], BRICK, 216)
    person(s, 330, 530, 1.55, Look(LIGHT, "short", GINGER, SEA, SLATE), POINT)
    person(s, 1270, 530, 1.55, Look(DARK, "bun", BLACK, HONEY, BRICK, LEFT), POINT)


def generations(s: Sheet) -> None:
    """A row of people of different ages, side by side."""
    s.disc(1210, 300, 210, HONEY, grain="down", tone=CORAL)
    s.shape(
        smooth(outline("-100,640 260,520 720,620 1150,500 1700,620 1700,1000 -100,1000")),
        MINT,
        grain="up",
    )
    s.shape(
        smooth([(-100, 780), (400, 720), (900, 760), (1700, 720), (1700, 1000), (-100, 1000)]),
        TEAL,
        grain="up",
    )
    row = (
        (230, 1.2, Look(TAN, "curly", BLACK, OCHRE, SLATE)),
        (470, 1.4, Look(LIGHT, "long", BLOND, BRICK, INK)),
        (720, 1.5, Look(DARK, "short", BLACK, CREAM, SLATE, LEFT)),
        (960, 1.42, Look(BROWN, "scarf", SEA, CORAL, INK)),
        (1190, 1.46, Look(LIGHT, "bald", GREY, SLATE, CHESTNUT, LEFT, beard=True, glasses=True)),
        (1410, 1.26, Look(LIGHT, "bun", GREY, TEAL, BRICK, LEFT)),
    )
    for x, size, look in row:
        ground = oval(x, 812, 90, 16)
        s.shape(ground, mixed(TEAL, INK, 0.4))
        person(s, x, 806 - 164 * size, size, look, STAND if size != 1.4 else REACH)
    s.stroke([(1356, 636), (1334, 806)], CHESTNUT, 11)


SCENES: dict[str, tuple[Colour, Callable[[Sheet], None]]] = {
    "gesprek": (PAPER, conversation),
    "partner": (PAPER, partner),
    "onboarding": (TEAL, threshold),
    "or": (SEA, council),
    "feedback": (PAPER, feedback),
    "generaties": (PAPER, generations),
}
