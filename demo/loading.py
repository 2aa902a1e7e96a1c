"""Puts the made-up publication into an empty site, through the same services as everybody."""

from __future__ import annotations

import datetime
import secrets
import uuid
from io import BytesIO

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from authors.accounts import account_save
from authors.models import Author, ProfileLink, User
from authors.roles import Role
from authors.services import author_save
from blog.models import Article, CommentPolicy, Image, Status
from blog.publishing.articles import article_save, tags_from_words
from blog.publishing.pictures import image_add
from blog.publishing.shared_conversation import article_translates
from blog.site.settings import site_settings
from comments.models import Comment, Edit, State
from comments.moderation.marks import comment_credit, comment_feature
from comments.posting.by_import import ImportedComment, thread_import
from comments.thread.fragments import FIELDS, refresh
from comments.thread.reactions import reaction_set
from demo import manifest, pictures, publication, queue
from demo.content import (
    AUTHORS,
    PICTURES,
    SITE,
    CommentMarks,
    DemoArticle,
    DemoAuthor,
    load_articles,
)
from demo.threads import thread_for

EDITOR = "redactie"
"""The demo's editor in chief: every role."""


class NotEmpty(Exception):
    """The site has content of its own; the demo stays away from it."""


def is_empty() -> bool:
    """Whether nobody has written or registered anything here yet."""
    return not (
        Article.objects.exists()
        or Author.objects.exists()
        or Comment.objects.exists()
        or User.objects.exists()
    )


@transaction.atomic
def load(password: str) -> None:
    """Load people, pictures, articles and conversations; every login has `password`.

    Raises `NotEmpty` on a site that has content.
    """
    if not is_empty():
        raise NotEmpty
    settings = site_settings()
    settings.title, settings.tagline = SITE.title, SITE.tagline
    settings.invitation = SITE.invitation
    settings.save()
    editor = _account(EDITOR, "Redactie", [Role.EDITOR, Role.MODERATOR, Role.OWNER], password)
    people = {person.key: _author(person, password) for person in AUTHORS}
    images = _images()
    sets: dict[str, uuid.UUID] = {}
    articles: dict[str, Article] = {}
    for item in load_articles():
        articles[item.key] = _article(item, people, images, sets)
        _conversation(item, articles[item.key], people)
    for item in load_articles():
        if item.translation_of:
            original = articles[item.translation_of]
            article_translates(article=articles[item.key], original=original)
    _link(articles)
    open_ones = [
        articles[item.key]
        for item in load_articles()
        if item.status == "published" and item.comments_open and item.language == "nl"
    ]
    publication.publication_fill(articles=articles, editor=editor, site=settings)
    queue.queue_fill(article=open_ones[0], other=open_ones[1], moderator=editor, site=settings)
    manifest.record()


def _account(username: str, name: str, roles: list[Role], password: str) -> User:
    user = User(username=username, first_name=name)
    user.email = f"{username}@tegenvijven.example"
    user.set_password(password)
    return account_save(user=user, roles=Group.objects.filter(name__in=roles))


def _author(person: DemoAuthor, password: str) -> Author:
    user = None
    if person.username:
        user = _account(person.username, person.name, [Role.AUTHOR], password)
    author = Author(
        name=person.name,
        slug=person.slug,
        role=person.role,
        bio=person.bio,
        website=person.website,
        affiliation=person.affiliation,
        user=user,
    )
    author_save(author=author, photo=BytesIO(pictures.portrait(person.key)))
    for position, link in enumerate(person.links):
        ProfileLink.objects.create(author=author, label=link.label, url=link.url, position=position)
    return author


def _images() -> dict[str, Image]:
    return {
        picture.key: image_add(
            upload=BytesIO(pictures.article_picture(picture.drawing)),
            alt=picture.alt,
            caption=picture.caption,
            credit=picture.credit,
            user=None,
        )
        for picture in PICTURES
    }


def _article(
    item: DemoArticle,
    people: dict[str, Author],
    images: dict[str, Image],
    sets: dict[str, uuid.UUID],
) -> Article:
    body = item.body
    for key, image in images.items():
        body = body.replace(f'data-image="{key}"', f'data-image="{image.pk}"')
    family = item.translation_of or item.key
    published_at = item.published_at
    if item.status == "scheduled":
        # The one article that is still to come stays so whenever the demo is loaded.
        published_at = timezone.now() + datetime.timedelta(days=14)
    article = Article(
        title=item.title,
        slug=item.slug,
        language=item.language,
        translation_set=sets.setdefault(family, uuid.uuid4()),
        picture=images.get(item.picture),
        lead=item.lead,
        body_source=body,
        status=Status(item.status),
        published_at=published_at,
        comment_policy=CommentPolicy.OPEN if item.comments_open else CommentPolicy.CLOSED,
    )
    return article_save(
        article=article,
        authors=[people[key] for key in item.authors],
        tags=tags_from_words(item.tags),
        editor=None,
        expected_version=None,
    )


def _conversation(item: DemoArticle, article: Article, people: dict[str, Author]) -> None:
    start = article.published_at
    if start is None or start > timezone.now():
        return
    thread = thread_for(item.key)
    thread_import(
        article=article,
        items=[
            ImportedComment(
                key=comment.key,
                parent=comment.parent,
                name=comment.name,
                source=comment.text,
                created_at=start + datetime.timedelta(minutes=comment.minutes),
                author=people[comment.author] if comment.author else None,
                state=State(comment.state),
                website=comment.website,
                language=comment.language,
                reason=comment.reason,
            )
            for comment in thread
        ],
    )
    for comment in thread:
        if comment.marks != CommentMarks():
            stored = Comment.objects.get(article=article, name=comment.name, source=comment.text)
            _mark(stored, comment.marks, start)


def _mark(comment: Comment, said: CommentMarks, start: datetime.datetime) -> None:
    """Let happen to a comment what the demo says."""
    editor = User.objects.get(username=EDITOR)
    if said.earlier:
        Edit.objects.create(comment=comment, source=said.earlier)
        comment.edited_at = comment.created_at + datetime.timedelta(minutes=4)
    if said.gone:
        comment.quote_gone_at = start + datetime.timedelta(minutes=said.gone)
    comment.save(update_fields=["edited_at", "quote_gone_at"])
    for reader in range(said.valued):
        reaction_set(comment=comment, reader=f"demo {reader}", client=None, valued=True)
    if said.featured:
        comment_feature(comment=comment, actor=editor, featured=True)
    if said.credited:
        comment_credit(comment=comment, actor=editor, credited=True)
    stored = Comment.objects.select_related("article", "parent").get(pk=comment.pk)
    refresh(stored)
    stored.save(update_fields=list(FIELDS))


def _link(articles: dict[str, Article]) -> None:
    """Fill in the addresses of articles that others link to, now that all exist."""
    addresses = {article.slug: article.get_absolute_url() for article in articles.values()}
    for article in articles.values():
        body = article.body_source
        for slug, address in addresses.items():
            body = body.replace(f'href="article:{slug}"', f'href="{address}"')
        if body != article.body_source:
            Article.objects.filter(pk=article.pk).update(body_source=body)
            article.body_source = body
            article_save(
                article=article, authors=None, tags=None, editor=None, expected_version=None
            )
    Article.objects.update(modified_at=None)


def new_password() -> str:
    """A password for this one demo; never the same twice, never in the repository."""
    return secrets.token_urlsafe(9)
