"""A picture leaves: out of every text, off the disk, and for good when somebody wants that."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from authors.roles import Role
from blog.content.figures import without_picture
from blog.models import Article, Image, Page, RetiredPicture, Revision, WorkingCopy
from blog.publishing import pages, picture_removal
from blog.publishing.pictures import image_add, image_replace
from blog.site.settings import site_settings, site_settings_save
from core.pictures import PictureError
from interchange import exports
from interchange.models import Export, ExportState
from tests.factories import make_article, make_author, make_upload, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make_user(role=Role.EDITOR)
    client.force_login(user)
    return user


@pytest.fixture
def image(media_root):
    return image_add(upload=make_upload(), alt="Anna de Wit", user=None)


def removal(image):
    return reverse("admin:blog_image_delete", args=[image.pk])


def used_everywhere(image, other):
    """An article, a page and the settings that show the picture, and a form that chose it."""
    card = default_storage.save("cards/1-0123456789abcdef.png", ContentFile(b"x"))
    article = make_article(
        "Een gesprek",
        picture=image,
        share_picture=image,
        card=card,
        card_version=1,
        body=f'<p>Voor.</p><figure data-image="{image.pk}"></figure><p>Na.</p>'
        f'<figure data-gallery="{image.pk},{other.pk}"></figure>',
    )
    page = Page(title="Over", slug="over", body_source=f'<figure data-image="{image.pk}"></figure>')
    pages.page_save(page=page, editor=None)
    site = site_settings()
    site.logo = image
    site_settings_save(site=site)
    user = make_user()
    data = {"picture": [str(image.pk)], "title": ["Half af"]}
    WorkingCopy.objects.create(user=user, key="a" * 36, data=data)
    return article, page


def status_of(client, url):
    answer = client.get(url)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


@pytest.mark.parametrize("act", ["delete", "withdraw"])
def test_it_is_gone_everywhere(
    client,
    editor,
    image,
    media_root,
    act,
    tmp_path,
    monkeypatch,
    django_capture_on_commit_callbacks,
):
    monkeypatch.setattr(exports, "place", lambda: tmp_path / "exports")
    other = image_add(upload=make_upload(colour="#00f"), alt="Een brug", user=None)
    twin = image_add(upload=make_upload(), alt="Nog eens", user=None)
    article, page = used_everywhere(image, other)
    shown = client.get(removal(image)).text
    assert "Een gesprek" in shown
    assert ">Over<" in shown
    old = [f"/media/{name}" for name in image.names]
    export = Export.objects.create(made_by=editor, state=ExportState.READY)
    exports.file_of(export).parent.mkdir(exist_ok=True, parents=True)
    exports.file_of(export).write_bytes(b"x")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(removal(image), {"act": act})
    assert answer["Location"] == "/admin/blog/image/"
    assert not Image.objects.filter(pk=image.pk).exists()
    article.refresh_from_db()
    assert (article.picture, article.share_picture, article.card) == (None, None, "")
    assert article.body_source == (
        f'<p>Voor.</p><p>Na.</p><figure data-image="{other.pk}"></figure>'
    )
    assert not Path(media_root, "cards", "1-0123456789abcdef.png").exists()
    assert Revision.objects.filter(article=article, version=article.version).exists()
    page.refresh_from_db()
    assert page.body_source == ""
    assert site_settings().logo is None
    assert WorkingCopy.objects.get().data == {"picture": [""], "title": ["Half af"]}
    left = {status_of(client, url) for url in old}
    gone = act == "withdraw"
    assert exports.file_of(export).exists() is not gone
    assert Export.objects.exists() is not gone
    assert Image.objects.filter(pk=twin.pk).exists() is not gone
    assert left == ({410} if gone else {200})
    # A second click finds nothing to do.
    assert client.post(removal(image), {"act": act}).status_code == 302
    if not gone:
        return
    for url in ("/admin/blog/image/choose/", "/admin/blog/image/add/"):
        refused = client.post(url, {"file": make_upload(), "alt": "Weer"})
        assert refused.status_code in (200, 422)
    with pytest.raises(PictureError):
        image_replace(image=other, upload=make_upload())
    page_of = client.get("/admin/blog/image/withdrawn/")
    assert "Anna" not in page_of.text
    retired = RetiredPicture.objects.get()
    assert (retired.image, retired.withdrawn_by) == (None, editor)
    client.post("/admin/blog/image/withdrawn/", {"picture": retired.pk})
    assert image_add(upload=make_upload(), alt="Weer", user=None).pk
    log = "".join(client.get("/admin/").text)
    assert "Anna de Wit" not in log


def test_the_last_entry_takes_the_files_along(
    image, editor, media_root, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        picture_removal.image_delete(image=image, editor=editor)
        # Twice is once.
        picture_removal.image_delete(image=image, editor=editor)
    assert not list(Path(media_root, "pictures").iterdir())
    assert not RetiredPicture.objects.exists()


def test_a_restored_backup_withdraws_it_again(
    image, editor, media_root, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.BACKUP_DIR = tmp_path
    kept = Image.objects.get()
    picture_removal.image_withdraw(image=image, editor=editor)
    RetiredPicture.objects.all().delete()
    since = kept.created_at
    kept.save(force_insert=True)
    Image.objects.update(created_at=since)
    article = make_article(picture=kept)
    Image.objects.create(file="pictures/ander.jpg", digest="0" * 64, width=1, height=1)
    assert picture_removal.withdrawals_repeat() == 1
    article.refresh_from_db()
    assert article.picture is None
    assert RetiredPicture.objects.get().withdrawn_at
    assert Image.objects.count() == 1


def test_an_author_lets_go_of_her_own_when_nothing_shows_it(client, media_root):
    anna = make_author(user=make_user(role=Role.AUTHOR))
    mine = image_add(upload=make_upload(), alt="Van mij", user=anna.user)
    foreign = image_add(upload=make_upload(colour="#00f"), alt="Van Bram", user=make_user())
    make_article("Geheim van Bram", picture=mine, status="draft")
    client.force_login(anna.user)
    for picture, act in ((mine, "delete"), (foreign, "delete"), (mine, "withdraw")):
        page = client.get(removal(picture)).text
        assert 'name="act"' not in page
        assert "Geheim" not in page
        assert client.post(removal(picture), {"act": act}).status_code == 403
    Article.objects.all().delete()
    assert 'value="withdraw"' not in client.get(removal(mine)).text
    assert client.post(removal(mine), {"act": "withdraw"}).status_code == 403
    client.post(removal(mine), {"act": "delete"})
    assert list(Image.objects.all()) == [foreign]
    assert client.get("/admin/blog/image/withdrawn/").status_code == 404
    client.force_login(make_user(role=Role.MODERATOR))
    assert client.get(removal(foreign)).status_code == 404


def test_a_post_without_an_act_deletes_nothing(client, editor, image):
    assert client.post(removal(image), {"post": "yes"}).status_code == 200
    assert Image.objects.exists()


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("", ""),
        ('<figure data-image="12"></figure>', '<figure data-image="12"></figure>'),
        ('<p>a</p><figure data-image="2"></figure> b', "<p>a</p> b"),
        ('<ul><li>x<figure data-image="2"></figure></li></ul>', "<ul><li>x</li></ul>"),
        ('<figure data-gallery="2,12,22"></figure>', '<figure data-gallery="12,22"></figure>'),
        ('<figure data-gallery="2,2"></figure>', ""),
        ("<p>a &lt; b &amp; c</p>", "<p>a &lt; b &amp; c</p>"),
    ],
)
def test_one_picture_leaves_a_text(source, left):
    assert without_picture(source, 2) in (left, left or "<p></p>")
