"""A small site with a page of every kind that is kept."""

import datetime

from django.utils import timezone

from authors.models import Author
from blog.models import Article, Page, Series, Status, Tag
from blog.publishing.pages import page_save
from blog.site.settings import site_settings, site_settings_save
from comments.models import Comment
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from tests.factories import make_article, make_author, make_image, make_tag


def say(article, text, *, parent=None, name="Lezeres"):
    submission = Submission(
        article=article, parent=parent, name=name, email=f"{name.lower()}@lezer.example", text=text
    )
    return comment_post(submission=submission, site=site_settings())[0]


def make_site():
    """A small site with something of each kind."""
    site = site_settings()
    site.hold = "nobody"
    site_settings_save(site=site)
    people, tags = [make_author(), make_author()], [make_tag(), make_tag()]
    series = Series.objects.create(title="Een reeks", slug="een-reeks")
    picture = make_image()
    now = timezone.now()
    for number in range(4):
        make_article(
            authors=people[: 1 + number % 2],
            tags=tags[: number % 3],
            language="en" if number == 3 else "nl",
            series=series if number < 2 else None,
            picture=picture if number % 2 else None,
            published_at=now - datetime.timedelta(days=number, hours=1),
            topics="werk",
        )
    make_article(
        status=Status.SCHEDULED, published_at=now + datetime.timedelta(hours=3), tags=tags[:1]
    )
    page_save(page=Page(title="Over ons", slug="over", body_source="<p>Wij.</p>"), editor=None)
    for article in Article.objects.published():
        first = say(article, "Een eerste gedachte.")
        say(article, "Een antwoord.", parent=first, name="Bram")


def addresses():
    """The pages of the site, of every kind, in orders, places and languages."""
    found = [
        *("/", "/feed/", "/feed/atom/", "/comments/feed/", "/comments/feed/atom/"),
        "/sitemap.xml",
        *(f"/sitemap-{name}.xml" for name in ("articles", "news", "authors", "tags", "pages")),
        *("/sitemap-series.xml", "/sitemap-archive.xml", "/series/een-reeks/"),
        *(page.get_absolute_url() for page in Page.objects.all()),
    ]
    for tag in Tag.objects.all():
        found += [f"/tag/{tag.slug}/", f"/tag/{tag.slug}/feed/", f"/tag/{tag.slug}/feed/atom/"]
    for author in Author.objects.all()[:2]:
        url = author.get_absolute_url()
        found += [url, f"{url}feed/", f"{url}feed/atom/"]
    for article in Article.objects.exclude(published_at=None):
        url = article.get_absolute_url()
        found += [url, f"{url}feed/", f"{url}feed/atom/", f"{url}author/", f"{url}?sort=newest"]
        found += [f"/{url.split('/')[1]}/", "/".join(url.split("/")[:3]) + "/"]
    for comment in Comment.objects.select_related("article").order_by("-pk")[:4]:
        url = comment.article.get_absolute_url()
        found += [comment.get_absolute_url(), f"{url}?at={comment.pk}"]
        found += [f"{url}?sort=discussed&at={comment.pk}", f"{url}?after={comment.pk}&lang=nl"]
    return list(dict.fromkeys(found))
