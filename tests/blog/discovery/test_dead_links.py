"""Links that lead nowhere any more: what is read, who is asked, and when a link counts as dead."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.discovery import dead_links
from blog.models import Article, CheckedLink, LinkFault, LinkUse, Page, SiteSettings, Status
from core import fetching
from tests.blog.site.test_settings import make_page
from tests.core.test_fetching import server
from tests.factories import make_article, make_tag
from tests.worker import work

__all__ = ["server"]  # The fixture.

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def site():
    return SiteSettings.objects.create(pk=1, check_links=True)


@pytest.fixture
def asked(monkeypatch):
    """What other sites were asked; `answers` says what they answer, 200 where nothing is said."""
    calls, answers = [], {}

    def fetch(url, *, method, headers, types, seconds, door):
        calls.append((method, url))
        answer = answers.get(url, 200)
        answer = answer.get(method, 200) if isinstance(answer, dict) else answer
        if isinstance(answer, Exception):
            raise answer
        status, said = answer if isinstance(answer, tuple) else (answer, {})
        return fetching.Response(url, status, said, b"")

    monkeypatch.setattr(dead_links, "fetch", fetch)
    fetch.calls, fetch.answers = calls, answers
    return fetch


def linking(*hrefs, **fields):
    body = "".join(f'<p>Zie <a href="{href}">daar</a>.</p>' for href in hrefs)
    return make_article(body=body, **fields)


def later(**passed):
    """As if the time had passed: every moment of every link lies that much earlier."""
    gone = datetime.timedelta(**passed)
    for link in CheckedLink.objects.all():
        for name in ("asked_at", "next_at", "failing_since"):
            if moment := getattr(link, name):
                setattr(link, name, moment - gone)
        link.save()


def turn():
    """One turn of the jobs, and of the worker behind them."""
    dead_links.links_read()
    dead_links.own_links_look()
    dead_links.links_ask()
    return work("link_look")


def test_addresses_as_they_are_looked_up(settings):
    settings.SITE_URL = "https://blad.example"
    looked_up = {
        "https://a.example/b#c": "https://a.example/b",
        "HTTPS://A.example": "https://A.example",
        "//a.example/b": "https://a.example/b",
        "https://a.example/é?q=ü": "https://a.example/%C3%A9?q=%C3%BC",
        "https://blad.example/over/?a=b": "/over/?a=b",
        "http://BLAD.example": "/",
        "/over/#kop": "/over/",
        "article:12#x": "article:12",
        "mailto:a@a.example": "", "tel:+31": "", "#kop": "", "": "", "javascript:alert(1)": "",
        "over/ons": "", "https://[::1": "", "https://": "", "ftp://a.example/": "",
        "https://a.example/" + "x" * 2000: "",
    }  # fmt: skip
    assert {href: dead_links.address_to_check(href) for href in looked_up} == looked_up


def test_texts_are_read_once_for_each_version_and_only_what_readers_see(site):
    article = linking("https://a.example/", "https://b.example/")
    linking("https://draft.example/", status=Status.DRAFT)
    page = make_page(slug="over", body='<p><a href="https://a.example/">x</a></p>')
    assert dead_links.links_read() == 2
    assert dead_links.links_read() == 0
    assert set(CheckedLink.objects.values_list("url", flat=True)) == {
        "https://a.example/", "https://b.example/",
    }  # fmt: skip
    kept = LinkUse.objects.get(article=article, link__url="https://a.example/")
    assert (kept.passage, kept.link.host) == ("Zie daar.", "a.example")
    body = '<p>Nu <a href="https://a.example/">hier</a>.</p>'
    Article.objects.filter(pk=article.pk).update(body_source=body, version=9)
    Page.objects.filter(pk=page.pk).update(body_source="", version=9)
    assert dead_links.links_read() == 2
    use = LinkUse.objects.get()
    assert (use.pk, use.passage) == (kept.pk, "Nu hier.")
    assert dead_links.links_prune() == 1
    article.delete()
    assert dead_links.links_prune() == 1


def test_links_within_the_site_are_looked_up_and_nobody_is_asked(asked):
    seen, unseen = make_article(), make_article(status=Status.DRAFT)
    page, tag = make_page(slug="over"), make_tag(slug="werk")
    hrefs = {
        f"article:{seen.pk}": False, f"article:{unseen.pk}": True, "article:999999": True,
        "article:x": True, "/over/": False, "/over": False, tag.get_absolute_url(): False,
        "/tag/weg/": True, "/search/?q=a": False, seen.get_absolute_url(): False,
        "/2011/01/weg/": True, "/weg/": True, "/media/weg.pdf": True,
        f"{seen.get_absolute_url()}feed/": False,
    }  # fmt: skip
    linking(*hrefs)
    turn()
    assert dict(CheckedLink.objects.values_list("url", "dead")) == hrefs
    # What changes is known a day later; off is the default, so no other site was ever asked.
    Page.objects.filter(pk=page.pk).update(public=False)
    later(days=1)
    turn()
    assert CheckedLink.objects.get(url="/over/").fault == LinkFault.UNSEEN
    assert asked.calls == []


def test_switched_off_nothing_is_queued_and_what_is_queued_asks_nobody(site, asked):
    linking("https://a.example/")
    dead_links.links_read()
    assert dead_links.links_ask() == 1
    SiteSettings.objects.update(check_links=False)
    assert work("link_look") == 1
    assert turn() == 0
    assert asked.calls == []


def test_one_host_is_asked_once_a_minute_and_keeps_no_other_from_its_turn(site, asked):
    linking(*(f"https://groot.example/{n}" for n in range(250)))
    linking(*(f"https://klein{n}.example/" for n in range(9)))
    seen = set()
    for _minute in range(4):
        asked.calls.clear()
        turn()
        hosts = [url.split("/")[2] for _method, url in asked.calls]
        assert len(hosts) == len(set(hosts))
        seen.update(hosts)
        later(seconds=61)
    assert len(seen) == 10
    # Another worker that has the same minute in hand leaves the host alone.
    CheckedLink.objects.filter(url="https://groot.example/1").update(asked_at=timezone.now())
    link = CheckedLink.objects.filter(host="groot.example", asked_at=None).first()
    before = len(asked.calls)
    dead_links.link_look.call(link.pk)
    assert len(asked.calls) == before


def test_a_link_is_dead_after_three_looks_on_several_days_and_alive_again_at_once(site, asked):
    linking("https://a.example/weg")
    asked.answers["https://a.example/weg"] = 404
    turn()
    link = CheckedLink.objects.get()
    assert (link.status, link.failures, link.dead) == (404, 1, False)
    assert asked.calls == [("HEAD", link.url), ("GET", link.url)]
    for days, dead in ((1, False), (2, True)):
        later(days=days, minutes=2)
        assert turn() == 1
        link.refresh_from_db()
        assert link.dead is dead
    assert DAY * 6 < link.next_at - timezone.now() < DAY * 8
    asked.answers.clear()
    later(days=8)
    turn()
    link.refresh_from_db()
    assert (link.status, link.failures, link.dead, link.failing_since) == (200, 0, False, None)
    assert DAY * 29 < link.next_at - timezone.now() < DAY * 34


ANSWERS = [
    (200, True, ["HEAD"]),
    ({"HEAD": 404, "GET": 200}, True, ["HEAD", "GET"]),
    ({"HEAD": 405, "GET": 410}, True, ["HEAD"]),
    (403, True, ["HEAD"]), (999, True, ["HEAD"]), (301, True, ["HEAD"]),
    (410, False, ["HEAD", "GET"]), (500, False, ["HEAD", "GET"]), (503, False, ["HEAD", "GET"]),
    (fetching.UnknownHost("x"), False, ["HEAD"]),
    (fetching.UnsafeConnection("x"), False, ["HEAD"]),
    (fetching.FetchError("x"), False, ["HEAD", "GET"]),
    (fetching.RedirectRefused("x"), True, ["HEAD"]),
    (fetching.AddressRefused("x"), None, ["HEAD"]),
    ((429, {}), None, ["HEAD"]), ((503, {"retry-after": "7200"}), None, ["HEAD"]),
]  # fmt: skip


def test_what_each_answer_means(asked):
    url = "https://a.example/"
    for answer, alive, methods in ANSWERS:
        asked.calls.clear()
        asked.answers[url] = answer
        assert (dead_links.ask(url).alive, [method for method, _ in asked.calls]) == (
            alive, methods,
        ), answer  # fmt: skip


def test_a_host_that_wants_rest_gets_it_for_all_its_links(site, asked):
    linking("https://a.example/1", "https://a.example/2")
    for said, least in (({"retry-after": "7200"}, 7000), ({}, 80_000), ({"retry-after": "1"}, 3000),
                        ({"retry-after": "9" * 8}, 170_000)):  # fmt: skip
        CheckedLink.objects.update(next_at=timezone.now(), asked_at=None)
        asked.answers |= {f"https://a.example/{n}": (429, said) for n in (1, 2)}
        turn()
        for link in CheckedLink.objects.all():
            assert least < (link.next_at - timezone.now()).total_seconds() <= 172_800
            assert (link.failures, link.dead) == (0, False)


def test_looked_at_again_and_ignored(site, asked):
    linking("https://a.example/", "https://b.example/", "article:999999")
    turn()
    later(days=5)
    links = CheckedLink.objects.all()
    assert dead_links.links_ignore(links=links.filter(host="a.example"), ignored=True) == 1
    CheckedLink.objects.exclude(host="").update(next_at=timezone.now() + DAY * 30)
    asked.calls.clear()
    assert dead_links.links_look_again(links=links.exclude(host="a.example")) == 0
    turn()
    assert {url for _method, url in asked.calls} == {"https://b.example/"}


def test_a_turn_costs_the_same_for_few_and_many_links(site, asked):
    def cost():
        with CaptureQueriesContext(connection) as found:
            dead_links.links_ask()
        DBTaskResult.objects.all().delete()
        return len(found)

    linking(*(f"https://h{n}.example/" for n in range(5)))
    dead_links.links_read()
    few = cost()
    linking(*(f"https://i{n}.example/" for n in range(100)))
    dead_links.links_read()
    assert cost() == few


def test_a_real_server_is_asked_plainly_and_its_text_is_never_read(settings, server):
    settings.SITE_URL = "https://blad.example"
    server.say("/a", 301, {"Location": "/b"})
    server.say("/b", 200, {"Content-Encoding": "gzip", "Content-Length": "9999999"})
    server.say("/c", 404, body=b"x" * 10)
    assert dead_links.ask("http://a.example/a", door=server.door).status == 200
    assert [one[0] for one in server.asked] == ["HEAD", "HEAD"]
    assert server.asked[0][2]["User-Agent"] == "Weerwoord link check (+https://blad.example)"
    assert "Cookie" not in server.asked[0][2]
    assert dead_links.ask("http://a.example/c", door=server.door).status == 404
    assert [one[0] for one in server.asked[2:]] == ["HEAD", "GET"]
