"""Orders of reading, branches, what came in, marks of readers and authors, shared threads."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from authors import limits
from authors.roles import Role
from blog.models import Article, Hold, SiteSettings
from blog.publishing.shared_conversation import article_translates
from comments import tokens
from comments.models import Comment, Delivery, Reaction
from comments.moderation import marks
from comments.moderation.states import comment_remove
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import counters, reactions, selectors
from comments.thread.refusals import Refused, StateConflict
from comments.thread.selectors import Sort
from comments.tokens import Purpose
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
OPEN = SiteSettings(hold=Hold.NOBODY, posts_per_hour=0, flood_limit=0)


@pytest.fixture
def article():
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY, posts_per_hour=0, flood_limit=0)
    return make_article("Een stuk")


def say(article, text, parent=None, name="Anna", **more):
    return comment_post(
        submission=Submission(article=article, parent=parent, name=name, text=text, **more),
        site=OPEN,
    )[0]


def grow(article, roots, replies=0):
    made = []
    for number in range(roots):
        root = say(article, f"Begin {number}.")
        made.append(root)
        for turn in range(replies):
            say(article, f"Antwoord {number}.{turn}", root, name="Bram")
    return made


def roots_of(page):
    return [row.pk for row in page.rows if row.depth == 0]


class TestOrders:
    @pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.DISCUSSED, Sort.VALUED])
    def test_pages_walk_every_root_once_there_and_back(self, article, sort):
        made = grow(article, 45)
        for root in made[::7]:
            for turn in range(root.pk % 4):
                say(article, f"Antwoord {turn}", root)
        for root in made[::5]:
            for turn in range(root.pk % 3):
                reactions.reaction_set(comment=root, reader=f"{turn}", client=None, valued=True)
        by = {Sort.NEWEST: (), Sort.DISCUSSED: ("-rank",), Sort.VALUED: ("-reaction_count",)}[sort]
        expected = list(
            Comment.objects.filter(parent=None).order_by(*by, "-pk").values_list("pk", flat=True)
        )
        seen, page = [], selectors.page(article, sort=sort)
        assert page.earlier is None
        while True:
            seen += roots_of(page)
            if page.later is None:
                break
            page = selectors.page(article, sort=sort, start=page.later)
        assert seen == expected
        back = roots_of(page)
        while page.earlier is not None:
            page = selectors.page(article, sort=sort, end=page.earlier)
            back = roots_of(page) + back
        assert back == expected

    def test_long_branches_are_cut_and_lead_on(self, client, article):
        (root,) = grow(article, 1, replies=9)
        page = selectors.page(article, sort=Sort.NEWEST)
        assert len(page.rows) == 1 + selectors.REPLIES
        assert page.hidden[root.pk][1] == 4
        html = client.get(article.get_absolute_url() + "?sort=newest").text
        assert "nog 4 antwoorden" in html
        branch = client.get(root.get_absolute_url()).text
        assert "Antwoord 0.8" in branch

    def test_a_tombstone_in_a_branch_is_not_counted_as_left(self, article):
        (root,) = grow(article, 1, replies=3)
        gone = Comment.objects.filter(parent=root).first()
        say(article, "Erop", gone)
        comment_remove(comment=gone, actor=None, reason="x")
        assert selectors.page(article, sort=Sort.NEWEST).hidden == {}

    @pytest.mark.parametrize("query", ["", "?sort=newest", "?sort=discussed", "?sort=valued"])
    def test_the_cost_is_the_same_for_any_thread(self, client, article, query):
        def cost():
            connection.queries_log.clear()
            connection.force_debug_cursor = True
            try:
                client.get(article.get_absolute_url() + query)
            finally:
                connection.force_debug_cursor = False
            return len(connection.queries_log)

        grow(article, 2, replies=1)
        client.get(article.get_absolute_url() + query)
        small = cost()
        grow(article, 60, replies=2)
        client.get(article.get_absolute_url() + query)
        assert cost() <= small <= 6

    def test_a_long_branch_has_pages(self, client, article, monkeypatch):
        monkeypatch.setattr(selectors, "PAGE", 5)
        (root,) = grow(article, 1, replies=12)
        seen, url = [], root.get_absolute_url()
        while url:
            html = client.get(url).text
            seen += [turn for turn in range(12) if f"Antwoord 0.{turn}<" in html]
            url = html.partition('rel="next" href="')[2].partition('"')[0]
        assert seen == list(range(12))

    def test_strange_orders_are_the_usual_one(self, client, article):
        grow(article, 2)
        assert client.get(article.get_absolute_url() + "?sort=<x>&lang=zz").status_code == 200


class TestArrivals:
    def test_they_tell_what_came_after_and_are_the_same_for_all(self, client, article):
        first = say(article, "Een.")
        second = say(article, "Twee.", first, name="Bram")
        url = article.get_absolute_url() + "arrivals/"
        answer = client.get(url, {"after": first.pk})
        data = answer.json()
        assert [(item["id"], item["parent"]) for item in data["items"]] == [(second.pk, first.pk)]
        assert "Twee." in data["items"][0]["html"]
        assert "public" in answer["Cache-Control"]
        assert not answer.cookies
        latest = client.get(url).json()["latest"]
        assert [pk for pk, _at in latest] == [first.pk, second.pk]
        assert client.get(url, {"after": second.pk}).json()["items"] == []

    def test_waiting_and_hidden_ones_are_not_among_them(self, client, article):
        say(article, "Een.")
        comment_post(
            submission=Submission(article=article, name="Wacht", text="Wachtwoord"),
            site=SiteSettings(hold=Hold.EVERYONE),
        )
        url = article.get_absolute_url() + "arrivals/"
        assert "Wachtwoord" not in client.get(url, {"after": 0}).text
        Article.objects.update(comment_policy="hidden")
        assert client.get(url).status_code == 404

    def test_many_are_bounded(self, client, article):
        grow(article, 60)
        data = client.get(article.get_absolute_url() + "arrivals/", {"after": 0}).json()
        assert (len(data["items"]), data["more"]) == (50, True)


class TestVisits:
    def test_a_logged_in_reader_s_visits_follow_her(self, client, article):
        url = f"/me/visits/{article.pk}/"
        assert client.get(url).status_code == 403
        client.force_login(make_user())
        sent = {"times": [100, 200]}
        client.post(url, json.dumps(sent), content_type="application/json")
        more = {"times": [150, "x"]}
        assert (
            client.post(url, json.dumps(more), content_type="application/json").status_code == 400
        )
        more = {"times": [150]}
        answer = client.post(url, json.dumps(more), content_type="application/json")
        assert answer.json() == {"times": [100, 150, 200]}
        assert client.get(url).json() == {"times": [100, 150, 200]}
        client.force_login(make_user())
        assert client.get(url).json() == {"times": []}

    @pytest.mark.parametrize(
        "sent",
        ['{"times": [Infinity]}', '{"times": [1e999]}', '{"times": ' + "[" * 20_000,
         '{"times": {"a": 1}}', '{"times": 3}', '{"times": [null]}', '{"times": [[]]}', "[]", "1",
         "\\", '{"times": [' + "9" * 5_000 + "]}"],
    )  # fmt: skip
    def test_odd_input_is_refused(self, client, article, sent):
        client.force_login(make_user())
        url = f"/me/visits/{article.pk}/"
        assert client.post(url, sent, content_type="application/json").status_code == 400


class TestValuing:
    def value(self, client, comment, reader="", valued="1"):
        return client.post(
            f"{comment.get_absolute_url()}value/",
            {"reader": reader, "valued": valued},
            headers={"accept": "application/json"},
        ).json()

    def test_a_browser_counts_once_and_may_take_it_back(self, client, article):
        comment = say(article, "Waardevol?")
        first = self.value(client, comment)
        assert first["count"] == 1
        assert self.value(client, comment, first["reader"])["count"] == 1
        assert self.value(client, comment)["count"] == 2
        assert self.value(client, comment, first["reader"], "0")["count"] == 1
        comment.refresh_from_db()
        assert (comment.reaction_count, comment.rank) == (1, counters.REACTION_WEIGHT)
        assert counters.recount() == 0
        assert '<span class="count">1 ' in client.get(article.get_absolute_url()).text

    def test_a_forged_number_is_a_new_reader_not_another_s(self, client, article):
        comment = say(article, "Waardevol?")
        known = self.value(client, comment)["reader"]
        assert self.value(client, comment, known[:-1] + "x")["count"] == 2
        own = tokens.make(Purpose.OWN, "x")
        assert self.value(client, comment, own)["count"] == 3

    def test_looking_at_the_page_counts_nothing_and_its_button_does(self, client, article):
        comment = say(article, "Waardevol?")
        url = f"{comment.get_absolute_url()}value/"
        page = client.get(url).text
        assert not Reaction.objects.exists()
        reader = page.partition('name="reader" value="')[2].partition('"')[0]
        assert client.post(url, {"reader": reader}).status_code == 303
        assert Reaction.objects.count() == 1

    def test_one_network_counts_so_often_for_one_comment(self, client, article):
        comment = say(article, "Waardevol?")
        most = limits.most("value-comment")
        for _reader in range(most):
            self.value(client, comment)
        answer = client.post(f"{comment.get_absolute_url()}value/")
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 3600
        comment.refresh_from_db()
        assert comment.reaction_count == most
        # Another comment, and another network, count on.
        assert self.value(client, say(article, "Ook."))["count"] == 1
        reactions.reaction_set(comment=comment, reader="b", client=b"d" * 16, valued=True)

    def test_a_comment_that_is_gone_cannot_be_valued(self, client, article):
        comment = say(article, "Weg")
        comment_remove(comment=comment, actor=None, reason="x")
        assert client.post(f"{comment.get_absolute_url()}value/").status_code == 404
        with pytest.raises(Refused, match="gone"):
            reactions.reaction_set(comment=comment, reader="a", client=None, valued=True)

    def test_answers_count_among_the_discussed_and_not_among_the_valuable(self, article):
        quiet, spoken, newer = grow(article, 3)
        for reader in "abc":
            reactions.reaction_set(comment=quiet, reader=reader, client=None, valued=True)
        say(article, "Antwoord", spoken)
        discussed, valued = (
            roots_of(selectors.page(article, sort=sort)) for sort in (Sort.DISCUSSED, Sort.VALUED)
        )
        assert discussed == [quiet.pk, spoken.pk, newer.pk]
        assert valued == [quiet.pk, newer.pk, spoken.pk]


class TestHonours:
    def test_a_featured_comment_stands_on_top_and_in_its_place(self, client, article):
        grow(article, 2)
        comment = say(article, "Het beste punt.")
        marks.comment_feature(comment=comment, actor=make_user(), featured=True)
        page = client.get(article.get_absolute_url()).text
        assert page.count("<p>Het beste punt.") == 2
        assert "Uitgelicht" in page
        marks.comment_feature(comment=comment, actor=make_user(), featured=False)
        assert client.get(article.get_absolute_url()).text.count("<p>Het beste punt.") == 1

    def test_a_credited_writer_is_named_and_told_once(self, client, article):
        comment = say(article, "Er staat een fout.", email="anna@lezer.example")
        comment.commenter.confirmed_at = comment.created_at
        comment.commenter.save()
        for credited in (True, False, True):
            marks.comment_credit(comment=comment, actor=make_user(), credited=credited)
        page = client.get(article.get_absolute_url()).text
        assert "Beter geworden door de reacties van" in page
        assert Delivery.objects.filter(event=f"credited {comment.pk}").count() == 1

    @pytest.mark.parametrize("field", ["muted", "unconfirmed"])
    def test_who_wants_no_mail_gets_none(self, article, field):
        comment = say(article, "Er staat een fout.", email="anna@lezer.example")
        person = comment.commenter
        if field == "muted":
            person.confirmed_at, person.muted = comment.created_at, True
            person.save()
        marks.comment_credit(comment=comment, actor=make_user(), credited=True)
        assert not Delivery.objects.exists()

    def test_a_removed_comment_is_not_honoured(self, client, article):
        comment = say(article, "Het beste punt.")
        marks.comment_feature(comment=comment, actor=make_user(), featured=True)
        comment_remove(comment=comment, actor=None, reason="x")
        assert "Het beste punt." not in client.get(article.get_absolute_url()).text
        with pytest.raises(StateConflict):
            marks.comment_feature(comment=comment, actor=make_user(), featured=True)


class TestTranslations:
    @pytest.fixture
    def pair(self, article):
        english = make_article("A piece", language="en", conversation=article)
        Article.objects.filter(pk=article.pk).update(conversation=article)
        article.refresh_from_db()
        return article, english

    def test_both_pages_show_one_conversation_each_in_its_own_words(self, client, pair):
        dutch, english = pair
        first = say(dutch, "Een Nederlandse reactie.")
        second = say(english, "An English answer.", first, name="Bob")
        assert (second.article_id, second.language) == (dutch.pk, "en")
        for article in pair:
            article.refresh_from_db()
            assert article.comment_count == 2
        here, there = (client.get(item.get_absolute_url()).text for item in pair)
        for page in (here, there):
            assert "Een Nederlandse reactie." in page
            assert "An English answer." in page
        assert "Beantwoorden" in here
        assert ">Reply<" in there
        assert 'lang="en"' in here.partition("An English answer.")[0][-200:]
        assert counters.recount() == 0

    def test_one_language_can_be_read_alone(self, client, pair):
        dutch, english = pair
        say(dutch, "Een Nederlandse reactie.")
        say(english, "An English answer.")
        page = client.get(dutch.get_absolute_url() + "?lang=en").text
        assert "An English answer." in page
        assert "Een Nederlandse reactie." not in page

    def test_the_other_language_s_markup_is_made_once(self, client, pair, monkeypatch):
        dutch, english = pair
        say(dutch, "Een reactie.")
        client.get(english.get_absolute_url())
        monkeypatch.setattr(
            "comments.thread.fragments.render", lambda *a, **k: pytest.fail("rendered again")
        )
        client.get(english.get_absolute_url())


def test_a_run_between_two_people_keeps_its_column(client, article):
    at = say(article, "Een", name="Anna")
    for number in range(4):
        at = say(article, f"Antwoord {number}", at, name="Bram" if number % 2 == 0 else "Anna")
    say(article, "Van een derde", at, name="Chris")
    page = client.get(article.get_absolute_url()).text
    assert page.count(' run"') == 3


class TestJoining:
    def test_two_conversations_become_one_and_keep_their_shape(self, client, article):
        english = make_article("A piece", language="en")
        here = say(article, "Een Nederlandse reactie.")
        there = say(english, "An English comment.")
        say(english, "An answer to it.", there, name="Bob")
        article_translates(article=english, original=article)
        for item in (article, english):
            item.refresh_from_db()
            assert item.comment_count == 3
            page = client.get(item.get_absolute_url()).text
            assert "Een Nederlandse reactie." in page
            assert "An answer to it." in page
        assert counters.recount() == 0
        here.refresh_from_db()
        assert client.get(there.get_absolute_url()).status_code == 200
        article_translates(article=english, original=article)
        article_translates(article=english, original=None)
        english.refresh_from_db()
        assert (english.conversation_id, english.comment_count) == (None, 0)
        assert counters.recount() == 0

    def test_one_language_has_no_translation(self, article):
        with pytest.raises(ValidationError):
            article_translates(article=make_article("Nog een"), original=article)

    def test_an_author_says_so_in_the_form(self, client, article):
        client.force_login(make_user(role=Role.EDITOR))
        english = make_article("A piece", language="en")
        data = {
            "title": "A piece", "lead": "", "body_source": "<p>x</p>", "words": "",
            "people": [english.byline[0].pk], "picture": "", "language": "en",
            "original": article.pk, "comment_policy": "open", "status": "published",
            "published_at_0": "", "published_at_1": "", "slug": english.slug,
            "opened_on": english.version,
        }  # fmt: skip
        url = f"/admin/blog/article/{english.pk}/change/"
        answer = client.post(url, {**data, "language": "nl"})
        assert "original" in answer.context["adminform"].form.errors
        assert client.post(url, data).status_code == 302
        english.refresh_from_db()
        assert english.conversation_id == article.pk
