"""The library: a file in the place of another, a crop, and what is never left behind."""

import os
import time
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image as Pixels

from blog.models import Article, Image, Page, RetiredPicture
from blog.publishing import articles, pages, picture_files
from blog.publishing.pictures import StalePicture, image_add, image_replace, image_update
from blog.reading.picture_uses import use_counts
from tests.factories import make_article, make_upload

pytestmark = pytest.mark.django_db
BIG = (1000, 500)


def stored(media_root):
    return sorted(path.name for path in Path(media_root, "pictures").glob("*"))


def saved(article, body):
    article.body_source = body
    return articles.article_save(
        article=article, authors=None, tags=None, editor=None, expected_version=None
    )


@pytest.fixture
def image(media_root):
    return image_add(upload=make_upload(size=BIG), alt="Een brug", user=None)


def figure(*numbers):
    kind = "gallery" if len(numbers) > 1 else "image"
    return f'<figure data-{kind}="{",".join(map(str, numbers))}"></figure>'


def test_a_file_takes_the_place_of_another(
    client, image, media_root, django_capture_on_commit_callbacks
):
    article = saved(make_article(), f"<p>a</p>{figure(image.pk)}")
    old = {row["width"]: row["name"] for row in image.renditions if row["format"] == "jpeg"}
    image.focal_x = 20
    image_update(image=image)
    with django_capture_on_commit_callbacks(execute=True):
        new = image_replace(image=image, upload=make_upload(size=(1300, 900), colour="#0a0"))
    assert (new.pk, new.alt, new.focal_x, new.width) == (image.pk, "Een brug", 20, 1300)
    article.refresh_from_db()
    assert not any(name in article.body_html for name in old.values())
    assert any(row["name"] in article.body_html for row in new.renditions)
    assert set(stored(media_root)) == {Path(name).name for name in new.names}
    # Whoever kept an old address comes to the size that is nearest.
    answer = client.get(f"/media/{old[400]}")
    assert (answer.status_code, answer["Cache-Control"]) == (302, "public, max-age=3600")
    assert answer["Location"].endswith("-400.jpg")
    shown = client.get(answer["Location"])
    assert (shown.status_code, len(b"".join(shown.streaming_content)) > 100) == (200, True)
    assert client.get(f"/media/{image.file.name}")["Location"].endswith(str(new.file.name))
    for name in ("pictures/x-0123456789abcdef-400.jpg", "pictures/x.jpg", "cards/1-x.png"):
        assert client.get(f"/media/{name}").status_code == 404


def test_the_file_of_another_entry_stays(image, media_root, django_capture_on_commit_callbacks):
    twin = image_add(upload=make_upload(size=BIG), alt="Dezelfde", user=None)
    with django_capture_on_commit_callbacks(execute=True):
        new = image_replace(image=image, upload=make_upload(colour="#00a"))
        # The same file again changes nothing.
        assert image_replace(image=new, upload=make_upload(colour="#00a")).names == new.names
    assert set(stored(media_root)) == {Path(name).name for name in twin.names | new.names}
    assert not RetiredPicture.objects.exists()


def test_a_crop_cuts_every_size_and_moves_the_focal_point(
    client, image, media_root, django_capture_on_commit_callbacks
):
    article = make_article(picture=image, card="cards/1-0.png", card_version=1)
    saved(article, figure(image.pk))
    whole = image.names
    image.crop_left, image.crop_width, image.crop_height = 50, 50, 80
    image.focal_x, image.focal_y = 75, 100
    with django_capture_on_commit_callbacks(execute=True):
        cropped = image_update(image=image)
    assert {(row["width"], row["height"]) for row in cropped.renditions} == {(400, 320), (500, 400)}
    assert cropped.focus == (50, 100)
    article.refresh_from_db()
    assert "focus-x-5 focus-y-10" in article.body_html
    assert article.card_version == 0
    assert str(cropped.file.name) in whole
    assert set(stored(media_root)) == {Path(name).name for name in cropped.names}
    with default_storage.open(cropped.renditions[0]["name"]) as file:
        assert Pixels.open(file).size == (400, 320)
    # Addresses of the whole picture lead on; a file in its place is cropped the same way.
    small = next(name for name in whole if name.endswith("-400.jpg"))
    assert "-c" in client.get(f"/media/{small}")["Location"]
    with django_capture_on_commit_callbacks(execute=True):
        new = image_replace(image=cropped, upload=make_upload(size=(800, 800), colour="#0aa"))
    assert {(row["width"], row["height"]) for row in new.renditions} == {(400, 640)}
    new.crop_left, new.crop_width, new.crop_height = 0, 100, 100
    with django_capture_on_commit_callbacks(execute=True):
        back = image_update(image=new)
    assert {row["width"] for row in back.renditions} == {400, 800}
    assert set(stored(media_root)) == {Path(name).name for name in back.names}


def test_a_form_that_was_open_brings_no_old_file_back(image, media_root):
    opened = Image.objects.get()
    new = image_replace(image=image, upload=make_upload(colour="#0a0"))
    opened.alt = "Andere woorden"
    assert image_update(image=opened).names == new.names
    Image.objects.all().delete()
    with pytest.raises(StalePicture):
        image_update(image=opened)


def test_uses_are_counted_once_for_a_text(image):
    other = image_add(upload=make_upload(), alt="Ander", user=None)
    one = make_article(picture=image)
    saved(one, figure(image.pk, other.pk))
    assert Article.objects.get().figures == [image.pk, other.pk]
    page = Page(title="Over", slug="over", body_source=figure(image.pk))
    pages.page_save(page=page, editor=None)
    assert use_counts([image.pk, other.pk, 999]) == {image.pk: 2, other.pk: 1}


def test_files_without_a_row_go_after_a_day(image, media_root):
    root = Path(media_root)
    article = make_article(card="cards/7-0123456789abcdef.png")
    names = {
        "pictures/weg-0123456789abcdef.jpg": True,
        "pictures/weg-0123456789abcdef-400.avif": True,
        f"pictures/een-brug-{image.digest[:16]}-c0000323-400.jpg": False,
        f"pictures/een-brug-{image.digest[:16]}-c0000320a-400.jpg": True,
        "pictures/van-een-ander.txt": False,
        article.card: False,
        "cards/8-0123456789abcdef.png": True,
        "cards/README": False,
    }
    (root / "cards").mkdir(exist_ok=True)
    day = time.time() - 2 * 24 * 3600
    for name in names:
        (root / name).write_bytes(b"x")
        os.utime(root / name, (day, day))
    for name in image.names:
        os.utime(root / name, (day, day))
    young = root / "pictures" / "jong-fedcba9876543210.jpg"
    young.write_bytes(b"x")
    assert picture_files.orphans_clear() == sum(names.values())
    assert {name for name in names if not (root / name).exists()} == {
        name for name, orphan in names.items() if orphan
    }
    assert young.exists()
    assert all((root / name).exists() for name in image.names)
    assert picture_files.orphans_clear() == 0
