"""Which comments a page of a conversation holds, and where it tells what is left of a branch."""

import re

import lxml.html
import pytest

from blog.models import Article
from comments.thread import selectors
from comments.thread.selectors import Sort
from tests.comments.thread.test_selectors import article, grow, say

__all__ = ["article"]  # The fixture.
pytestmark = pytest.mark.django_db


def test_a_page_says_which_comments_it_holds_and_what_is_left_stands_at_its_root(
    article, client, monkeypatch
):
    monkeypatch.setattr(selectors, "PAGE", 4)
    monkeypatch.setattr(selectors, "REPLIES", 2)
    root, *_others = grow(article, 3, replies=2)
    inner = say(article, "Dieper.", say(article, "Diep.", root, name="Cor"), name="Dirk")
    assert Article.objects.get().comment_count == 11
    page, places = selectors.page(article), []
    while True:
        places.append((page.first, page.last))
        if page.later is None:
            break
        page = selectors.page(article, start=page.later)
    assert places == [(1, 4), (5, 8), (9, 11)]
    back = selectors.page(article, end=page.earlier)
    assert (back.first, back.last) == (5, 8)
    assert selectors.page(article, sort=Sort.NEWEST).first == 0
    monkeypatch.setattr(selectors, "_COUNTED", 10)
    article.refresh_from_db()
    assert selectors.page(article, start=back.later).first == 0
    here = article.get_absolute_url()
    lines = [
        [" ".join(line.text_content().split()) for line in nav.xpath("./p")]
        for nav in lxml.html.fromstring(client.get(here).text).find_class("thread-pages")
    ]
    assert [bool(re.fullmatch(r"1–4 \w+ 11", line)) for (line,) in lines] == [True, True]
    # Two replies of the root and what is below them are left: that is told at the root itself.
    tree = lxml.html.fromstring(client.get(f"{here}?sort=newest").text)
    (line,) = tree.find_class("more")
    assert line.getparent().xpath("./article/@id") == [f"comment-{root.pk}"]
    assert line.getprevious().get("class") == "replies"
    assert f"comment-{inner.pk}" not in tree.xpath("//article/@id")
    assert line.text_content() == "nog 2 antwoorden"
