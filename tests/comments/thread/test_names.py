"""Names are one tidy line, look-alikes are found, honest names stay apart."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.thread.looks import skeleton
from comments.thread.names import (
    MAX_NAME,
    MAX_WEBSITE,
    NameRefused,
    WebsiteRefused,
    clean_name,
    clean_website,
)

DUTCH = re.findall(
    r"\S+",
    """
Aafke Aart Abel Ad Adriaan Agnes Albert Alex Ali Amber Amira Andrea André Anita Anja Ank Anke
Anna Anne Annelies Annemarie Annemiek Anneke Annet Anouk Antoon Ans Anton Arend Arie Arjan Arjen
Arnold Arno Astrid Aukje Bart Bas Bastiaan Bauke Beatrix Ben Benno Bernard Berend Bert Betty
Bianca Bob Boris Boudewijn Bram Brigitte Britt Bouke Carla Carlo Carolien Caroline Casper Cees
Charlotte Chris Christa Christiaan Claudia Clara Coen Cor Corine Corrie Daan Dagmar Danny Daphne
David Debora Dennis Desiree Diana Dick Diederik Dirk Door Dorien Douwe Ed Edith Eefje Eelco Egbert
Elena Eline Elisa Elise Elke Ella Ellen Els Elsbeth Elly Emiel Emma Erik Erica Erna Ernst Esmee
Esther Eva Evelien Evert Ewout Fatima Femke Fenna Ferdinand Fien Fleur Floor Floris Francien Frank
Fred Frederik Frits Geert Gerard Gerda Gerrit Gert Gijs Gilles Govert Greet Guus Hanna Hanneke Hans
Harm Harry Heleen Hendrik Henk Henny Herman Hilde Hugo Ida Ien Ilja Ilona Ilse Imke Ina Ineke Inge
Ingrid Irene Iris Irma Isa Isabel Ivo Jaap Jacco Jack Jacob Jan Janine Janneke Jannie Jasper Jeanine
Jelle Jenny Jeroen Jesse Jet Jim Joep Johan Johannes Joke Jolanda Joost Joris Josephine Jos Joyce
Judith Julia Jurgen Kaj Karel Karin Karlijn Kasper Kees Kim Klaas Klara Koen Koos Lara Lars Laura
Lena Leo Lia Lian Lidy Lien Lies Liesbeth Lieke Lina Linda Linde Lisa Lise Loes Lonneke Lotte Louis
Lucas Luuk Maaike Maarten Maartje Maud Manon Marcel Marco Margriet Maria Marian Marieke Marijke
Marijn Marina Mark Marleen Marlies Marloes Martijn Martin Mats Matthijs Max Meike Menno Merel Mia
Michel Michiel Mieke Mien Mila Milan Mirjam Mohammed Monique Nadia Naomi Nel Nell Neil Nicole Niek
Niels Nienke Nina Noor Olaf Olga Onno Otto Pascal Patrick Paul Paula Peter Petra Pien Pier Pieter
Pim Quinten Ralph Reinier Remco René Renate Renske Rianne Richard Rick Rik Rob Robert Roel Roos
Ronald Ruben Rudi Ruud Saar Saskia Sander Sandra Sanne Sara Selma Siebe Sietske Simon Sjoerd Sjors
Sofie Stef Stefan Stijn Suzanne Sven Sylvia Tamara Teun Thea Theo Thijs Thomas Tiago Tim Timo Tine
Tineke Tom Ton Truus Tjeerd Ursula Vera Victor Vincent Wanda Ward Wendy Wiebe Wilbert Wilma Willem
Willemien Wim Wouter Xander Yara Yvonne Youssef Zita Zoë
""",
)


def test_common_names_do_not_collide() -> None:
    looks = defaultdict(list)
    for name in DUTCH:
        looks[skeleton(name)].append(name)
    assert [names for names in looks.values() if len(names) > 1] == []


@pytest.mark.parametrize("name", DUTCH)
def test_case_and_spaces_do_not_count(name: str) -> None:
    full = f"{name} van den Berg"
    for variant in (full.upper(), full.lower(), full.replace(" ", ""), f"  {full}. "):
        assert skeleton(variant) == skeleton(full)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Jan Jansen", "Jan  Jansen"),
        ("Jan Jansen", "Jan-Jansen!"),
        ("Jan Jansen", "Jan\u200bJansen"),
        ("Jan Jansen", "Jan\u3164Jansen"),
        ("Jan Jansen", "Jan Jansen ✓"),
        ("Jan Jansen", "Jan Jansen ✔\ufe0f"),
        ("Jan Jansen", "Jän Jànşen"),
        ("Jan Jansen", "Ｊａｎ Ｊａｎｓｅｎ"),
        ("Jan Jansen", "𝐉𝐚𝐧 𝒥𝒶𝓃𝓈𝑒𝓃"),
        ("Jan Jansen", "ᴊᴀɴ ᴊᴀɴꜱᴇɴ"),
        ("Jan Jansen", "Ⓙⓐⓝ Jansen"),
        ("Marco Derksen", "Маrсо Dеrksеn"),
        ("Marco Derksen", "Μarcο Derksen"),
        ("Marco Derksen", "M@rc0 Derk$en"),
        ("Hans Kok", "Ηаns Кοk"),
        ("Irene", "lrene"),
        ("Irene", "1rene"),
        ("Irene", "|rene"),
        ("Nel", "NeI"),
        ("Nel", "Ne1"),
        ("IRIS", "lRlS"),
        ("Bernard", "Bemard"),
        ("Wouter", "VVouter"),
        ("Søren Æbel", "Soren Aebel"),
        ("Łukasz", "Lukasz"),
        ("McIntyre", "mcintyre"),
        ("МакЅим", "MakSим"),
    ],
)
def test_look_alikes(name: str, other: str) -> None:
    assert skeleton(name) == skeleton(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Ilse de Vries", "Lise de Vries"),
        ("Meijer", "Meyer"),
        ("Jan 1", "Jan 2"),
        ("राम", "रमा"),
        ("حسن", "حسين"),
        ("Иван", "Игорь"),
        ("🙂", "😀"),
        ("李伟", "李娜"),
    ],
)
def test_different_names_stay_different(name: str, other: str) -> None:
    assert skeleton(name) != skeleton(other)


@given(st.text(st.characters()))
def test_any_text_has_a_skeleton_that_is_seldom_empty(text: str) -> None:
    assert skeleton(text) or not text.strip()


# Names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Jan\t de \n Boer ", "Jan de Boer"),
        ("Jan\0\u202e\u2067\x1b", "Jan"),
        ("J\u200ban\xad \u3164Boer", "Jan Boer"),
        ("a" + "\u0301" * 30, "á" + "\u0301" * 3),
        ("Zoe\u0308", "Zoë"),
        ("O’Hara-d'Ivoire <b>", "O’Hara-d'Ivoire <b>"),
        ("محمد\u200cرضا", "محمد\u200cرضا"),
        ("👩‍🚀", "👩‍🚀"),
        ("x" * MAX_NAME, "x" * MAX_NAME),
    ],
)
def test_names_are_cleaned(typed: str, name: str) -> None:
    assert clean_name(typed) == name


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "\u3164\u2800", "...", "\u0301", "\ufe0f"])
def test_a_name_that_cannot_be_read_is_refused(typed: str) -> None:
    with pytest.raises(NameRefused) as refused:
        clean_name(typed)
    assert refused.value.code == "required"


def test_a_long_name_is_refused() -> None:
    with pytest.raises(NameRefused) as refused:
        clean_name("x" * (MAX_NAME + 1))
    assert refused.value.code == "too_long"
    assert refused.value.params == {"limit": MAX_NAME}


@given(st.text(st.characters()))
def test_cleaning_a_name_twice_changes_nothing(text: str) -> None:
    try:
        name = clean_name(text)
    except NameRefused:
        return
    assert clean_name(name) == name
    assert "\n" not in name
    assert len(name) <= MAX_NAME


# Websites ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "website"),
    [
        ("", ""),
        ("  ", ""),
        (" example.org ", "https://example.org"),
        ("//example.org", "https://example.org"),
        ("HTTP://Example.ORG:80/", "http://example.org"),
        ("https://example.org:443/Pad/", "https://example.org/Pad/"),
        ("example.org:8080/a", "https://example.org:8080/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://bücher.example/é?q=ü#ß", "https://xn--bcher-kva.example/%C3%A9?q=%C3%BC#%C3%9F"),
        ("https://例え。テスト", "https://xn--r8jz45g.xn--zckzah"),
        ("https://example.org/a'b", "https://example.org/a%27b"),
        ("https://example.org/%20", "https://example.org/%20"),
    ],
)
def test_websites(typed: str, website: str) -> None:
    assert clean_website(typed) == website


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x.org",
        "mailto:a@example.org",
        "ftp://example.org",
        "a@example.org",
        "https://good.example@evil.example",
        "https://user:secret@example.org",
        "https://example.org\\@evil.example",
        'https://example.org/"onclick=alert(1)',
        "https://example.org/<script>",
        "https://example.org/a b",
        "https://example.org/\x00",
        "https://exam\nple.org",
        "https://exam\u200bple.org",
        "https://example.org/\u202egpj",
        "https://",
        "https:///x",
        "https://localhost/",
        "https://bücher/",
        "https://127.0.0.1/",
        "https://2130706433.1/",
        "https://[::1]/",
        "https://[::1",
        "https://example..org",
        "https://-example.org",
        "https://example.org:99999",
        "https://example.org:x",
        "https://" + "a" * 64 + ".org",
        "https:example.org",
        "geen website",
    ],
)
def test_what_is_no_website_is_refused(typed: str) -> None:
    with pytest.raises(WebsiteRefused) as refused:
        clean_website(typed)
    assert refused.value.code == "invalid"


@pytest.mark.parametrize("path", ["a" * MAX_WEBSITE, "é" * 60])
def test_a_long_website_is_refused(path: str) -> None:
    with pytest.raises(WebsiteRefused) as refused:
        clean_website(f"https://example.org/{path}")
    assert refused.value.code == "too_long"


PIECES = ["https://", "http://", "//", "example.org", "a.", "é", "/", "?", "#", "@", ":", "80", "%",
          "[", "]", "'", '"', ".", "xn--", "\u3002", "ß", "\u200d", "1"]  # fmt: skip


@given(st.text(st.characters(), max_size=40) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_a_website_or_refused(typed: str) -> None:
    try:
        website = clean_website(typed)
    except WebsiteRefused:
        return
    assert clean_website(website) == website
    assert website == "" or website.startswith(("https://", "http://"))
    assert website.isascii()
    assert not set(website) & set("\"'<>\\ \n@") or "@" in website.split("/", 3)[3]
