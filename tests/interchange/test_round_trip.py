"""What goes out for WordPress comes in again by the reader of WordPress's files, equal."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from authors.models import Author
from blog.models import Article, Image, Page
from comments.models import Comment
from interchange.wordpress.wxr import wxr_write
from tests.interchange.filling import fill_site

pytestmark = pytest.mark.django_db(transaction=True)


def articles():
    """What a WXR file can hold of the articles; pictures by their words, as they are coded anew."""
    known = dict(Image.objects.values_list("pk", "alt"))

    def body(text):
        for pk, alt in known.items():
            text = text.replace(f'data-image="{pk}"', f'data-image="{alt}"')
        return "".join(text.split())

    return {
        article.slug: (
            article.title, article.lead, body(article.body_source), article.status,
            # A draft has no date of its own there.
            article.status != "draft" and article.published_at.replace(microsecond=0),
            [author.name for author in article.byline],
            sorted((tag.name, tag.description) for tag in article.tags.all()),
            (article.search_title, article.search_description),
            known.get(article.picture_id),
        )
        for article in Article.objects.all()
    }  # fmt: skip


def conversation():
    """The comments in the order of the thread, with whom they answer.

    The words of what is gone do not leave with a WXR file.
    """
    return [
        (row.name, row.state in ("deleted", "removed") or row.html.strip(), row.state, row.shown,
         row.depth, row.website, row.reason,
         row.parent.name if row.parent else "", row.author.name if row.author else "",
         row.created_at.replace(microsecond=0))
        for row in Comment.objects.order_by("article__slug", "path").select_related(
            "parent", "author"
        )
    ]  # fmt: skip


def test_there_and_back(media_root, tmp_path):
    fill_site()
    Page.objects.all().delete()  # This is about articles and what was said.
    before, talk = articles(), conversation()
    named = set(Article.objects.values_list("slug", "entry_id"))
    pictures = set(Image.objects.values_list("alt", "caption"))
    people = set(Author.objects.values_list("name", "slug", "bio"))
    file = tmp_path / "site.xml"
    with file.open("wb") as target:
        wxr_write(target)
    media = tmp_path / "kept"
    media_root.rename(media)
    call_command("flush", interactive=False, verbosity=0)
    out = io.StringIO()
    call_command(
        "import_wordpress",
        str(file),
        "--media",
        str(media),
        "--keep-emails",
        "--no-keep-clients",
        stdout=out,
        stderr=out,
    )
    assert set(Author.objects.values_list("name", "slug", "bio")) == people
    assert set(Image.objects.values_list("alt", "caption")) == pictures
    assert articles() == before, out.getvalue()
    assert set(Article.objects.values_list("slug", "entry_id")) == named
    assert conversation() == talk
