"""What a comment says of its place and of people, after these have changed."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from authors.models import Author
from authors.roles import Role
from authors.services import author_save
from bench import threads
from blog.models import Article, SiteSettings, Status
from blog.publishing import subjects
from blog.publishing.articles import article_save
from blog.publishing.shared_conversation import article_translates
from comments.models import Comment, State
from comments.posting import by_import
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import fragments, renaming
from config.release import release_token
from tests.addresses import work
from tests.factories import make_article, make_author, make_upload, make_user

OPEN = SiteSettings(hold="nobody", posts_per_hour=0, flood_limit=0, posts_per_person=0)
pytestmark = pytest.mark.django_db
ANNA = {"name": "Anna de Wit"}


def say(article, text="Een gedachte.", parent=None, writer=ANNA):
    return comment_post(
        submission=Submission(article=article, parent=parent, text=text, **writer), site=OPEN
    )[0]


def save(article, **changes):
    stored = Article.objects.get(pk=article.pk)
    for name, value in changes.items():
        setattr(stored, name, value)
    article_save(article=stored, authors=None, tags=None, editor=None, expected_version=None)
    return stored


def page_of(client, article):
    return client.get(Article.objects.get(pk=article.pk).get_absolute_url()).text


def thread_of(page):
    return page.partition("data-thread")[2].partition(">")[2].partition("</ol></div>")[0]


@pytest.fixture
def femke():
    """An author with an account, who speaks under her own article."""
    user = make_user("femke", role=Role.AUTHOR)
    return make_author("Femke Bos", slug="femke", user=user)


def by(author):
    return {"name": author.name, "user": author.user, "author": author}


class TestAddresses:
    def test_no_stored_fragment_holds_an_address_of_this_site(self, femke):
        article = make_article(slug="hier", authors=[femke])
        english = make_article("A piece", language="en", slug="there")
        article_translates(article=english, original=article)
        first = say(article)
        say(article, "Antwoord.", first, by(femke))
        fragments.renewed(first, "en")
        for row in Comment.objects.all():
            for stored in (row.fragment, *(row.fragment_translations or {}).values()):
                found = re.findall(r'(?:href|action|src|data-\w+)="([^"]*)"', stored)
                assert len(found) >= 4
                assert all(url.startswith(fragments.ARTICLE) for url in found), found
                assert "hier" not in stored

    def test_people_cannot_write_the_mark(self, client):
        article = make_article()
        mark = fragments.ARTICLE
        comment = say(
            article,
            f"a{mark}b &#26; &#x1a; [x](https://a.example/{mark}&#26;) `{mark}`",
            writer={"name": "Anna", "website": ""},
        )
        assert mark not in comment.html
        assert thread_of(page_of(client, article)).count(mark) == 0
        rest = re.sub(r'"\x1a[^"]*"', "", comment.fragment)
        assert mark not in rest

    def test_a_rename_rewrites_no_comment_and_every_link_is_right(self, client):
        article = make_article(slug="oud")
        first = say(article)
        say(article, "Antwoord.", first)
        client.get(article.get_absolute_url())
        rows = list(Comment.objects.values_list("pk", "fragment", "fragment_release"))
        with CaptureQueriesContext(connection) as asked:
            renamed = save(article, slug="nieuw")
        assert not [one for one in asked if 'UPDATE "comments_comment"' in one["sql"]]
        page = thread_of(page_of(client, article))
        assert "/oud/" not in page
        assert f'href="{renamed.get_absolute_url()}comment/{first.pk}/#comment-{first.pk}"' in page
        assert list(Comment.objects.values_list("pk", "fragment", "fragment_release")) == rows

    def test_a_translation_leads_to_pages_of_its_own(self, client):
        article = make_article()
        english = make_article("A piece", language="en")
        article_translates(article=english, original=article)
        first = say(article)
        say(article, "Antwoord.", first)
        for one in (article, english):
            url = one.get_absolute_url()
            thread = thread_of(page_of(client, one))
            links = set(re.findall(r'href="(/[^"]*)"', thread))
            assert links
            assert all(link.startswith(url) for link in links)
            for link in links:
                assert client.get(link).status_code == 200
        reply = client.get(f"{english.get_absolute_url()}reply/?to={first.pk}").text
        assert "Comment by" in reply

    def test_a_waiting_comment_is_its_writers_in_a_translation_too(self, client):
        article = make_article()
        english = make_article("A piece", language="en")
        article_translates(article=english, original=article)
        english = Article.objects.get(pk=english.pk)
        held = SiteSettings(hold="everyone", posts_per_hour=0, flood_limit=0)
        comment = comment_post(
            submission=Submission(article=english, text="Ik wacht.", **ANNA), site=held
        )[0]
        from comments import tokens

        own = tokens.make(tokens.Purpose.OWN, comment.pk)
        url = f"{english.get_absolute_url()}comment/{comment.pk}/"
        assert "Only you see it here" in client.get(f"{url}?own={own}").text
        assert client.get(url).status_code == 404
        assert "Ik wacht." not in str(Comment.objects.get(pk=comment.pk).fragment_translations)

    def test_the_cost_of_a_page_is_that_of_joining(self, client):
        article = make_article()
        threads.grow(article, 100)
        client.get(article.get_absolute_url())
        with CaptureQueriesContext(connection) as before:
            client.get(article.get_absolute_url())
        renamed = save(article, slug="anders")
        client.get(renamed.get_absolute_url())
        with CaptureQueriesContext(connection) as after:
            client.get(renamed.get_absolute_url())
        assert len(after) == len(before)


class TestPlaces:
    def test_the_number_says_which_comment_when_another_article_took_the_address(self, client):
        first = make_article(slug="vergaderen")
        comment = say(first)
        old = first.get_absolute_url()
        new = save(first, slug="overleggen").get_absolute_url()
        other = make_article(slug="anders")
        assert save(other, slug="vergaderen").get_absolute_url() == old
        for part in ("", "report/", "value/"):
            answer = client.get(f"{old}comment/{comment.pk}/{part}?a=b")
            assert answer["Location"] == f"{new}comment/{comment.pk}/{part}?a=b"
        assert client.get(f"{old}reply/?to={comment.pk}")["Location"] == (
            f"{new}reply/?to={comment.pk}"
        )
        answer = client.post(f"{old}comment/{comment.pk}/value/", {"valued": "1"})
        assert (answer.status_code, answer["Location"]) == (
            308, f"{new}comment/{comment.pk}/value/",
        )  # fmt: skip

    def test_nothing_is_said_of_what_the_asker_may_not_see(self, client):
        first, other = make_article(slug="een"), make_article(slug="twee")
        comment = say(first)
        url = f"{other.get_absolute_url()}comment/{comment.pk}/"
        assert client.get(url).status_code == 301
        Comment.objects.update(state=State.PENDING, shown=False)
        assert client.get(url).status_code == 404
        Comment.objects.update(state=State.APPROVED, shown=True)
        for changes in ({"status": Status.DRAFT}, {"comment_policy": "hidden"}):
            kept = dict(Article.objects.filter(pk=first.pk).values(*changes)[0])
            Article.objects.filter(pk=first.pk).update(**changes)
            assert client.get(url).status_code == 404
            Article.objects.filter(pk=first.pk).update(**kept)

    def test_a_conversation_that_went_to_a_translation_is_found_by_old_addresses(self, client):
        article = make_article()
        english = make_article("A piece", language="en")
        article_translates(article=english, original=article)
        article = Article.objects.get(pk=article.pk)
        comment = say(article)
        old = comment.get_absolute_url()
        save(article, status=Status.ARCHIVED)
        assert client.get(old)["Location"] == f"{english.get_absolute_url()}comment/{comment.pk}/"

    def test_a_form_that_was_open_posts_under_its_own_article(self, client):
        SiteSettings.objects.update_or_create(pk=1, defaults={"hold": "nobody"})
        article = make_article(slug="vergaderen")
        page = page_of(client, article)
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        assert fields["article_id"] == str(article.pk)
        form = {**fields, "text": "Ik was nog aan het typen.", "name": "Bo", "key": "sleutel"}
        action = f"{article.get_absolute_url()}reply/"
        new = save(article, slug="overleggen").get_absolute_url()
        answer = client.post(action, form)
        assert (answer.status_code, answer["Location"]) == (308, f"{new}reply/")
        # Also when another article has come to live there.
        other = save(make_article(slug="x"), slug="vergaderen")
        assert other.get_absolute_url() == action.removesuffix("reply/")
        answer = client.post(action, form, follow=True)
        assert answer.redirect_chain[0] == (f"{new}reply/", 308)
        comment = Comment.objects.get()
        assert (comment.article_id, comment.source) == (article.pk, form["text"])
        # And when its own is withdrawn: the text comes back, and is not posted elsewhere.
        save(article, status=Status.ARCHIVED)
        answer = client.post(action, {**form, "text": "Nog een.", "key": "ander"})
        assert answer.status_code == 404
        assert "Nog een." in answer.text
        assert Comment.objects.count() == 1


class TestNames:
    def test_a_renamed_author_is_named_so_in_her_comments_and_in_answers(self, client, femke):
        article = make_article(authors=[femke])
        hers = say(article, "Van mij.", None, by(femke))
        say(article, "Een antwoord.", hers)
        assert page_of(client, article).count("Femke Bos") > 4
        femke.name, femke.bio = "Femke Jansen", ""
        author_save(author=femke)
        work()
        page = page_of(client, article)
        assert "Femke Bos" not in page
        thread = thread_of(page)
        assert "in antwoord op Femke Jansen" in thread or "op Femke Jansen" in thread
        assert '<b class="name">Femke Jansen</b>' in thread
        # Lists and what is read beside an article are renewed too.
        other = make_article(authors=[femke])
        assert "Femke Bos" not in client.get(other.get_absolute_url()).text

    def test_every_page_that_was_kept_is_another_after_a_rename(self, client, femke):
        article = make_article(authors=[femke])
        say(article, "Van mij.", None, by(femke))
        beside = make_article(authors=[femke])
        before = [client.get(one.get_absolute_url())["ETag"] for one in (article, beside)]
        author_save(author=Author.objects.get(pk=femke.pk))
        femke.refresh_from_db()
        femke.name = "Femke Jansen"
        author_save(author=femke)
        work()
        after = [client.get(one.get_absolute_url())["ETag"] for one in (article, beside)]
        assert not set(before) & set(after)

    def test_her_comments_show_the_photo_of_today(self, client, femke):
        article, elsewhere = make_article(authors=[femke]), make_article()
        for where in (article, elsewhere):
            say(where, "Van mij.", None, by(femke))
        for colour in ("#a33", "#3a3"):
            author_save(author=femke, photo=make_upload(size=(200, 200), colour=colour))
            work()
            thread = thread_of(page_of(client, article))
            assert thread.count(fragments.PHOTO_CLASS) == 1
            assert thread.count(fragments.photo(femke)) == 1
        # Under what she did not write she is a reader like any other.
        assert fragments.PHOTO_CLASS not in thread_of(page_of(client, elsewhere))
        Author.objects.filter(pk=femke.pk).update(photo_renditions={})
        renaming.photo_changed(Author, author=femke.pk)
        work()
        assert fragments.PHOTO_CLASS not in thread_of(page_of(client, article))

    def test_a_name_that_came_from_elsewhere_stays(self, femke):
        article = make_article(authors=[femke])
        item = by_import.ImportedComment(
            key="1", parent=None, name="F. Bos (redactie)", source="Toen.",
            created_at=article.published_at, author=femke,
        )  # fmt: skip
        by_import.thread_import(article=article, items=[item])
        femke.name = "Femke Jansen"
        author_save(author=femke)
        work()
        assert Comment.objects.get().name == "F. Bos (redactie)"

    def test_there_and_back_in_any_order_ends_with_todays_name(self, femke):
        article = make_article(authors=[femke])
        say(article, "Een.", None, by(femke))
        for name in ("B", "Femke Bos", "C"):
            femke.name = name
            author_save(author=femke)
        say(article, "Twee.", None, by(femke))
        work()
        assert set(Comment.objects.values_list("name", flat=True)) == {"C"}

    def test_many_comments_are_renamed_in_small_steps_by_the_worker(self, femke, monkeypatch):
        monkeypatch.setattr(renaming, "BATCH", 3)
        article = make_article(authors=[femke])
        for number in range(8):
            say(article, f"Gedachte {number}.", None, by(femke))
        femke.name = "Femke Jansen"
        with CaptureQueriesContext(connection) as asked:
            author_save(author=femke)
        assert not [one for one in asked if 'UPDATE "comments_comment"' in one["sql"]]
        work()
        assert set(Comment.objects.values_list("name", flat=True)) == {"Femke Jansen"}

    def test_an_account_without_author_is_renamed_in_the_admin(self, client):
        user = make_user("piet", first_name="Piet", last_name="Baas", role=Role.MODERATOR)
        article = make_article()
        say(
            article,
            "Blijf vriendelijk.",
            None,
            {"name": "Piet Baas", "user": user, "moderator": True},
        )
        client.force_login(make_user(role=Role.OWNER))
        url = f"/admin/authors/user/{user.pk}/change/"
        form = client.get(url).context["adminform"].form
        data = {name: value for name, value in form.initial.items() if value is not None}
        data |= {"first_name": "Pietje", "groups": [group.pk for group in user.groups.all()]}
        data = {name: value for name, value in data.items() if name in form.fields and value}
        answer = client.post(url, data)
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        work()
        assert Comment.objects.get().name == "Pietje Baas"

    def test_a_comment_that_is_imported_anew_is_named_anew_in_answers(self, client):
        article = make_article()
        first = say(article)
        say(article, "Antwoord.", first)
        by_import.comment_renew(
            number=first.pk, source="Anders.", name="Anders Bekend", website="",
            state=State.APPROVED,
        )  # fmt: skip
        assert (
            "Anna de Wit"
            not in thread_of(page_of(client, article))
            .partition("Antwoord.")[0][-400:]
            .partition("answers")[2]
        )


class TestMerges:
    def test_the_comments_of_a_merged_author_are_hers_who_stays(self, client, femke):
        double = make_author("F. Bos")
        article = make_article(authors=[femke])
        say(article, "Van de dubbele.", None, {"name": "F. Bos", "author": double})
        assert 'class="badge"' not in thread_of(page_of(client, article))
        subjects.author_merge(kept=femke, gone=double)
        work()
        comment = Comment.objects.get()
        assert (comment.name, comment.author, comment.by_article_author) == (
            "Femke Bos",
            femke,
            True,
        )
        assert 'class="badge"' in thread_of(page_of(client, article))

    def test_the_badge_follows_the_byline(self, client, femke):
        article = make_article()
        say(article, "Meegelezen.", None, by(femke))
        for authors, badges in (([*article.byline, femke], 1), (article.byline, 0)):
            article_save(
                article=Article.objects.get(pk=article.pk), authors=authors, tags=None,
                editor=None, expected_version=None,
            )  # fmt: skip
            work()
            assert thread_of(page_of(client, article)).count('class="badge"') == badges


class TestLanguageAndTime:
    def test_another_language_of_the_article_is_that_of_its_thread(self, client):
        article = make_article()
        say(article)
        assert "Beantwoorden" in thread_of(page_of(client, article))
        save(article, language="en")
        thread = thread_of(page_of(client, article))
        assert ">Reply<" in thread
        assert "Beantwoorden" not in thread

    def test_another_time_zone_or_language_of_the_site_is_another_release(self):
        of = {
            release_token(settings.BASE_DIR, *said)
            for said in (("nl", "Europe/Amsterdam"), ("en", "Europe/Amsterdam"), ("nl", "UTC"))
        }
        assert len(of) == 3
        assert settings.RELEASE in of

    def test_times_in_fragments_are_those_of_todays_zone(self, client):
        article = make_article()
        comment = say(article)
        Comment.objects.filter(pk=comment.pk).update(
            created_at="2024-03-01T12:00:00Z", fragment_release=""
        )
        assert "13:00" in thread_of(page_of(client, article))
        with override_settings(TIME_ZONE="Asia/Tokyo", RELEASE="een-andere"):
            thread = thread_of(page_of(client, article))
            assert "21:00" in thread
            assert "+09:00" in thread
