"""A conversation of 500 comments, made from written sentences: deep, wide, always the same."""

import random

from demo.content import CommentData

SIZE = 500
ROOTS = 120
DUEL = 32

_NAMES = (
    "Marit Hoekzema",
    "Joris van der Plas",
    "Nadia El Idrissi",
    "Wouter Kamphuis",
    "Ineke Postma",
    "Sjoerd Dijkema",
    "Priya Ramdin",
    "Tess Verhulst",
    "Kees Brandsma",
    "Loubna Amrani",
    "Hidde Wieringa",
    "Annelies de Kok",
    "Bas Terpstra",
    "Carmen Oduber",
    "Dirk-Jan Meulman",
    "Eline Vos",
    "Faruk Yildirim",
    "Gerda Lubbers",
    "Hanneke Smeets",
    "Ivo Stegeman",
)
_OPENINGS = (
    "Bij ons gaat het anders.",
    "Herkenbaar, helaas.",
    "Ik ben het hier niet mee eens.",
    "Mooi stuk, één kanttekening.",
    "Dit lees ik met een glimlach.",
    "Na twintig jaar vergaderen:",
    "Als voorzitter zeg ik:",
    "Een vraag aan de schrijver.",
    "Ik werk in de zorg.",
    "Vorig jaar hebben wij dit geprobeerd.",
    "Eerlijk gezegd twijfel ik.",
    "Goed punt.",
)
_MIDDLES = (
    "Onze wekelijkse vergadering is teruggebracht tot een kwartier, staand, bij de koffie.",
    "Wie niets te zeggen heeft, hoeft er bij ons niet te zijn.",
    "De agenda bepaalt wie er praat, en de agenda maken steeds dezelfde drie mensen.",
    "Een besluit zonder naam erbij is bij ons geen besluit.",
    "Het verslag wordt door niemand gelezen, behalve door degene die het maakt.",
    "Juist het gesprek na afloop, op de gang, is waar het gebeurt.",
    "Online vergaderen scheelt reistijd, maar ik mis de gezichten.",
    "Wij beginnen met vijf minuten stil lezen. Dat voelt vreemd en het werkt.",
    "In een ploegendienst is er gewoon geen moment waarop iedereen kan.",
    "De stilste collega had het beste idee, en dat hoorden we pas een jaar later.",
    "Een vaste voorzitter helpt minder dan een wisselende.",
    "Zodra de directeur aanschuift, verandert het gesprek.",
    "Wat mij stoort is niet de vergadering, maar dat er niets mee gebeurt.",
    "Wij hebben de maandag vrijgemaakt van overleg; dinsdag is nu dubbel zo vol.",
    "Een half uur is genoeg, als iedereen de stukken heeft gelezen.",
    "Met twaalf mensen praat je niet, dan luister je om de beurt.",
)
_ENDINGS = (
    "Hoe doen anderen dat?",
    "Ik ben benieuwd naar uw ervaring.",
    "Daar kom ik niet uit.",
    "Het was het waard.",
    "Zo simpel kan het zijn.",
    "Maar dat is mijn ervaring.",
    "Probeer het eens een maand.",
    "En nu aan het werk.",
    "",
)
_REPLIES = (
    "Dat is waar, maar bij een klein team ligt het anders.",
    "Dank u, daar kan ik iets mee.",
    "Hoe groot is uw team, als ik vragen mag?",
    "Wij liepen precies hierop vast.",
    "Dat hangt er maar net van af wie de agenda maakt.",
    "Daar zit wat in.",
    "Nee, dat geloof ik niet: het probleem zit dieper.",
    "Kunt u daar een voorbeeld van geven?",
    "Bij ons heeft dat juist averechts gewerkt.",
    "Mee eens, met één uitzondering.",
    "U slaat de spijker op zijn kop.",
    "Dat klinkt mooier dan het is.",
)


def thread() -> list[CommentData]:
    """The comments, parents before children: many roots, one exchange of two over 30 levels."""
    chance = random.Random(2012)  # noqa: S311 - for variety, not for secrets
    comments: list[CommentData] = []
    levels: list[int] = []

    def add(parent: int | None, name: str, text: str) -> int:
        number = len(comments)
        start = comments[parent].minutes if parent is not None else number * 9
        comments.append(
            CommentData(
                key=f"c{number}",
                parent=None if parent is None else f"c{parent}",
                name=name,
                author=None,
                minutes=start + chance.randint(3, 600),
                text=text,
            )
        )
        levels.append(0 if parent is None else levels[parent] + 1)
        return number

    for _ in range(ROOTS):
        words = (chance.choice(_OPENINGS), chance.choice(_MIDDLES), chance.choice(_ENDINGS))
        add(None, chance.choice(_NAMES), " ".join(words).strip())
    duellists = _NAMES[0], _NAMES[3]
    last = add(3, duellists[0], chance.choice(_MIDDLES))
    for turn in range(DUEL):
        text = f"{chance.choice(_REPLIES)} {chance.choice(_MIDDLES)}"
        last = add(last, duellists[(turn + 1) % 2], text)
    while len(comments) < SIZE:
        parent = chance.randrange(len(comments))
        if levels[parent] > 9:
            continue
        text = chance.choice(_REPLIES)
        if chance.random() < 0.6:
            text += " " + chance.choice(_MIDDLES)
        if chance.random() < 0.1:
            text = f"> {comments[parent].text.splitlines()[0]}\n\n{text}"
        add(parent, chance.choice(_NAMES), text)
    return comments
