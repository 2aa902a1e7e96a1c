"""The demo's pictures, drawn by code: no picture is stored in the project.

Every drawing is made anew from its key and is the same each time.
"""

from typing import Final

from demo import people, places, scenes, things
from demo.drawing import (
    BRICK,
    CORAL,
    CREAM,
    HONEY,
    INK,
    MINT,
    OCHRE,
    SAND,
    SEA,
    TEAL,
    Sheet,
    mixed,
    moved,
    outline,
    oval,
    smooth,
)

SCENES: Final = scenes.SCENES | places.SCENES | things.SCENES
PORTRAITS: Final = {
    "author-1": (MINT, SAND, people.Look(people.LIGHT, "bob", people.GINGER, TEAL)),
    "author-2": (SAND, SEA, people.Look(people.TAN, "curly", people.BLACK, OCHRE, beard=True)),
    "author-3": (
        HONEY,
        TEAL,
        people.Look(people.BROWN, "short", people.BLACK, BRICK, glasses=True),
    ),
    "author-4": (CORAL, CREAM, people.Look(people.LIGHT, "bun", people.GREY, INK, glasses=True)),
}


def article_picture(key: str) -> bytes:
    """The drawing of one of `SCENES`, a JPEG of 1600 by 900 px; raises KeyError."""
    ground, scene = SCENES[key]
    sheet = Sheet(1600, 900, ground, key)
    scene(sheet)
    return sheet.finished()


def portrait(key: str) -> bytes:
    """The portrait of one of `PORTRAITS`, a JPEG of 800 by 800 px; raises KeyError."""
    ground, sun, look = PORTRAITS[key]
    sheet = Sheet(800, 800, ground, key)
    sheet.disc(400, 400, 320, sun, grain="down", depth=0.4)
    _likeness(sheet, look)
    return sheet.finished()


def _likeness(sheet: Sheet, look: people.Look) -> None:
    """Head and shoulders from the front, with a smile."""
    shade = mixed(look.skin, "#7a3b22", 0.28)
    hair = look.hair_colour
    if look.hair == "bob":
        back = [(250, 260), (400, 130), (550, 260), (572, 470), (520, 520), (280, 520), (228, 470)]
        sheet.shape(smooth(back), mixed(hair, INK, 0.15))
    if look.hair == "bun":
        sheet.disc(400, 132, 74, hair, grain="down")
    body = [(90, 860), (120, 690), (230, 605), (400, 580), (570, 605), (680, 690), (710, 860)]
    sheet.shape(smooth(body), look.top, shadow=20, grain="down")
    sheet.shape(smooth([(340, 480), (460, 480), (474, 600), (400, 650), (326, 600)]), shade)
    for x in (268, 532):
        sheet.shape(oval(x, 372, 26, 38), shade)
    face = outline(
        "278,300 318,206 400,180 482,206 522,300 512,420 462,508 400,530 338,508 288,420"
    )
    sheet.shape(smooth(face), look.skin, grain="left", depth=0.3, tone=shade)
    for x in (316, 484):
        sheet.disc(x, 426, 30, mixed(look.skin, CORAL, 0.35))
    if look.beard:
        beard = outline(
            "276,372 306,420 350,430 400,418 450,430 494,420 524,372 514,470 460,545 400,562 "
            "340,545 286,470"
        )
        sheet.shape(smooth(beard), hair, grain="down")
    _fringe(sheet, look.hair, hair)
    for x in (350, 450):
        sheet.shape(oval(x, 356, 9, 12), INK)
        sheet.stroke(
            smooth([(x - 26, 318), (x, 307), (x + 26, 318)], closed=False),
            mixed(hair, INK, 0.35),
            9,
        )
        if look.glasses:
            sheet.stroke(oval(x, 358, 42, 38), INK, 7)
    if look.glasses:
        sheet.stroke(smooth([(392, 352), (400, 348), (408, 352)], closed=False), INK, 7)
    sheet.stroke(smooth([(402, 366), (412, 404), (394, 408)], closed=False), shade, 8)
    mouth = CREAM if look.beard else BRICK
    sheet.stroke(smooth(moved([(-36, 0), (0, 16), (36, 0)], 400, 454), closed=False), mouth, 10)


# Outlines of the hair on a portrait.
_FRINGES: Final = {
    "bob": "256,440 240,280 300,160 400,132 500,160 560,280 544,440 516,380 500,270 410,236 "
    "330,290 286,370",
    "bun": "262,340 264,240 320,166 400,144 480,166 536,240 538,340 508,276 440,228 400,246 "
    "350,228 292,276",
    "short": "264,340 262,230 316,152 420,132 514,168 542,250 536,340 510,270 440,250 340,240 "
    "290,270",
}
# Middles and radii.
_CURLS: Final = (
    *((280, 290, 44), (272, 226, 50), (322, 172, 56), (400, 150, 62), (478, 172, 56)),
    *((528, 226, 50), (520, 290, 44), (360, 216, 48), (440, 216, 48)),
)


def _fringe(sheet: Sheet, style: str, colour: str) -> None:
    if style == "curly":
        for x, y, radius in _CURLS:
            sheet.disc(x, y, radius, colour)
    else:
        sheet.shape(smooth(outline(_FRINGES[style])), colour, grain="down")
