"""Choosing at the desk: rows by a search, an order by hand, and merges that say what they do."""

import re
from html import unescape
from io import BytesIO

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pixels

from authors.models import Author
from authors.roles import Role
from blog.discovery import share_picture_jobs, share_pictures
from blog.models import Article, MenuItem, Page, Series, SiteSettings, Tag
from blog.publishing import pages, subjects
from blog.publishing.pictures import image_add, image_update
from blog.site.settings import site_settings, site_settings_save
from comments.models import Commenter
from newsletter.models import Subscription
from tests.factories import make_article, make_author, make_image, make_tag, make_upload, make_user

pytestmark = pytest.mark.django_db
FIND = "/admin/autocomplete/?app_label=blog&model_name=sitesettings&field_name=featured&term="


def searches(client):
    """The addresses that fields of the forms one may add with search at."""
    for model, page in admin.site._registry.items():
        answer = client.get(f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/")
        if answer.status_code == 200:
            found = re.findall(r'data-(?:find|more)="([^"]+)"', answer.text)
            yield from ((page, unescape(url)) for url in found)


@pytest.mark.parametrize("role", [None, *Role.values])
def test_whoever_may_open_a_form_may_search_in_its_fields(client, role):
    site_settings()
    user = make_user(role=role, is_superuser=role is None)
    make_author(user=user)
    client.force_login(user)
    found = list(searches(client))
    assert found or role == Role.MODERATOR
    for page, url in found:
        assert client.get(url, {"term": "a"} if "?" not in url else {}).status_code == 200, page


def test_an_author_sees_series_and_changes_none(client):
    user = make_user(role=Role.AUTHOR)
    make_author(user=user)
    series = Series.objects.create(title="Een reeks", slug="reeks")
    client.force_login(user)
    url = f"/admin/blog/series/{series.pk}/change/"
    assert "Een reeks" in client.get(url).text
    assert client.post(url, {"title": "Anders", "slug": "reeks"}).status_code == 403
    assert client.get("/admin/blog/series/add/").status_code == 403


@pytest.mark.parametrize("url", ["/admin/blog/image/choose/", "/admin/blog/image/add/"])
def test_a_file_that_is_no_picture_is_refused_in_words(desk, url):
    upload = SimpleUploadedFile("brug.jpg", b"geen plaatje", "image/jpeg")
    sent = {"file": upload, "alt": "Een brug", "focal_x": 50, "focal_y": 50}
    answer = desk.post(url, sent).text
    assert "['" not in unescape(answer)
    assert "bestand" in answer


@pytest.fixture
def desk(client):
    client.force_login(make_user(role=Role.EDITOR))
    return client


class TestFields:
    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("/admin/blog/sitesettings/1/change/", "logo"),
            ("/admin/blog/sitesettings/1/change/", "logo_dark"),
            ("/admin/blog/sitesettings/1/change/", "featured"),
            ("/admin/blog/redirect/add/", "article"),
            ("/admin/blog/article/add/", "picture"),
            ("/admin/blog/article/add/", "series"),
            ("/admin/blog/article/add/", "original"),
        ],
    )
    def test_they_hold_the_chosen_row_alone_however_many_there_are(self, client, url, name):
        site_settings()
        for _number in range(3):
            make_article(picture=make_image())
            Series.objects.create(title=f"S{_number}", slug=f"s{_number}")
        client.force_login(make_user(is_superuser=True))
        select = client.get(url).text.split(f'<select name="{name}"')[1].split("</select>")[0]
        assert 'class="desk-choice"' in select
        assert select.count("<option") <= 1

    def test_the_search_gives_each_person_what_she_may_edit(self, client):
        anna = make_author("Anna", user=make_user(role=Role.AUTHOR))
        make_article("Van Anna", authors=[anna], status="draft")
        make_article("Van Bram", status="draft")
        client.force_login(anna.user)
        found = client.get(FIND + "van").json()["results"]
        assert [(one["text"], one["note"]) for one in found] == [("Van Anna", "Concept")]
        client.force_login(make_user(role=Role.MODERATOR))
        assert client.get(FIND + "van").status_code == 403

    def test_only_moderators_find_people_and_by_their_address(self, client):
        Commenter.objects.create(name="Karim", email="karim@proef.example")
        where = "app_label=comments&model_name=ban&field_name=commenter&term=karim"
        client.force_login(make_user(role=Role.MODERATOR))
        assert 'class="desk-choice"' in client.get("/admin/comments/ban/add/").text
        (found,) = client.get(f"/admin/autocomplete/?{where}").json()["results"]
        assert (found["text"], found["note"]) == ("Karim", "karim@proef.example")
        for role in (Role.AUTHOR, None):
            client.force_login(make_user(role=role))
            assert client.get(f"/admin/autocomplete/?{where}").status_code == 403

    @pytest.mark.parametrize(
        ("model", "field"), [("menuitem", "tag"), ("menuitem", "page"), ("article", "series")]
    )
    def test_each_kind_of_row_is_found(self, desk, model, field):
        make_tag("Rustig")
        Series.objects.create(title="Rustig", slug="rustig")
        pages.page_save(page=Page(title="Rustig", slug="rustig", body_source=""), editor=None)
        where = f"app_label=blog&model_name={model}&field_name={field}"
        for term in ("", "rus"):
            found = desk.get(f"/admin/autocomplete/?{where}&term={term}").json()["results"]
            assert [one["text"] for one in found] == ["Rustig"]


class TestSeries:
    def send(self, client, series, *articles, **changed):
        values = {"title": series.title, "slug": series.slug, "description": ""}
        values |= {"parts": [article.pk for article in articles]} | changed
        return client.post(f"/admin/blog/series/{series.pk}/change/", values)

    def test_its_parts_are_ordered_added_and_taken_out_on_its_page(self, desk):
        series = Series.objects.create(title="Gesprek", slug="gesprek")
        other = Series.objects.create(title="Anders", slug="anders")
        one, two = (make_article(f"Deel {n}", series=series, series_place=n) for n in (1, 2))
        new = make_article("Nieuw", series=other, series_place=1)
        answer = desk.get(f"/admin/blog/series/{series.pk}/change/")
        assert answer.context["adminform"].form.initial["parts"] == [one.pk, two.pk]
        assert self.send(desk, series, two, new).status_code == 302
        rows = Article.objects.values_list("title", "series", "series_place", "version")
        assert set(rows) == {
            ("Deel 2", series.pk, 1, 2), ("Nieuw", series.pk, 2, 2), ("Deel 1", None, None, 2),
        }  # fmt: skip
        assert "Deel 2 van 2" in desk.get(new.get_absolute_url()).text
        # Nothing changed: no form of an article that is open becomes stale.
        self.send(desk, series, two, new)
        assert set(Article.objects.values_list("version", flat=True)) == {2}

    @pytest.mark.parametrize("wanted", ["x", "99999999999999999999", "0"])
    def test_odd_parts_are_refused(self, desk, wanted):
        series = Series.objects.create(title="Gesprek", slug="gesprek")
        answer = self.send(desk, series, parts=[wanted])
        assert answer.status_code == 200
        assert "parts" in answer.context["adminform"].form.errors

    @pytest.mark.parametrize("role", [Role.AUTHOR, Role.MODERATOR])
    def test_it_is_the_editors_(self, client, role):
        series = Series.objects.create(title="Gesprek", slug="gesprek")
        client.force_login(make_user(role=role))
        assert self.send(client, series, make_article()).status_code == 403
        assert not Article.objects.exclude(series=None).exists()


class TestMerging:
    def test_it_says_what_will_change_and_that_it_stays_so(self, desk):
        kept, gone = make_tag("Werk"), make_tag("Arbeid")
        for _number in range(2):
            make_article(tags=[gone])
        MenuItem.objects.create(place="header", tag=gone)
        chosen = {"action": "merge", "_selected_action": [kept.pk, gone.pk]}
        page = desk.post("/admin/blog/tag/", chosen)
        assert dict(page.context["chosen"])[gone] == [("artikelen", 2), ("menu’s", 1)]
        assert "kan niet ongedaan worden gemaakt" in page.text
        assert Tag.objects.count() == 2
        assert desk.post("/admin/blog/tag/", chosen | {"keep": kept.pk}).status_code == 302
        assert kept.articles.count() == 2
        assert MenuItem.objects.get().tag == kept
        desk.logout()
        assert desk.get("/tag/arbeid/")["Location"] == "/tag/werk/"

    def test_authors_with_two_accounts_leave_all_as_it_was(self, desk):
        people = [make_author(user=make_user(role=Role.AUTHOR)) for _number in range(2)]
        guest = make_author("Gast")
        make_article(authors=[guest])
        chosen = [guest, *people]
        data = {"action": "merge", "keep": people[0].pk}
        data["_selected_action"] = [one.pk for one in chosen]
        desk.post("/admin/authors/author/", data)
        assert Author.objects.count() == 3
        assert dict(subjects.named_in(guest))["plaatsen in auteursregels"] == 1

    def test_followers_go_along(self):
        kept, gone = make_tag("Werk"), make_tag("Arbeid")
        reader = Commenter.objects.create(name="Karim", email="karim@proef.example")
        Subscription.objects.create(person=reader, tag=gone)
        assert any(count == 1 for _label, count in subjects.named_in(gone))
        subjects.tag_merge(kept=kept, gone=gone)
        assert Subscription.objects.get().tag == kept


def middle(data):
    """The colour at the middle of the article's own picture on a card."""
    return Pixels.open(BytesIO(data)).convert("RGB").getpixel((990, 315))


class TestCards:
    def two_halves(self):
        picture = Pixels.new("RGB", (1600, 400), "#ff0000")
        picture.paste("#0000ff", (800, 0, 1600, 400))
        target = BytesIO()
        picture.save(target, "PNG")
        return target.getvalue()

    def test_the_focal_point_stays_in_view(self):
        card, data = share_pictures.ShareImage("T", "", "S"), self.two_halves()
        assert middle(share_pictures.draw(card, share_pictures.Beside(data, (0, 50)))) == (
            255,
            0,
            0,
        )
        assert middle(share_pictures.draw(card, share_pictures.Beside(data, (100, 50)))) == (
            0,
            0,
            255,
        )

    def test_the_bar_has_the_accent_of_the_site(self):
        drawn = Pixels.open(
            BytesIO(share_pictures.draw(share_pictures.ShareImage("T", "", "S", "8a1c5b")))
        )
        assert drawn.convert("RGB").getpixel((600, 4)) == (0x8A, 0x1C, 0x5B)

    def test_both_are_drawn_anew_when_they_change(self, media_root):
        image = image_add(upload=make_upload(), alt="x", user=None)
        article = make_article(picture=image)
        assert share_picture_jobs.draw_missing() == 1
        image.focal_x = 0
        image_update(image=image)
        assert share_picture_jobs.draw_missing() == 1
        image.alt = "Andere woorden"
        image_update(image=image)
        assert share_picture_jobs.draw_missing() == 0
        before = Article.objects.get(pk=article.pk).card
        site = site_settings()
        site.accent, site.accent_dark = "8a1c5b", "e08abf"
        site_settings_save(site=site)
        assert share_picture_jobs.draw_missing() == 1
        assert Article.objects.get(pk=article.pk).card != before


def test_a_logo_of_its_own_for_who_reads_on_dark(client):
    light, dark = make_image("Licht"), make_image("Donker")
    SiteSettings.objects.update_or_create(pk=1, defaults={"logo": light, "logo_dark": dark})
    logo = client.get("/").text.split('class="site-logo"')[1].split("</span>")[0]
    sources = [part for part in logo.split("<source")[1:] if "prefers-color-scheme: dark" in part]
    assert len(sources) == 3
    assert all(dark.renditions[0]["name"].rpartition("-")[0] in source for source in sources)
    assert light.renditions[0]["name"].rpartition("-")[0] in logo.split("<img")[1]


class TestPages:
    def test_a_video_may_be_framed_on_the_page_that_has_it_alone(self, client):
        video = '<figure data-card><a href="https://youtu.be/dQw4w9WgXcQ">Film</a></figure>'
        for slug, text in (("film", video), ("stil", "<p>x</p>")):
            pages.page_save(page=Page(title=slug, slug=slug, body_source=text), editor=None)
        film, still = client.get("/film/"), client.get("/stil/")
        assert "frame-src https://www.youtube-nocookie.com" in film["Content-Security-Policy"]
        assert "js/video" in film.text
        assert "youtube" not in still["Content-Security-Policy"]
        assert "js/video" not in still.text

    def test_readers_find_them(self, client):
        page = Page(title="Over ons", slug="over", body_source="<p>Wij zijn zeldzaamwoord.</p>")
        pages.page_save(page=page, editor=None)
        answer = client.get("/search/?q=zeldzaamwoord")
        assert 'href="/over/"' in answer.text
        assert "<mark>zeldzaamwoord</mark>" in answer.text
        assert "Niets gevonden" not in answer.text
        assert 'href="/over/"' not in client.get("/search/?q=zeldzaamwoord+-wij").text
        assert client.get("/search/?q=zeldzaamwoord&year=2025").context["beside"] == []
        page.public = False
        pages.page_save(page=page, editor=None)
        assert 'href="/over/"' not in client.get("/search/?q=zeldzaamwoord").text


def test_the_short_address_stands_at_a_public_article(desk):
    article, draft = make_article(), make_article(status="draft")
    assert f"/a/{article.pk}" in desk.get(f"/admin/blog/article/{article.pk}/change/").text
    page = desk.get(f"/admin/blog/article/{draft.pk}/change/")
    assert "short_url" not in page.context
