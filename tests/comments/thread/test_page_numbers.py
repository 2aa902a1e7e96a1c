"""Which comments a page of a conversation holds, and where it tells what is left of a branch."""

import lxml.html
import pytest

from comments.models import Comment
from comments.thread import counters, places, selectors
from tests.comments.thread.test_selectors import article, grow, say

__all__ = ["article"]  # The fixture.
pytestmark = pytest.mark.django_db


def numbers(page):
    """What the pages of a conversation, or of a branch, say of themselves."""
    found = [
        " ".join(line.text_content().split())
        for nav in page.find_class("thread-pages")
        for line in nav.xpath("./p")
    ]
    assert found[: len(found) // 2] == found[len(found) // 2 :] or len(found) == 1
    return found[-1] if found else ""


def walked(client, url):
    """The numbers of every page from `url` on, and back again by the links of the pages."""
    there, back = [], []
    for way, said in (("next", there), ("prev", back)):
        while True:
            page = lxml.html.fromstring(client.get(url).text)
            said.append(numbers(page))
            links = page.xpath(f'//nav[@class="thread-pages"]/a[@rel="{way}"]/@href')
            if not links:
                break
            url = links[0].partition("#")[0]
    return there, back


def test_pages_say_which_comments_they_hold_in_every_order_and_in_a_branch(
    article, client, monkeypatch
):
    monkeypatch.setattr(selectors, "PAGE", 4)
    monkeypatch.setattr(selectors, "ROOTS", 1)
    monkeypatch.setattr(selectors, "REPLIES", 1)
    root, *_others = grow(article, 3, replies=2)
    say(article, "Dieper.", say(article, "Diep.", root, name="Cor"), name="Dirk")
    gone = say(article, "Weg.", root)
    Comment.objects.filter(pk=gone.pk).update(state="removed")
    counters.recount()
    here = article.get_absolute_url()
    for order, expected in {
        "": ["1–4 van 11", "5–7 van 11", "8–11 van 11"],
        "newest": ["1–3 van 11", "4–6 van 11", "7–11 van 11"],
        "discussed": ["1–5 van 11", "6–8 van 11", "9–11 van 11"],
        "valued": ["1–3 van 11", "4–6 van 11", "7–11 van 11"],
    }.items():
        there, back = walked(client, f"{here}?sort={order}")
        assert there == expected, order
        assert back == expected[::-1], order
    assert walked(client, root.get_absolute_url()) == (
        ["1–4 van 5", "5–5 van 5"],
        ["5–5 van 5", "1–4 van 5"],
    )
    # What no link said, and what cannot be, is not said.
    middle = selectors.page(article).later
    for said in ("", "&n=9", "&n=x", f"&n={'9' * 30}"):
        page = client.get(f"{here}?after={middle}{said}")
        assert numbers(lxml.html.fromstring(page.text)) == "", said


def test_links_to_other_pages_are_named_by_the_order(article, client, monkeypatch):
    monkeypatch.setattr(selectors, "PAGE", 1)
    monkeypatch.setattr(selectors, "ROOTS", 1)
    monkeypatch.setattr(places, "ROOTS", 1)
    _first, middle, _last = grow(article, 3)
    names = {
        "": ["Oudere reacties", "Nieuwere reacties"],
        "newest": ["Nieuwere reacties", "Oudere reacties"],
        "discussed": ["Meer besproken reacties", "Minder besproken reacties"],
        "valued": ["Waardevollere reacties", "Minder waardevolle reacties"],
    }
    for order, expected in names.items():
        page = client.get(f"{article.get_absolute_url()}?sort={order}&at={middle.pk}")
        links = lxml.html.fromstring(page.text).xpath('//nav[@class="thread-pages"][1]/a')
        assert [link.text_content().strip() for link in links] == expected


def test_what_is_left_of_a_branch_stands_at_its_root(article, client, monkeypatch):
    monkeypatch.setattr(selectors, "REPLIES", 2)
    root, *_others = grow(article, 3, replies=2)
    inner = say(article, "Dieper.", say(article, "Diep.", root, name="Cor"), name="Dirk")
    tree = lxml.html.fromstring(client.get(f"{article.get_absolute_url()}?sort=newest").text)
    (line,) = tree.find_class("more")
    assert line.getparent().xpath("./article/@id") == [f"comment-{root.pk}"]
    assert line.getprevious().get("class") == "replies"
    assert f"comment-{inner.pk}" not in tree.xpath("//article/@id")
    assert line.text_content() == "nog 2 antwoorden"


def test_a_page_opened_at_a_comment_says_which_it_holds(article, client, monkeypatch):
    root, *_others = grow(article, 6, replies=2)
    say(article, "Dieper.", say(article, "Diep.", root, name="Cor"), name="Dirk")
    gone = say(article, "Weg.", root)
    say(article, "Maar bewaard.", gone)
    Comment.objects.filter(pk=gone.pk).update(state="removed")
    counters.recount()
    monkeypatch.setattr(selectors, "REPLIES", 20)
    approved = Comment.objects.filter(state="approved")
    article.refresh_from_db()
    for sort in selectors.Sort:
        whole = [row.pk for row in selectors.page(article, sort=sort).rows]
        whole = [pk for pk in whole if approved.filter(pk=pk).exists()]
        with monkeypatch.context() as small:
            small.setattr(selectors, "PAGE", 4)
            small.setattr(selectors, "ROOTS", 2)
            small.setattr(places, "ROOTS", 2)
            for number in whole:
                url = f"{article.get_absolute_url()}?sort={sort.value}&at={number}"
                page = lxml.html.fromstring(client.get(url).text)
                shown = [
                    pk
                    for mark in page.xpath('//article[starts-with(@id, "comment-")]/@id')
                    if (pk := int(mark.removeprefix("comment-"))) in whole
                ]
                first = whole.index(shown[0]) + 1
                assert numbers(page) == f"{first}–{first + len(shown) - 1} van {len(whole)}", url
    # Further on, counting would cost more than the number is worth.
    monkeypatch.setattr(places, "COUNTED", 1)
    monkeypatch.setattr(selectors, "PAGE", 2)
    page = client.get(f"{article.get_absolute_url()}?at={whole[len(whole) // 2]}")
    assert numbers(lxml.html.fromstring(page.text)) == ""
