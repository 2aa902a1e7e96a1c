"""A small site in which every table that an archive holds has rows, and odd values in them."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import Group
from django.utils import timezone

from authors.models import Author, ProfileLink
from authors.roles import Role
from authors.services import author_save
from blog.discovery import dead_links
from blog.models import Article, MenuItem, Page, Reads, Redirect, RetiredPicture, Series, Status
from blog.publishing.articles import article_save
from blog.publishing.pages import page_save
from blog.publishing.pictures import image_add
from blog.site.menus import menu_links_renew
from blog.site.settings import site_settings, site_settings_save
from comments.models import (
    Appeal,
    Ban,
    Comment,
    Commenter,
    Edit,
    FilterWord,
    HeldMail,
    Lesson,
    ModerationEvent,
    Reaction,
    ReadyReason,
    Report,
    Rule,
    State,
    Subscription,
    Visits,
)
from comments.posting.by_import import ImportedComment, thread_import
from comments.thread import markup
from comments.thread.counters import recount
from interchange.models import Imported
from newsletter.models import Edition, EditionArticle, Ended, Issue
from newsletter.models import Subscription as Newsletter
from tests.factories import make_tag, make_upload, make_user

ODD = "Zij zei: “ja” & <nee> ]]> \\ \U0001f6b2 café é"


def fill_site() -> Article:
    """Fill the empty database; gives the article with the conversation."""
    for role in Role.values:  # A flushed database has lost what migrations made.
        Group.objects.get_or_create(name=role)
    site = site_settings()
    site.title, site.tagline, site.invitation = "Weer & Woord", ODD, "Wat vindt u?"
    site_settings_save(site=site)
    chief = make_user("chef", role=[Role.OWNER, Role.EDITOR], email="chef@blog.example")
    anna_user = make_user("anna", role=Role.AUTHOR, email="anna@blog.example", language="en")
    anna = author_save(
        author=Author(name="Anna de Wit", slug="anna", user=anna_user, bio=ODD,
                      website="https://anna.example/over"),
        photo=make_upload(size=(200, 200), colour="#2a2"),
    )  # fmt: skip
    bram = author_save(author=Author(name="Bram", slug="bram", bio="Gast."))
    ProfileLink.objects.create(author=anna, label="Mastodon", url="https://m.example/@anna")
    image = image_add(upload=make_upload(), alt="Een rood vlak", caption=ODD, user=chief)
    RetiredPicture.objects.create(digest="ab" * 32, image=image)
    RetiredPicture.objects.create(digest="cd" * 32, withdrawn_at=timezone.now(), withdrawn_by=chief)
    tags = [make_tag("Werk & leven", description=ODD), make_tag("Fietsen")]
    past = timezone.now() - datetime.timedelta(days=400, microseconds=123457)
    article = article_save(
        article=Article(
            title=f"Over {ODD}"[:150], slug="over-werk", lead=ODD, status=Status.PUBLISHED,
            published_at=past, picture=image, share_picture=image, search_title=ODD,
            search_description=f"Kort: {ODD}",
            body_source=f'<h2>Kop</h2><p>Tekst &amp; <em>meer</em>.</p>'
            f'<figure data-image="{image.pk}"></figure>'
            '<p>Zie <a href="/2024/01/ander/" rel="noopener">dit</a>.</p>',
        ),
        authors=[bram, anna], tags=tags, editor=anna_user, expected_version=None,
    )  # fmt: skip
    article.title = "Over werk"
    article_save(article=article, authors=None, tags=None, editor=chief, expected_version=None)
    article_save(
        article=Article(title="Een concept", slug="concept", body_source="<p>Nog niet.</p>"),
        authors=[anna], tags=tags[:1], editor=anna_user, expected_version=None,
    )  # fmt: skip
    out = article_save(
        article=Article(title="Out", slug="out", language="en", status=Status.ARCHIVED,
                        published_at=past, body_source="<p>Old.</p>"),
        authors=[bram], tags=[], editor=None, expected_version=None,
    )  # fmt: skip
    article.series, article.series_place = Series.objects.create(title="Reeks", slug="reeks"), 1
    article_save(
        article=article, authors=None, tags=None, editor=None, expected_version=None,
        next_articles=[out],
    )  # fmt: skip
    dead_links.links_read()
    _site(site, chief, article, image)
    _conversation(article, anna, chief)
    Imported.objects.create(
        source="wordpress:blog.example", kind="article", key="12", number=article.pk,
        digest=b"\x00\xff" * 8, stored=b"\x01" * 16,
    )  # fmt: skip
    return article


def _site(site, chief, article, image):
    """Settings, a page, menus, redirects and readers' numbers."""
    site.logo, site.featured, site.accent, site.accent_dark = image, article, "0b5d5a", "7fccc3"
    site_settings_save(site=site)
    page = page_save(
        page=Page(title="Over ons", slug="over-ons", purpose="about", body_source="<p>Wij.</p>"),
        editor=chief,
    )  # fmt: skip
    MenuItem.objects.create(page=page, position=1)
    MenuItem.objects.create(place="footer", url="https://elders.example/", label=ODD[:30])
    menu_links_renew()
    Redirect.objects.create(old_path="/oud/", article=article)
    Redirect.objects.create(old_path="/weg/")
    Reads.objects.create(article=article, day=datetime.date(2026, 11, 1), count=12)


def _conversation(article, anna, chief):
    at, item = article.published_at, ImportedComment
    items = [
        item("a", None, "Cor", f"Eerste *reactie*.\n\n> {ODD}", at, website="https://cor.example"),
        item("b", "a", "Anna de Wit", "Antwoord met [link](https://x.example/).", at, author=anna),
        item("c", "b", "Dirk", "Nog een antwoord.", at, state=State.DELETED),
        item("d", "c", "Eva", "Onder een grafsteen.", at),
        item("e", None, "Frits", "Dit wacht.", at, state=State.PENDING),
        item("f", None, "Koop nu", "Goedkoop!", at, state=State.SPAM),
        item("g", None, "Gerda", "Weg.", at, state=State.REMOVED, reason="Schelden."),
    ]  # fmt: skip
    parent = "d"
    for number in range(105):  # Beyond the depth that paths hold.
        items.append(ImportedComment(f"x{number}", parent, f"Diep {number}", "Dieper.", at))
        parent = f"x{number}"
    thread_import(article=article, items=items)
    rows = {row.name: row for row in Comment.objects.filter(article=article)}
    cor = Commenter.objects.create(
        email="cor@x.example", name="Cor", confirmed_at=at, language="en", trust="known"
    )
    Commenter.objects.create(name="Chef", user=chief)
    first = rows["Cor"]
    Comment.objects.filter(pk=first.pk).update(
        commenter=cor, client=b"\x07" * 16, posting_key=b"\x09" * 32, edited_at=at,
        featured_at=at, source=first.source + "\n\nVeranderd.",
        html=markup.render(first.source + "\n\nVeranderd."),
    )  # fmt: skip
    Edit.objects.create(comment=first, source=first.source)
    HeldMail.objects.create(comment=rows["Gerda"], text="Een antwoord.\n> Een vraag.")
    Reaction.objects.create(comment=first, reader=b"\x02" * 16, client=b"\x03" * 16)
    ModerationEvent.objects.create(
        comment=rows["Gerda"],
        actor=chief,
        action="removed",
        reason="Schelden.",
        signals=[{"kind": "x", "detail": "1"}],
    )
    Subscription.objects.create(commenter=cor, article=article)
    Report.objects.create(
        comment=first, complaint="insult", note=ODD, language="nl", client=b"\x04" * 16
    )
    Appeal.objects.create(comment=rows["Gerda"], text="Toch niet?")
    Ban.objects.create(email="*@spam.example", reason="Spam", actor=chief)
    Ban.objects.create(network=b"\x05" * 8)
    Rule.objects.create(pattern="casino", note=ODD, active=True)
    ReadyReason.objects.create(language="nl", words="Niet aardig.", position=1)
    FilterWord.objects.create(word="goedkoop", spam=3, ham=0)
    Lesson.objects.create(
        comment=rows["Koop nu"], spam=True, score=0.30000000000000004, features=["goedkoop"]
    )
    Newsletter.objects.create(person=cor, author=Author.objects.first(), pace="weekly")
    Ended.objects.create(person=cor)
    edition = Edition.objects.create(subject=ODD, body_source="<p>Dag</p>", body_html="<p>Dag</p>")
    EditionArticle.objects.create(edition=edition, article=article)
    Issue.objects.create(article=article, title=article.title, reached=cor.pk, finished_at=at)
    Visits.objects.create(user=chief, article=article, times=[1, 2])
    recount()
