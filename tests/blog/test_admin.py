"""Writing in the admin: who may, what is stored, and what a stale form meets."""

import pytest
from django.urls import reverse

from authors.models import Author, Role
from blog.models import Article, Image, Status
from tests.factories import make_article, make_author, make_image, make_upload, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_author("Femke", user=make_user(role=Role.AUTHOR))


def fields(**changed):
    return {
        "title": "Een stuk",
        "lead": "Kort.",
        "body_source": "<p>Tekst.</p>",
        "words": "Werk, HR",
        "people": [],
        "picture": "",
        "language": "nl",
        "comment_policy": "open",
        "status": "published",
        "published_at_0": "",
        "published_at_1": "",
        "slug": "",
        "opened_on": "",
        **changed,
    }


def edit(article):
    return reverse("admin:blog_article_change", args=[article.pk])


def test_an_author_writes_and_readers_read(client, author):
    client.force_login(author.user)
    assert client.get("/admin/blog/article/add/").status_code == 200
    evil = "<h2>Kop</h2><script>alert(1)</script><p onclick=x>Tekst.</p>"
    answer = client.post("/admin/blog/article/add/", fields(body_source=evil, people=[author.pk]))
    assert answer.status_code == 302, answer.context["errors"]
    article = Article.objects.get()
    assert (article.byline, [tag.name for tag in article.tag_list]) == ([author], ["HR", "Werk"])
    page = client.get(article.get_absolute_url()).content.decode()
    assert '<h2 id="s-kop">Kop</h2>' in page
    assert "alert(1)" not in page
    assert "onclick" not in page


def test_the_circle_around_an_article(client, author):
    article = make_article("Eigen stuk", authors=[author], status=Status.DRAFT)
    other = make_author(user=make_user(role=Role.AUTHOR))
    seen = {}
    for name, user in {
        "owner": author.user,
        "colleague": other.user,
        "editor": make_user(role=Role.EDITOR),
        "moderator": make_user(role=Role.MODERATOR),
        "stranger": make_user(is_staff=False),
    }.items():
        client.force_login(user)
        listed = "Eigen stuk" in client.get("/admin/blog/article/", follow=True).content.decode()
        form = "Eigen stuk" in client.get(edit(article), follow=True).content.decode()
        client.post(
            edit(article),
            fields(
                title=f"Van {name}", status="draft", people=[author.pk], opened_on=article.version
            ),
        )
        article.refresh_from_db()
        seen[name] = (listed, form, article.title == f"Van {name}")
        Article.objects.update(title="Eigen stuk")
    assert seen["owner"] == (True, True, True)
    assert seen["editor"] == (True, True, True)
    for name in ("colleague", "moderator", "stranger"):
        assert seen[name] == (False, False, False), name


def test_a_stale_form_is_stopped_with_both_texts(client, author):
    article = make_article("Oud", authors=[author])
    client.force_login(author.user)
    opened = article.version
    client.post(edit(article), fields(title="Van haar", opened_on=opened, people=[author.pk]))
    answer = client.post(
        edit(article), fields(title="Van mij", opened_on=opened, people=[author.pk])
    )
    page = answer.content.decode()
    assert "Van haar" in page
    assert 'value="Van mij"' in page
    article.refresh_from_db()
    assert article.title == "Van haar"


def test_an_author_edits_herself_alone(client, author):
    other = make_author("Ander")
    client.force_login(author.user)
    url = reverse("admin:authors_author_change", args=[author.pk])
    assert client.get(url).status_code == 200
    answer = client.get(reverse("admin:authors_author_change", args=[other.pk]))
    assert answer.status_code == 302
    assert client.get("/admin/authors/user/").status_code == 403
    links = {"links-TOTAL_FORMS": 0, "links-INITIAL_FORMS": 0}
    client.post(url, {"name": "Femke", "role": "Adviseur", "bio": "x", "website": "", **links})
    assert Author.objects.get(pk=author.pk).role == "Adviseur"


def test_pictures_are_decoded_or_refused_with_a_word(client, author, media_root):
    client.force_login(author.user)
    url = "/admin/blog/image/add/"
    answer = client.post(url, {"file": make_upload(), "alt": "Een brug"})
    assert answer.status_code == 302
    image = Image.objects.get()
    assert image.uploaded_by == author.user
    assert {row["format"] for row in image.renditions} == {"avif", "webp", "jpeg"}
    broken = make_upload()
    broken.file.seek(0)
    broken.file.truncate(300)
    answer = client.post(url, {"file": broken, "alt": "Kapot woord"})
    assert answer.status_code == 200
    assert "Kapot woord" in answer.content.decode()
    assert Image.objects.count() == 1


def test_another_s_picture_is_not_hers_to_change(client, author):
    image = make_image()
    client.force_login(author.user)
    url = reverse("admin:blog_image_change", args=[image.pk])
    client.post(url, {"alt": "Anders"})
    assert Image.objects.get().alt != "Anders"


def test_a_text_beyond_the_bounds_is_said_and_kept(client, author):
    client.force_login(author.user)
    huge = "<p>veel tekst</p>" * 35_000
    answer = client.post("/admin/blog/article/add/", fields(body_source=huge, people=[author.pk]))
    assert answer.status_code == 200
    assert "body_source" in answer.context["adminform"].form.errors
    assert "veel tekst" in answer.content.decode()
    assert not Article.objects.exists()
