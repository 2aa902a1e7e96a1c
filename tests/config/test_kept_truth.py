"""A kept page is what it would be if it were made anew, whatever happened on the site."""

import contextlib
import datetime
import random
import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from authors.models import Author
from authors.services import author_save
from blog.models import Article, MenuItem, Page, Redirect, Series, Status, Tag
from blog.publishing.articles import article_publish_due, article_save
from blog.publishing.pages import page_save
from blog.publishing.pictures import image_update
from blog.publishing.shared_conversation import article_translates
from blog.publishing.subjects import series_save, tag_merge, tag_save
from blog.publishing.trash import article_put_back, article_trash
from blog.site.menus import menu_links_renew
from blog.site.settings import site_settings, site_settings_save
from comments.commenters.own_comments import comment_edit, commenter_erase
from comments.models import Comment, State
from comments.moderation import marks, states
from comments.thread.reactions import reaction_set
from comments.thread.refusals import Refused, StateConflict
from config.kept_pages import memory
from tests.config.kept_site import addresses, make_site, say
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SEEN = ("Content-Type", "Cache-Control", "ETag", "Content-Security-Policy", "Surrogate-Key", "Link")


def seen(response):
    headers = {name: response.get(name) for name in SEEN if response.status_code == 200}
    # What stands beside the page for who looks for another.
    body = re.sub(rb"<(lastBuildDate|updated)>.*?</\1>", b"", response.content)
    return response.status_code, response.get("Location"), headers, body


def compare(client, urls):
    """Pages as they are kept, some since several changes ago, beside the same made anew."""
    kept = [seen(client.get(url)) for url in urls]
    cache.clear()
    for url, page in zip(urls, kept, strict=True):
        assert page == seen(client.get(url, HTTP_AUTHORIZATION="none of us")), url


class Changes:
    """What can happen on a site, each with something drawn at random."""

    def __init__(self, drawn, time):
        self.drawn, self.time = drawn, time
        self.owner = make_user(role="Owner")

    def one(self, rows):
        found = list(rows.order_by("pk"))
        return self.drawn.choice(found) if found else None

    def article(self):
        return self.one(Article.objects.published())

    def comment(self):
        return self.one(Comment.objects.filter(state=State.APPROVED))

    def save(self, article, **changes):
        for name, value in changes.items():
            setattr(article, name, value)
        article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)

    def say(self):
        article = self.article()
        say(article, f"Nog iets {self.drawn.random()}.", name=f"Lezer{self.drawn.randrange(9)}")

    def answer(self):
        parent = self.comment()
        say(parent.article, f"Daarop {self.drawn.random()}.", parent=parent)

    def edit(self):
        source = f"Anders {self.drawn.random()}."
        comment_edit(comment=self.comment(), source=source, site=site_settings())

    def feature(self):
        on = self.drawn.random() < 0.7
        marks.comment_feature(comment=self.comment(), actor=self.owner, featured=on)

    def credit(self):
        marks.comment_credit(comment=self.comment(), actor=self.owner, credited=True)

    def value(self):
        reader = str(self.drawn.random())
        reaction_set(comment=self.comment(), reader=reader, client=None, valued=True)

    def remove(self):
        states.comment_remove(comment=self.comment(), actor=self.owner, reason="Nee.")

    def approve_again(self):
        comment = self.one(Comment.objects.filter(state=State.REMOVED))
        if comment:
            states.comment_approve(comment=comment, actor=self.owner)

    def erase(self):
        comment = self.one(Comment.objects.filter(commenter__isnull=False).exclude(source=""))
        if comment and comment.commenter:
            commenter_erase(commenter=comment.commenter)

    def rename_author(self):
        author = self.one(Author.objects)
        author.name, author.bio = f"Naam {self.drawn.random()}", "Anders."
        author_save(author=author)

    def retitle(self):
        self.save(self.article(), title=f"Titel {self.drawn.random()}")

    def move(self):
        self.save(self.article(), slug=f"adres-{self.drawn.randrange(10**9)}")

    def withdraw(self):
        self.save(self.article(), status=Status.DRAFT)

    def publish(self):
        article = self.one(Article.objects.filter(status=Status.DRAFT))
        if article:
            self.save(article, status=Status.PUBLISHED)

    def close(self):
        self.save(self.article(), comment_policy=self.drawn.choice(["open", "closed", "hidden"]))

    def close_by_age(self):
        self.save(self.article(), close_after_days=self.drawn.randrange(1, 7))

    def settings(self):
        site = site_settings()
        site.title, site.close_after_days = f"Blad {self.drawn.random()}", 3
        site.featured = self.article()
        site_settings_save(site=site)

    def trash(self):
        article_trash(article=self.article(), editor=self.owner)

    def put_back(self):
        article = self.one(Article.objects.filter(trashed_at__isnull=False))
        if article:
            article_put_back(article=article)

    def retag(self):
        tag = self.one(Tag.objects)
        tag.name, tag.description = f"Onderwerp {self.drawn.random()}", "Waarover."
        tag_save(tag=tag)

    def merge(self):
        found = list(Tag.objects.all())
        if len(found) > 1:
            tag_merge(kept=found[0], gone=found[1])

    def series(self):
        series = Series.objects.get()
        series.title = f"Reeks {self.drawn.random()}"
        series_save(series=series)

    def page(self):
        page = self.one(Page.objects)
        page.title = f"Bladzijde {self.drawn.random()}"
        page_save(page=page, editor=None)

    def menu(self):
        MenuItem.objects.create(label=f"L{self.drawn.randrange(99)}", url="/over/", site_id=1)
        menu_links_renew()

    def picture(self):
        article = self.one(Article.objects.filter(picture__isnull=False))
        article.picture.alt = f"Beeld {self.drawn.random()}"
        image_update(image=article.picture)

    def translate(self):
        english = Article.objects.filter(language="en").first()
        other = self.one(Article.objects.filter(language="nl", trashed_at=None))
        if english and english.trashed_at is None:
            original = other if self.drawn.random() < 0.7 else None
            article_translates(article=english, original=original)

    def redirect(self):
        number = self.drawn.randrange(10**9)
        Redirect.objects.create(old_path=f"/oud/{number}/", target="/")

    def by_hand(self):
        """Past every service."""
        Article.objects.filter(pk=self.article().pk).update(lead=f"Zo {self.drawn.random()}")

    def authors_by_hand(self):
        Author.objects.update(role=f"Rol {self.drawn.random()}")

    def time_passes(self):
        self.time.shift(datetime.timedelta(hours=self.drawn.choice([4, 30])))

    def turn_over(self):
        article_publish_due()


CHANGES = [name for name in vars(Changes) if not name.startswith("_")]
CHANGES = [name for name in CHANGES if name not in ("one", "article", "comment", "save")]


def test_a_kept_page_is_what_it_would_be_anew(client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    make_site()
    drawn = random.Random(1)
    changes = Changes(drawn, time_machine)
    order = ["say", "time_passes", *drawn.sample(CHANGES, len(CHANGES))]
    for url in addresses():
        client.get(url)
        if "?" in url:  # Such a one is kept when it is asked for again.
            client.get(url)
    assert len(memory) > 50
    for name in order:
        # No site runs out of articles.
        if Article.objects.published().count() > 2 or name in ("publish", "put_back"):
            with contextlib.suppress(Refused, StateConflict):
                getattr(changes, name)()
        # Some are kept from one change to the next, others since long ago.
        author, article = Author.objects.first(), Article.objects.published().last()
        always = ["/", "/comments/feed/", author.get_absolute_url(), article.get_absolute_url()]
        try:
            compare(client, [*always, *drawn.sample(addresses(), 2)])
        except AssertionError as error:
            raise AssertionError(f"after {name}") from error
