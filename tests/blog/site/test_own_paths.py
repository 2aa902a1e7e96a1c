"""What answers at an address of this site, known without asking for it."""

import pytest

from blog.models import Series, Status
from blog.site.own_paths import is_answered
from tests.addresses import routes
from tests.blog.site.test_settings import make_page
from tests.factories import make_article, make_author, make_tag

pytestmark = pytest.mark.django_db


def test_it_says_what_a_reader_would_meet(client):
    author, tag = make_author(slug="anna"), make_tag(slug="werk")
    row = Series.objects.create(title="Rij", slug="rij")
    empty = Series.objects.create(title="Leeg", slug="leeg")
    seen = make_article(authors=[author], tags=[tag], series=row)
    unseen = make_article(status=Status.DRAFT)
    page, hidden = make_page(slug="over"), make_page(slug="stil", public=False)
    there = seen.get_absolute_url()
    year, month = there.split("/")[1:3]
    paths = [
        there, f"{there}feed/", f"{there}reply/", unseen.get_absolute_url(), "/2001/01/x/",
        f"/{year}/", f"/{year}/{month}/", "/2001/", "/2001/02/", "/9999/01/",
        page.get_absolute_url(), hidden.get_absolute_url(), "/niets/",
        author.get_absolute_url(), "/author/anna/feed/", "/author/niemand/",
        tag.get_absolute_url(), "/tag/werk/feed/atom/", "/tag/niets/", "/tag/niets/feed/",
        row.get_absolute_url(), empty.get_absolute_url(), "/series/niets/",
        "/", "/search/", "/feed/", "/robots.txt", "/sitemap.xml", "/wp-content/x.png",
        "/media/pictures/weg.png",
    ]  # fmt: skip
    told = {path: is_answered(path) for path in paths}
    assert told == {path: client.get(path).status_code == 200 for path in paths}


def test_no_route_stumbles():
    for route in routes():
        is_answered(f"/{route}".replace("<", "").replace(">", ""))
