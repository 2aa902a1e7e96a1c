"""Texts carry their own language and direction; an English article is English around its text."""

import re
from xml.etree import ElementTree as ET

import html5lib
import pytest
from django.urls import reverse

from blog.models import Article, Hold, SiteSettings
from comments import tokens
from comments.models import Comment
from comments.moderation.rewording import comment_reword
from tests.comments.notifications.telling import post
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
DUTCH = "Ik denk dat het niet zo is, en dat we het anders moeten doen."
ENGLISH = "I do not think that this is what they would want to hear from you."


def parsed(response):
    assert response.status_code == 200
    return html5lib.parse(response.text, namespaceHTMLElements=False)


def marked(root, words):
    """(lang, dir) around `words`, each of the nearest element that says so."""
    above = {child: parent for parent in root.iter() for child in parent}
    for element in root.find("body").iter():
        if element.tag != "script" and words in "".join(
            filter(None, (element.text, *(child.tail for child in element)))
        ):
            found = []
            for name in ("lang", "dir"):
                node = element
                while node is not None and node.get(name) is None:
                    node = above.get(node)
                found.append(None if node is None else node.get(name))
            return tuple(found)
    raise AssertionError(words)


def settings_row(**fields):
    return SiteSettings.objects.update_or_create(pk=1, defaults={"hold": Hold.NOBODY, **fields})


def test_a_comment_is_in_the_language_it_is_written_in():
    article = make_article()
    assert [post(article, text, who).language for text, who in (
        (DUTCH, "Anna"), (ENGLISH, "Bo"), ("Great!", "Cas"), (f"> {DUTCH}\n\n{ENGLISH}", "Dee"),
    )] == ["nl", "en", "nl", "en"]  # fmt: skip
    comment = Comment.objects.get(name="Anna")
    comment_reword(comment=comment, source=ENGLISH, actor=make_user())
    comment.refresh_from_db()
    assert comment.language == "en"


def test_every_text_says_its_language_and_direction(client):
    settings_row(
        tagline="Over werk, en over de mensen die het doen",
        invitation="Hoe gaat dat bij u op het werk?",
        footer_text="This is what we have to say about the rest.",
    )
    author = make_author(bio="Zij schrijft over het werk, en over wat er niet gaat zoals het moet.")
    texts = {
        "nl": ("Hoe gaat dat bij u op het werk?", DUTCH, ENGLISH),
        "en": ("What are your thoughts on this subject?", DUTCH, ENGLISH),
    }
    for language, (invitation, *said) in texts.items():
        article = make_article(language=language, authors=[author])
        for text, who in zip(said, "AB", strict=True):
            post(article, text, who)
        root = parsed(client.get(article.get_absolute_url()))
        assert root.get("lang") == language
        assert marked(root, invitation) == (language, "auto")
        assert marked(root, "Over werk, en over") == ("nl", "auto")
        assert marked(root, "This is what we") == ("en", "auto")
        assert marked(root, "Zij schrijft") == ("nl", "auto")
        assert marked(root, DUTCH) == ("nl", "auto")
        assert marked(root, ENGLISH) == ("en", "auto")
    root = parsed(client.get(author.get_absolute_url()))
    assert marked(root, "Zij schrijft") == ("nl", "auto")


def test_the_second_language_has_an_invitation_of_its_own(client):
    settings_row(
        invitation="Hoe gaat dat bij u op het werk?",
        invitation_translated="How do you go about this at work?",
    )
    for language, invitation in (
        ("nl", "Hoe gaat dat bij u op het werk?"),
        ("en", "How do you go about this at work?"),
    ):
        article = make_article(language=language)
        root = parsed(client.get(article.get_absolute_url()))
        assert marked(root, invitation) == (language, "auto")


def test_around_an_english_article_all_pages_and_its_feed_are_english(client):
    settings_row(invitation="Hoe gaat dat bij u op het werk?")
    article = make_article("A title", language="en")
    comment = post(article, ENGLISH, "Anna")
    post(article, DUTCH, "Bo", comment)
    page, own = comment.get_absolute_url(), tokens.make(tokens.Purpose.OWN, comment.pk)
    paths = [
        article.get_absolute_url(),
        page,
        comment.reply_url,
        *(f"{page}{name}/" for name in ("report", "value")),
        *(f"{page}{name}/?own={own}" for name in ("edit", "delete")),
    ]
    dutch = re.compile(r"\b(reacties?|beantwoorden?|melden|gesprek|naam|bekijken|uw)\b", re.I)
    for path in paths:
        root = parsed(client.get(path))
        assert root.get("lang") == "en", path
        main = root.find(".//main")
        assert not dutch.search(" ".join(main.itertext())), path
    reply = client.post(
        f"{article.get_absolute_url()}reply/", {"text": DUTCH, "name": "Cas", "preview": "1"}
    )
    assert marked(parsed(reply), DUTCH) == ("nl", "auto")
    feed = ET.fromstring(client.get(f"{article.get_absolute_url()}feed/").content)
    assert feed.findtext("channel/language") == "en"
    assert feed.findtext("channel/title") == "Comments on A title"
    assert {item.findtext("title")[-12:] for item in feed.iter("item")} == {" on “A title”"[-12:]}


def test_what_is_typed_runs_in_its_own_direction(client):
    article = make_article()
    comment = post(article)
    page = comment.get_absolute_url()
    for path in (
        article.get_absolute_url(),
        comment.reply_url,
        f"{page}report/",
        reverse("blog:search"),
    ):
        root = parsed(client.get(path))
        for field in (*root.iter("textarea"), *root.iter("input")):
            if (
                field.get("type", "text") in ("text", "search")
                and field.get("name") != "contact_by_fax"
            ):
                assert field.get("dir") in ("auto", "ltr"), (path, field.attrib)
            if field.tag == "textarea":
                assert field.get("dir") == "auto", path


@pytest.mark.parametrize(("language", "number"), [("nl", "3.229"), ("en", "3,229")])
def test_numbers_are_written_as_the_language_does(client, language, number):
    article = make_article(language=language)
    comment = post(article)
    Article.objects.filter(pk=article.pk).update(comment_count=3229)
    Comment.objects.filter(pk=comment.pk).update(reaction_count=3229, fragment_release="")
    root = parsed(client.get(article.get_absolute_url()))
    assert number in root.find(".//h2[@id='comments-title']").text
    counts = [node.text.strip() for node in root.iter("span") if node.get("class") == "count"]
    assert number in counts
