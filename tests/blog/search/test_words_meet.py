"""What readers named: forms of Dutch words, misspellings, and pieces of text that glue nothing."""

import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Article, Hold, Page, SearchWord, SiteSettings
from blog.publishing.articles import article_save
from blog.publishing.pages import page_save
from blog.search.articles import Filters, search
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import search as comments_search
from tests.factories import make_article, make_author, make_image, make_tag, make_user

pytestmark = pytest.mark.django_db

NAMED = [
    ("vakantie", "vakanties"),
    ("reactie", "reacties"),
    ("organisatie", "organisaties"),
    ("uur", "uren"),
    ("baas", "bazen"),
    ("roos", "rozen"),
    ("bus", "bussen"),
    ("schrijft", "schrijven"),
    ("geeft", "geven"),
    ("gaf", "geven"),
    ("mooi", "mooie"),
    ("foto's", "foto"),
    ("bestuursleden", "bestuurslid"),
]


def said(text, article):
    submission = Submission(article=article, parent=None, name="Karim", text=text)
    return comment_post(submission=submission, site=SiteSettings(hold=Hold.NOBODY))[0]


def found_comments(query):
    return comments_search.search(query, filters=Filters()).results


def test_forms_of_a_word_meet_in_articles_and_comments_both_ways():
    home = make_article("Stil", body="")
    words = {word: {word, *others} for word, others in meetings().items()}
    articles = {word: make_article("Iets", body=f"<p>Een {word} hier</p>") for word in words}
    comments = {word: said(f"Een {word} hier", home) for word in words}
    for asked, forms in words.items():
        page = search(asked)
        assert set(page.results) == {articles[form] for form in forms}, asked
        assert all("<mark>" in article.headline for article in page.results), asked
        assert set(found_comments(asked)) == {comments[form] for form in forms}, asked
        assert all("<mark>" in comment.headline for comment in found_comments(asked)), asked


def meetings():
    """Each word that was named, with those that it must find."""
    found = {}
    for one, other in NAMED:
        for word in (one, other):
            found.setdefault(word, set()).update({one, other} | found.get(one, set()))
    for word in ("geeft", "gaf", "geven"):
        found[word] = {"geeft", "gaf", "geven"}
    return found


def test_they_meet_in_titles_leads_tags_and_pages():
    for stands, asked in (("vakanties", "vakantie"), ("baas", "bazen")):
        made = {
            make_article(f"Over {stands} gesproken", body=""),
            make_article("Iets", body="", lead=f"Over {stands} gesproken."),
            make_article("Iets", body="", tags=[make_tag(f"De {stands}")]),
        }
        page = Page.objects.create(
            title=f"Over {stands}", slug=stands, body_source="", body_text="", public=True
        )
        found = search(asked)
        assert set(found.results) == made, asked
        assert found.beside == [page], asked


def test_words_that_only_look_alike_do_not_meet():
    for asked, stands in [("bom", "boom"), ("rossen", "rozen"), ("zakken", "zaken"),
                          ("man", "maan"), ("bas", "bazen")]:  # fmt: skip
        article = make_article("Iets", body=f"<p>Een {stands} hier.</p>")
        assert search(asked).results == [], (asked, stands)
        assert search(stands).results == [article]
        article.delete()


def test_phrases_and_exclusions_take_every_form():
    one = make_article("Iets", body="<p>De rode lopers lagen er.</p>")
    assert search('"rode loper"').results == [one]
    assert search('"rood loper"').results == [one]
    assert search('"loper rode"').results == []
    assert search("rode -lopers").results == search("rode -loper").results == []


def test_a_misspelt_word_leads_to_the_right_one_in_articles_and_comments(client):
    article = make_article("Stil")
    said("Mijn sollicitatie liep anders.", article)
    editor = make_user(role="Redacteur")
    other = Article(title="De sollicitatie", body_source="<p>Tekst.</p>", status="published")
    article_save(
        article=other, authors=[make_author()], tags=None, editor=editor, expected_version=None
    )
    assert SearchWord.objects.filter(word="sollicitatie").exists()
    # Makes the row of settings, and reads the windows of dates, which are kept.
    client.get("/search/?q=stil")
    for typed in ("solicitatie", "solicitaties", "sollicitasie", "solllicitatie"):
        for path in ("/search/", "/search/comments/"):
            with CaptureQueriesContext(connection) as queries:
                page = client.get(path, {"q": typed})
            assert page.context["suggestion"].startswith("sollicitatie"), (path, typed)
            assert f'href="{path}?q=sollicitatie' in page.content.decode(), (path, typed)
            assert len(queries) <= 20, [entry["sql"] for entry in queries]
    assert client.get("/search/comments/?q=solicitatie&before=1").context["suggestion"] == ""


def test_a_piece_of_text_glues_no_credit_to_a_sentence():
    image = make_image(caption="De brug bij avond", credit="Foto: Jan Fiets")
    body = f'<p>Het einde van iets</p><figure data-image="{image.pk}"></figure><p>Fietsen mag.</p>'
    article = Article(title="Iets", body_source=body, status="published")
    editor = make_user(role="Redacteur")
    article_save(
        article=article, authors=[make_author()], tags=None, editor=editor, expected_version=None
    )
    (row,) = search("fiets").results
    assert row.headline == "Foto: Jan <mark>Fiets</mark> … <mark>Fietsen</mark> mag"
    (row,) = search("avond").results
    assert row.headline == "De brug bij <mark>avond</mark>"
    page = Page(title="Over ons", slug="over", body_source=body, public=True)
    page_save(page=page, editor=None)
    assert search("avond").beside[0].headline == "De brug bij <mark>avond</mark>"


def test_old_texts_are_indexed_anew_and_in_lines():
    article = make_article("Iets", body="<p>Slot</p><p>Begin.</p>")
    page = Page.objects.create(title="Iets", slug="iets", body_html="<p>A</p><p>B</p>")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TEXT SEARCH CONFIGURATION weerwoord_nl ALTER MAPPING FOR asciiword"
                       " WITH unaccent, dutch_stem")  # fmt: skip
        Article.objects.filter(pk=article.pk).update(body_text="Slot Begin bomen")
        migration = importlib.import_module("blog.migrations.0019_dutch_words")
        # It may have been broken off before: then the dictionary is there already.
        cursor.execute(migration._WORDS)
    old = Article.objects.get(pk=article.pk).search
    assert "'bom'" in old
    migration.index_texts(apps, None)
    article.refresh_from_db()
    page.refresh_from_db()
    assert (article.body_text, page.body_text) == ("Slot\nBegin.", "A\nB")
    assert article.version == 1
    assert "'begin'" in article.search
    assert "'slot'" in article.search
    assert "'bom'" not in article.search
