"""The demo is sound before anybody sees it: pictures, links, languages, no sentence twice."""

import re
from collections import Counter

import html5lib
import pytest
from django.core.management import CommandError, call_command

from authors.models import Author, User
from blog.content import sanitiser
from blog.models import Article, Image, Series, SiteSettings, Status
from comments.models import Comment, State
from comments.thread import counters
from demo import crowd, loading
from demo.content import AUTHORS, PICTURES, load_articles
from demo.threads import thread_for
from tests.factories import make_article

ARTICLES = load_articles()
IDS = [article.key for article in ARTICLES]


def sentences(html):
    text = "".join(html5lib.parseFragment(html).itertext())
    return [part.strip() for part in re.split(r"(?<=[.?!])\s", text) if part.strip()]


def test_there_is_enough_of_everything():
    published = [article for article in ARTICLES if article.status == "published"]
    assert len(published) >= 12
    assert {"draft", "review", "scheduled"} <= {article.status for article in ARTICLES}
    assert {key for article in published for key in article.authors} == {a.key for a in AUTHORS}
    assert any(author.username is None for author in AUTHORS)
    assert any(not article.comments_open for article in published)
    assert {article.language for article in published} == {"nl", "en"}
    states = {comment.state for article in ARTICLES for comment in thread_for(article.key)}
    assert states == {"approved", "pending", "spam", "deleted", "removed"}


@pytest.mark.parametrize("article", ARTICLES, ids=IDS)
class TestArticles:
    def test_its_pictures_and_links_exist(self, article):
        keys = {picture.key for picture in PICTURES}
        assert article.picture in keys
        assert set(re.findall(r'data-image="([^"]+)"', article.body)) <= keys
        slugs = {other.slug for other in ARTICLES}
        assert set(re.findall(r'href="article:([^"]+)"', article.body)) <= slugs

    def test_the_editor_would_leave_it_as_it_is(self, article):
        numbered = re.sub(r'data-image="[^"]+"', 'data-image="1"', article.body)
        cleaned = sanitiser.clean(numbered)
        assert sentences(cleaned) == sentences(numbered)
        assert cleaned.count("<figure") == numbered.count("<figure")
        assert cleaned.count("<t") == numbered.count("<t")

    def test_its_conversation_is_in_order(self, article):
        seen = set()
        for comment in thread_for(article.key):
            assert comment.parent is None or comment.parent in seen
            assert comment.key not in seen
            seen.add(comment.key)


def test_no_sentence_is_used_twice():
    counted = Counter(
        sentence
        for article in ARTICLES
        for sentence in sentences(article.body)
        if len(sentence.split()) >= 8
    )
    assert [sentence for sentence, times in counted.items() if times > 1] == []


def test_the_crowd_is_always_the_same_and_varied():
    first, second = crowd.thread(), crowd.thread()
    assert first == second
    assert len(first) == crowd.SIZE
    depths = {}
    for comment in first:
        depths[comment.key] = depths.get(comment.parent, -1) + 1
    assert max(depths.values()) >= 20
    assert len({comment.text for comment in first}) > len(first) / 2


@pytest.mark.slow
@pytest.mark.django_db
def test_the_whole_demo_loads_once(media_root, settings):
    loading.load("geheim-woord")
    assert Article.objects.count() == len(ARTICLES)
    assert Article.objects.filter(status=Status.SCHEDULED).get().published_at is not None
    assert Author.objects.count() == len(AUTHORS)
    assert Article.objects.get(status=Status.REVIEW).steps.get().note
    assert Series.objects.get().articles.count() == 3
    site = SiteSettings.objects.get()
    assert site.featured is not None
    assert all(site.links[name] for name in ("header", "about", "privacy", "rules"))
    assert Image.objects.count() == len(PICTURES)
    assert not Image.objects.filter(alt="").exists()
    assert not Article.objects.filter(body_html__contains="article:").exists()
    assert Comment.objects.filter(state=State.PENDING).exists()
    for shown in (
        {"featured_at__isnull": False},
        {"credited_at__isnull": False},
        {"edited_at__isnull": False},
        {"quote_gone_at__isnull": False},
        {"reaction_count__gt": 10},
        {"reworded_at__isnull": False},
        {"by_moderator": True, "by_article_author": False},
        {"state": State.REJECTED, "appeal__isnull": False},
        {"depth__gt": 12},
        {"state": State.DELETED, "shown": True},
        {"state": State.REMOVED, "shown": True},
        {"article__language": "nl", "language": "en"},
    ):
        assert Comment.objects.filter(**shown).exists(), shown
    assert counters.recount() == 0
    assert all(user.check_password("geheim-woord") for user in User.objects.all())
    with pytest.raises(loading.NotEmpty):
        loading.load("geheim-woord")


@pytest.mark.django_db
def test_a_site_with_content_is_left_alone():
    make_article("Van onszelf")
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert Article.objects.count() == 1
    call_command("load_demo", "--if-empty")
    assert Article.objects.count() == 1
