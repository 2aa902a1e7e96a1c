"""The site's settings, its menus and pages, and addresses that moved."""

import pytest
from django.urls import reverse

from authors.roles import Role
from blog.admin.site import SiteSettingsForm
from blog.models import MenuItem, Page, Redirect, SiteSettings
from blog.publishing import pages, trash
from blog.publishing.pictures import image_update
from blog.publishing.subjects import tag_save
from blog.site import colours
from blog.site.settings import site_settings
from tests.factories import make_article, make_image, make_tag, make_user

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/blog/sitesettings/1/change/"


@pytest.fixture
def owner():
    return make_user(role=Role.OWNER)


def save_settings(client, owner, *items, **changed):
    client.force_login(owner)
    site = site_settings()
    kept = {name: site.serializable_value(name) for name in SiteSettingsForm._meta.fields}
    values = {
        name: value for name, value in kept.items() if value is not None and value is not False
    }
    for place, prefix in (("header", "menu_items"), ("footer", "menu_items-2")):
        mine = [item for item in items if item["place"] == place]
        values |= {f"{prefix}-TOTAL_FORMS": len(mine), f"{prefix}-INITIAL_FORMS": 0}
        for number, item in enumerate(mine):
            values |= {f"{prefix}-{number}-{name}": value for name, value in item.items()}
            values[f"{prefix}-{number}-site"] = 1
    answer = client.post(SETTINGS, values | changed)
    return answer, SiteSettings.objects.get()


def make_page(title="Over ons", **fields):
    slug = fields.pop("slug", "over-ons")
    page = Page(title=title, slug=slug, body_source=fields.pop("body", "<p>Wij.</p>"), **fields)
    return pages.page_save(page=page, editor=None)


class TestAccent:
    def test_it_reaches_every_page_without_inline_style(self, client, owner):
        article = make_article()
        before = client.get(article.get_absolute_url())["ETag"]
        answer, site = save_settings(client, owner, accent="#8A1C5B")
        assert answer.status_code == 302
        assert site.accent == "8a1c5b"
        assert colours.least(site.accent_dark, colours.DARK) >= colours.AA
        client.logout()
        for url in ("/", article.get_absolute_url()):
            page = client.get(url)
            assert f'href="{site.style_url}"' in page.text
            assert "style=" not in page.text
        assert client.get(article.get_absolute_url())["ETag"] != before
        style = client.get(site.style_url)
        assert "immutable" in style["Cache-Control"]
        assert "#8a1c5b" in style.text
        assert style["Content-Type"] == "text/css"

    def test_what_cannot_be_read_is_refused_with_the_nearest_that_can(self, client, owner):
        answer, site = save_settings(client, owner, accent="#ffcc00", title="Anders")
        errors = answer.context["adminform"].form.errors["accent"]
        better = colours.nearest("ffcc00", colours.LIGHT)
        assert f"#{better}" in errors[0]
        assert (site.accent, site.title) == ("", "Weerwoord")
        assert 'value="Anders"' in answer.text
        _answer, site = save_settings(client, owner, accent="#ffcc00", take_nearest="on")
        assert site.accent == better

    @pytest.mark.parametrize("typed", ["red", "#12", "#0b5d5a;}", "</style>"])
    def test_only_colours_are_taken(self, client, owner, typed):
        answer, site = save_settings(client, owner, accent=typed)
        assert answer.status_code == 200
        assert site.accent == ""

    def test_a_stylesheet_of_unreadable_colours_is_not_made(self, client):
        assert client.get("/style/ffcc00-7fccc3.css").status_code == 404
        assert client.get("/style/ABCDEF-7fccc3.css").status_code == 404


def test_the_logo_is_a_picture_of_the_library(client, owner, django_assert_num_queries):
    image = make_image("Het merk")
    _answer, site = save_settings(client, owner, logo=image.pk)
    assert site.logo == image
    client.logout()
    assert 'class="site-logo"' in client.get("/").text


class TestMenus:
    def test_they_cost_no_query_and_follow_what_they_lead_to(
        self, client, owner, django_assert_num_queries
    ):
        make_article(tags=[make_tag("Werk")])
        page = make_page()
        tag = make_tag("Rust")
        save_settings(
            client,
            owner,
            {"place": "header", "position": 2, "page": page.pk},
            {"place": "header", "position": 1, "tag": tag.pk, "label": "Kalm"},
            {"place": "footer", "position": 1, "url": "https://elders.example/", "label": "Elders"},
        )
        client.logout()
        with django_assert_num_queries(5):
            html = client.get("/").text
        head, foot = html.split("</header>")[0], html.split("<footer")[-1]
        assert head.index("Kalm") < head.index("Over ons")
        assert "https://elders.example/" in foot
        tag.slug = "kalmte"
        tag_save(tag=tag)
        assert 'href="/tag/kalmte/"' in client.get("/").text
        page.public = False
        pages.page_save(page=page, editor=None)
        assert "Over ons" not in client.get("/").text

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "//kwaad.example", "data:text/html,x", "zomaar", "/a b"]
    )
    def test_other_addresses_are_refused(self, client, owner, url):
        item = {"place": "header", "position": 1, "url": url, "label": "X"}
        answer, _site = save_settings(client, owner, item)
        assert answer.status_code == 200
        assert not MenuItem.objects.exists()

    def test_an_item_leads_to_one_thing(self, client, owner):
        page, tag = make_page(), make_tag()
        item = {"place": "header", "position": 1, "page": page.pk, "tag": tag.pk}
        answer, _site = save_settings(client, owner, item)
        assert answer.status_code == 200


class TestPages:
    def post(self, client, url="/admin/blog/page/add/", **changed):
        values = {
            "title": "Over ons",
            "body_source": "<h2>Wie</h2><p onclick=x>Wij.</p><script>alert(1)</script>",
            "purpose": "about",
            "language": "nl",
            "public": "on",
            "slug": "",
            "opened_on": "",
        }
        return client.post(url, values | changed)

    def test_an_editor_writes_one_and_readers_find_it(self, client):
        client.force_login(make_user(role=Role.EDITOR))
        assert self.post(client).status_code == 302
        page = Page.objects.get()
        client.logout()
        answer = client.get("/over-ons/")
        assert "Wij." in answer.text
        assert "alert(1)" not in answer.text
        assert "onclick" not in answer.text
        assert not answer.cookies
        assert "public" in answer["Cache-Control"]
        assert "/over-ons/" in client.get("/").text
        assert "/over-ons/" in client.get("/sitemap-pages.xml").text
        assert page.revisions.count() == 1

    @pytest.mark.parametrize(
        "slug", ["admin", "search", "feed", "2025", "tag", "author", "media", "static", "mine"]
    )
    def test_addresses_of_the_site_are_not_for_pages(self, client, slug):
        client.force_login(make_user(role=Role.EDITOR))
        answer = self.post(client, slug=slug)
        assert answer.status_code == 200
        assert "slug" in answer.context["adminform"].form.errors

    def test_a_stale_form_is_stopped_with_its_text(self, client):
        page = make_page()
        client.force_login(make_user(role=Role.EDITOR))
        url = reverse("admin:blog_page_change", args=[page.pk])
        opened = page.version
        assert self.post(client, url, slug="over-ons", opened_on=opened).status_code == 302
        answer = self.post(
            client, url, slug="over-ons", opened_on=opened, body_source="<p>Van mij.</p>"
        )
        assert answer.status_code == 409
        assert "Van mij." in answer.text
        assert "Van mij." not in Page.objects.get().body_source

    def test_a_renamed_page_leads_on_and_a_deleted_one_says_goodbye(self, client):
        page = make_page()
        page.slug = "wij"
        pages.page_save(page=page, editor=None)
        assert client.get("/over-ons/")["Location"] == "/wij/"
        trash.page_delete(page=page)
        assert client.get("/wij/").status_code == 410
        assert client.get("/over-ons/").status_code == 410

    def test_drafts_are_not_shown(self, client):
        make_page(public=False)
        assert client.get("/over-ons/").status_code == 404
        assert "over-ons" not in client.get("/sitemap-pages.xml").text

    def test_changed_words_of_a_picture_reach_it(self, client):
        image = make_image("Eerst")
        make_page(body=f'<figure data-image="{image.pk}"></figure>')
        image.alt = "Daarna"
        image_update(image=image)
        assert "Daarna" in client.get("/over-ons/").text

    @pytest.mark.parametrize("role", [Role.AUTHOR, Role.MODERATOR, None])
    def test_they_are_the_editors_(self, client, role):
        page = make_page()
        client.force_login(make_user(role=role))
        url = reverse("admin:blog_page_change", args=[page.pk])
        assert client.get(url).status_code == 403
        assert self.post(client, url, title="Anders").status_code == 403


class TestRedirects:
    def add(self, client, **values):
        client.force_login(make_user(role=Role.EDITOR))
        return client.post("/admin/blog/redirect/add/", {"target": "", "article": "", **values})

    def test_moved_and_gone(self, client, settings):
        assert (
            self.add(client, old_path=f"{settings.SITE_URL}/oud/", target="/nieuw/").status_code
            == 302
        )
        assert self.add(client, old_path="/weg%C3%A9/").status_code == 302
        assert client.get("/oud/")["Location"] == "/nieuw/"
        assert client.get("/weg%C3%A9/").status_code == 410

    @pytest.mark.parametrize(
        ("old", "target"),
        [
            ("/a/", "/a/"),
            # A chain from either end.
            ("/nieuw/", "/elders/"),
            ("/x/", "/oud/"),
            ("zonder", ""),
            ("//kwaad.example/", "/b/"),
            ("/b/", "//kwaad.example/"),
            ("/b/", "https://kwaad.example/"),
            ("/b/", "/\\kwaad.example"),
            ("/b/?c=d", "/e/"),
        ],
    )
    def test_loops_chains_and_other_sites_are_refused(self, client, old, target):
        Redirect.objects.create(old_path="/oud/", target="/nieuw/")
        assert self.add(client, old_path=old, target=target).status_code == 200
        assert Redirect.objects.count() == 1

    def test_an_article_does_not_lead_to_itself(self, client):
        article = make_article()
        answer = self.add(client, old_path=article.get_absolute_url(), article=article.pk)
        assert answer.status_code == 200
        assert not Redirect.objects.exists()


def test_the_featured_article_stands_first_and_once(client, owner):
    articles = [make_article(f"Stuk {number}") for number in range(13)]
    save_settings(client, owner, featured=articles[0].pk)
    client.logout()
    first = client.get("/")
    assert first.context["articles"][0] == articles[0]
    assert "Uitgelicht" in first.text
    rest = client.get(first.context["older_url"])
    seen = [*first.context["articles"], *rest.context["articles"]]
    assert len(seen) == len(set(seen)) == 13
    articles[0].status = "draft"
    articles[0].save()
    assert client.get("/").status_code == 200
    assert "Uitgelicht" not in client.get("/").text


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.EDITOR, Role.MODERATOR])
def test_settings_are_the_owners_(client, role):
    site_settings()
    answer, site = save_settings(client, make_user(role=role), title="Gekaapt")
    assert answer.status_code == 403
    assert site.title == "Weerwoord"
