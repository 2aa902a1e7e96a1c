"""The links of a text and the passage each stands in."""

from hypothesis import given
from hypothesis import strategies as st

from blog.content.outgoing import LONGEST_PASSAGE, MOST_LINKS, links_in


def test_each_address_once_with_the_words_around_it():
    long = "woord " * 40
    found = links_in(
        f'<p>{long}<a href="https://a.example/">hier</a> {long}</p>'
        '<ul><li>Eerst <a href="article:12#deel">dit</a>.</li></ul>'
        '<figure data-card><a href="https://b.example/?x=1&amp;y=2">Een kaart</a></figure>'
        '<p>Tekst<sup data-note>Een noot met <a href="/over/">een link</a>.</sup></p>'
        '<p><a href="https://a.example/">Nog eens</a> <a name="x">niets</a></p>'
    )
    assert [one.href for one in found] == [
        "https://a.example/", "article:12#deel", "https://b.example/?x=1&y=2", "/over/",
    ]  # fmt: skip
    assert found[0].passage.startswith("…")
    assert found[0].passage.endswith("…")
    assert " hier woord" in found[0].passage
    assert [one.passage for one in found[1:3]] == ["Eerst dit.", "Een kaart"]
    assert "Een noot met een link." in found[3].passage


def test_many_links_and_long_words_of_one_are_bounded():
    links = "".join(f'<p><a href="https://a.example/{n}">{"x" * 999}</a></p>' for n in range(999))
    found = links_in(links)
    assert len(found) == MOST_LINKS
    assert max(len(one.passage) for one in found) == LONGEST_PASSAGE


@given(st.text(alphabet='<>a/"= hrefp', max_size=200))
def test_any_text_is_read(text):
    assert all(one.href and len(one.passage) <= LONGEST_PASSAGE for one in links_in(text))
