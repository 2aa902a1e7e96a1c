"""Pictures for sharing: the right words in the right glyphs, drawn once, by the worker alone."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from blog.discovery import share_picture_jobs, share_pictures
from blog.discovery.share_pictures import ShareImage, draw
from blog.models import Article, Status
from blog.publishing.articles import article_save
from blog.publishing.trash import article_delete
from blog.site.settings import site_settings, site_settings_save
from tests.factories import make_article, make_author, make_image


def pixels(data):
    return Image.open(BytesIO(data))


def test_it_is_a_png_of_the_size_that_networks_want():
    image = pixels(draw(ShareImage("De titel", "Door Anna", "Het Blad")))
    assert (image.format, image.size) == ("PNG", (1200, 630))


def test_dutch_and_european_letters_have_glyphs():
    font = share_pictures._font("Bold", 40)
    none = bytes(font.getmask("\uffff"))
    for letter in "éëïöüáàèêçñøåæœßšžčğıłńőű–—‘’“”…€«»ÉËÏ&?!;·":
        assert bytes(font.getmask(letter)) != none, letter


def test_a_long_title_is_set_smaller_and_at_last_cut():
    size, lines = share_pictures._fitted("Kort", 1000)
    assert (size, lines) == (76, ["Kort"])
    size, lines = share_pictures._fitted("Een titel die niet op een regel past " * 3, 1000)
    assert size < 76
    assert len(lines) > 2
    size, lines = share_pictures._fitted("woord " * 200, 1000)
    assert size == 46
    assert lines[-1].endswith("…")
    assert len(lines) * size * 1.16 <= 350


@settings(max_examples=25, deadline=None)
@given(title=st.text(max_size=160), byline=st.text(max_size=90), site=st.text(max_size=80))
def test_no_text_is_too_odd(title, byline, site):
    assert draw(ShareImage(title, byline, site))


@given(st.text(max_size=160))
def test_every_line_is_within_the_picture(text):
    font = share_pictures._font("Bold", 46)
    for line in share_pictures._lines(text, font, 500):
        assert len(line) == 1 or font.getlength(line) <= 500


@pytest.mark.django_db
@pytest.mark.usefixtures("media_root")
class TestMaking:
    def test_published_articles_get_one_each_version(self):
        article = make_article("Eén", authors=[make_author("Anna"), make_author("Bram")])
        make_article(status=Status.DRAFT)
        assert share_picture_jobs.draw_missing() == 1
        assert share_picture_jobs.draw_missing() == 0
        article.refresh_from_db()
        assert default_storage.exists(article.card)
        first = article.card
        article.title = "Twee"
        article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)
        assert share_picture_jobs.draw_missing() == 1
        article.refresh_from_db()
        assert article.card != first

    @pytest.mark.django_db(transaction=True)
    def test_what_it_said_before_is_thrown_away_and_goes_with_the_article(self):
        article = make_article("Eén")
        share_picture_jobs.draw_missing()
        first = Article.objects.get().card
        Article.objects.update(title="Twee", version=9)
        share_picture_jobs.draw_missing()
        second = Article.objects.get().card
        assert not default_storage.exists(first)
        article.refresh_from_db()
        article_delete(article=article)
        assert not default_storage.exists(second)

    def test_the_page_names_it(self, client, settings):
        settings.SITE_URL = "https://blad.example"
        article = make_article("De titel", picture=make_image())
        before = client.get(article.get_absolute_url())
        share_picture_jobs.draw_missing()
        article.refresh_from_db()
        after = client.get(article.get_absolute_url())
        url = f"https://blad.example/media/{article.card}"
        html = after.content.decode()
        assert f'<meta property="og:image" content="{url}">' in html
        assert '<meta property="og:image:width" content="1200">' in html
        assert before["ETag"] != after["ETag"]
        # What stands in it is not part of the picture of the article itself.
        assert '"image": "https://blad.example/media/pictures/' in html
        answer = client.get(f"/media/{article.card}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        answer.close()

    def test_nobody_but_the_worker_draws(self, client, monkeypatch):
        monkeypatch.setattr(share_pictures, "draw", lambda *_: pytest.fail("drawn for a reader"))
        client.get(make_article().get_absolute_url())
        assert client.get("/media/cards/1-0000.png").status_code == 404

    def test_one_that_cannot_be_drawn_does_not_hold_up_the_others(self, monkeypatch):
        real = share_pictures.draw

        def broken(card, picture=None):
            if card.title == "Stuk":
                raise ValueError("kapot")
            return real(card, picture)

        monkeypatch.setattr(share_pictures, "draw", broken)
        make_article("Stuk")
        make_article("Heel")
        assert share_picture_jobs.draw_missing() == 1
        assert share_picture_jobs.draw_missing() == 0

    def test_a_new_title_of_the_site_shows(self):
        make_article()
        share_picture_jobs.draw_missing()
        site = site_settings()
        site.title = "Een andere naam"
        site_settings_save(site=site)
        assert share_picture_jobs.draw_missing() == 1
        site_settings_save(site=site)
        assert share_picture_jobs.draw_missing() == 0
