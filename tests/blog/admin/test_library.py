"""The picture library: a grid with facts and uses, a file in the place of another, a crop."""

import re
from html import unescape

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from authors.roles import Role
from blog.models import Image
from blog.publishing.pictures import image_add
from tests.factories import make_article, make_author, make_image, make_upload, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/image/"


@pytest.fixture
def author(client):
    author = make_author("Anna", user=make_user(role=Role.AUTHOR))
    client.force_login(author.user)
    return author


def change(image):
    return reverse("admin:blog_image_change", args=[image.pk])


def tiles(client, **query):
    page = lxml.html.fromstring(client.get(LIST, query).text)
    found = page.xpath("//ul[@class='library-grid']/li")
    return [" ".join(tile.text_content().split()) for tile in found]


def test_the_grid_says_size_maker_and_use(client, author, media_root):
    image_add(upload=make_upload(), alt="Een brug", credit="Bo", user=author.user)
    shown = make_image("Een kat", credit="")
    make_article(picture=shown, body=f'<figure data-image="{shown.pk}"></figure>')
    make_article(body=f'<figure data-gallery="{shown.pk},{shown.pk + 9}"></figure>', status="draft")
    cat, bridge = tiles(client)
    assert re.fullmatch(r"Een kat 800 × 400 \D+ 2 \D+", cat)
    assert re.fullmatch(r"Een brug Bo · 640 × 400 · [\d,]+.KB \D+", bridge)
    assert [one[:7] for one in tiles(client, used="1")] == ["Een kat"]
    assert [one[:8] for one in tiles(client, used="0")] == ["Een brug"]
    assert [one[:8] for one in tiles(client, added="me")] == ["Een brug"]
    assert [one[:8] for one in tiles(client, q="bo")] == ["Een brug"]
    assert tiles(client, q="niets") == []
    assert client.get(LIST, {"used": "7"}).status_code == 302


def test_a_page_of_it_costs_the_same_for_many(
    client, author, django_assert_max_num_queries, monkeypatch
):
    for number in range(60):
        make_article(picture=make_image(f"Beeld {number}"))
    client.get(LIST)
    with django_assert_max_num_queries(14):
        assert len(tiles(client)) == 48
    assert len(tiles(client, p="2")) == 12


def test_a_picture_says_where_it_is_used_to_whom_may_know(client, author):
    image = make_image()
    make_article("Openbaar van Bram", picture=image)
    make_article("Concept van Bram", picture=image, status="draft")
    mine = make_article("Concept van mij", authors=[author], share_picture=image, status="draft")
    page = client.get(change(image)).text
    assert "Openbaar van Bram" in page
    assert "Concept van Bram" not in page
    assert reverse("admin:blog_article_change", args=[mine.pk]) in page
    uses = lxml.html.fromstring(page).find_class("library-uses")[0]
    assert [re.search(r"^\s*1 ", row.text_content()) is not None for row in uses] == [
        False,
        False,
        True,
    ]
    client.force_login(make_user(role=Role.EDITOR))
    assert "Concept van Bram" in client.get(change(image)).text


def test_another_file_and_a_crop_in_one_form(client, author, media_root):
    image = image_add(upload=make_upload(size=(800, 400)), alt="Een brug", user=author.user)
    before = image.names
    sent = {"alt": "Twee bruggen", "crop_left": 50, "crop_width": 80, "crop_height": ""}
    answer = client.post(change(image), {**sent, "another": make_upload(size=(1000, 600))})
    assert answer.status_code == 302
    image.refresh_from_db()
    # As far as the picture goes; what is not sent stays.
    assert image.crop == (50, 0, 50, 100)
    assert (image.width, image.alt) == (1000, "Twee bruggen")
    assert not image.names & before
    broken = SimpleUploadedFile("brug.jpg", b"geen plaatje", "image/jpeg")
    answer = client.post(change(image), {"alt": "Drie", "another": broken})
    assert (answer.status_code, "Drie" in answer.text) == (200, True)
    assert "['" not in unescape(answer.text)
    image.refresh_from_db()
    assert image.alt == "Twee bruggen"
    words = client.post(f"{LIST}{image.pk}/words/", {"alt": "Vier", "crop_left": 0}).json()
    assert (words["alt"], words["crop"]) == ("Vier", [0, 0, 50, 100])
    assert words["whole"] != words["thumb"]
    for crop in ({"crop_width": 2}, {"crop_left": 101}, {"crop_top": -1}):
        assert client.post(f"{LIST}{image.pk}/words/", {"alt": "x", **crop}).status_code == 422


def test_an_upload_that_was_cancelled_is_taken_back(client, author, media_root):
    added = client.post(f"{LIST}choose/", {"file": make_upload(), "alt": "Een brug"}).json()
    foreign = make_image()
    used = make_image(uploaded_by=author.user)
    make_article(picture=used)
    for image in (foreign, used):
        assert client.post(f"{LIST}{image.pk}/drop/").status_code == 409
    assert client.post(f"{LIST}{added['id']}/drop/").status_code == 200
    assert client.post(f"{LIST}{added['id']}/drop/").status_code == 404
    assert set(Image.objects.all()) == {foreign, used}
