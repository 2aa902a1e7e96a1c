"""The desk: who sees what, and what there is to see."""

import html

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Ban, State
from comments.moderation import selection, states
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import bans
from tests.comments.desks import (
    BULK,
    OPEN,
    QUEUE,
    UNDO,
    decide,
    door,
    page_of,
    post,
    remove_and_appeal,
    report,
    seen,
)
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    """An author, of `article`."""
    return make_user("femke", role=Role.AUTHOR)


@pytest.fixture
def article(owner):
    return make_article("Roosters", authors=[make_author(user=owner)])


@pytest.fixture
def mo(client):
    user = make_user("mo", role=Role.MODERATOR)
    client.force_login(user)
    return user


class TestAccess:
    WHO = pytest.mark.parametrize(
        ("who", "may"),
        [("owner", True), ("colleague", False), (Role.MODERATOR, True), (Role.EDITOR, True),
         (Role.OWNER, True)],
    )  # fmt: skip

    def enter(self, client, who, owner):
        role = Role.AUTHOR if who == "colleague" else who
        user = owner if who == "owner" else make_user(role=role)
        client.force_login(user)
        return user

    @WHO
    def test_who_sees_and_decides(self, client, article, owner, who, may):
        comment = post(article, "Mag dit hier?")
        self.enter(client, who, owner)
        assert ("Mag dit hier?" in client.get(QUEUE).text) == may
        assert client.get(page_of(comment)).status_code == (200 if may else 404)
        writer = reverse("admin:comments_comment_writer", args=[comment.pk])
        assert client.get(writer).status_code == (200 if may else 404)
        assert decide(client, comment, "approve").status_code == (302 if may else 404)
        assert comment.state == (State.APPROVED if may else State.PENDING)

    @WHO
    def test_bulk_is_no_way_around(self, client, article, owner, who, may):
        comment = post(article)
        self.enter(client, who, owner)
        client.post(BULK, {"decision": "spam", "chosen": f"{comment.pk}:{seen(comment)}"})
        comment.refresh_from_db()
        assert comment.state == (State.SPAM if may else State.PENDING)

    def test_strangers_are_kept_out(self, client, article):
        comment = post(article)
        doors = (door(comment), BULK, UNDO)
        for url in doors:
            assert client.post(url).status_code == 403
        client.force_login(make_user())
        assert client.get(QUEUE).status_code == 403
        assert client.get(page_of(comment)).status_code == 403
        assert [client.post(url).status_code for url in doors] == [404, 403, 403]

    def test_who_lost_the_role_decides_no_more(self, client, article, mo):
        comment = post(article)
        mo.groups.clear()
        assert decide(client, comment, "approve").status_code == 404

    def test_a_decision_is_never_a_get(self, client, article, mo):
        comment = post(article)
        for url in (door(comment), BULK, UNDO):
            assert client.get(url, {"decision": "approve"}).status_code == 405
        assert client.head(door(comment)).status_code == 405

    def test_a_form_from_elsewhere_is_refused(self, article):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(make_user(role=Role.MODERATOR))
        comment = post(article)
        assert strict.post(door(comment), {"decision": "approve"}).status_code == 403

    def test_an_author_bans_nobody(self, client, article, owner):
        comment = post(article)
        client.force_login(owner)
        assert 'value="ban"' not in client.get(page_of(comment)).text
        answer = decide(client, comment, "ban", target="person", duration="7")
        assert answer.status_code == 422
        assert not Ban.objects.exists()

    def test_an_author_does_not_read_what_was_said_elsewhere(self, client, article, owner):
        elsewhere = make_article("Elders")
        post(elsewhere, "Geheim tot goedgekeurd.")
        post(article, "Hier.")
        client.force_login(owner)
        assert "Geheim" not in client.get(QUEUE).text
        client.force_login(make_user(role=Role.MODERATOR))
        assert "Geheim" in client.get(QUEUE, {"article": article.pk}).text

    def test_nobody_undoes_for_another(self, client, article, mo):
        comment = post(article)
        event = states.comment_approve(comment=comment, actor=make_user(role=Role.EDITOR))
        client.post(UNDO, {"event": event.pk})
        comment.refresh_from_db()
        assert comment.state == State.APPROVED


class TestTheQueue:
    def test_its_parts_and_their_numbers(self, client, article, mo):
        post(article, "Wachtend")
        rude = post(article, "Naar", site=OPEN)
        report(rude, note="Dit kwetst.")
        remove_and_appeal(post(article, "Bezwaard", site=OPEN), "Kijk nog eens.")
        states.comment_spam(comment=post(article, "Reclame", site=OPEN), actor=None)
        texts = {"held": "Wachtend", "reported": "Naar", "appeals": "Bezwaard", "spam": "Reclame"}
        for tab, words in texts.items():
            page = client.get(QUEUE, {"tab": tab})
            assert [item["comment"].source for item in page.context["cards"]] == [words]
            numbers = {tab: number for tab, number, _url, _here in page.context["tabs"]}
            assert {numbers[tab] for tab in (*texts, "recent")} == {"1"}
        assert "Dit kwetst." in client.get(QUEUE, {"tab": "reported"}).text
        assert "Kijk nog eens." in client.get(QUEUE, {"tab": "appeals"}).text
        assert len(client.get(QUEUE, {"tab": "all"}).context["cards"]) == 4
        assert selection.waiting(mo) == selection.Waiting(held=1, reported=1, appeals=1)

    def test_what_there_is_to_judge_by(self, client, article, mo):
        parent = post(
            article, "Waar het mee begon.", site=OPEN, name="Anna", email="a@lezer.example"
        )
        post(article, "Eerder gezegd.", site=OPEN)
        comment = comment_post(
            submission=Submission(
                article=article,
                parent=parent,
                text="Kijk op https://x.example en https://y.example",
                name="Bo",
                email="bo@lezer.example",
                website="https://bo.example",
            ),
            site=SiteSettings(hold=Hold.UNKNOWN, max_links=1, spam_filter=False),
        )[0]
        page = html.unescape(client.get(QUEUE).text)
        for words in ("Waar het mee begon.", "eerste reactie", "links: 3", "niveau 2", "Roosters",
                      "Eerder gezegd.", "https://y.example", "goedgekeurd 1",
                      "Voor het eerst gezien"):  # fmt: skip
            assert words in page, words
        # Who moderates everywhere sees the address; the author of the article does not.
        assert "bo@lezer.example" in page
        assert "spamfilter 0," in page
        client.force_login(article.authors.get().user)
        assert "bo@lezer.example" not in client.get(QUEUE).text
        # Its own page does not show it yet; the moderators' page of the conversation does.
        assert f'"{comment.get_absolute_url()}"' not in page
        assert f'"{comment.moderate_url}"' in page

    def test_a_guest_without_address_is_known_by_the_network(self, client, article, mo):
        post(article, "Eerste van hier.", email="")
        post(article, "Tweede van hier.", email="")
        assert "hetzelfde netwerkadres" in client.get(QUEUE).text

    def test_filters(self, client, article, mo):
        other = make_article("Anders")
        mine = post(article, "Hier gezegd")
        there = post(other, "Daar gezegd", name="Cor", email="cor@lezer.example")
        author = article.authors.get()

        def found(**choice):
            page = client.get(QUEUE, choice)
            assert page.status_code == 200
            return [item["comment"].pk for item in page.context["cards"]]

        assert found() == [mine.pk, there.pk]
        assert found(article=article.pk) == [mine.pk]
        assert found(author=author.pk) == [mine.pk]
        assert found(person=there.commenter_id) == [there.pk]
        assert found(q="DAAR") == [there.pk]
        assert found(after=mine.pk) == [there.pk]
        # What is no choice counts for nothing.
        assert found(article="x", author="9" * 40, after="-1", tab="nope", q="") == found()
        assert client.get(QUEUE, {"state__exact": "pending", "q": "%_'\""}).status_code == 200

    def test_pages(self, client, article, mo, monkeypatch):
        monkeypatch.setattr(selection, "PAGE", 2)
        made = [post(article, f"Nummer {number}") for number in range(3)]
        first = client.get(QUEUE)
        assert len(first.context["cards"]) == 2
        second = client.get(QUEUE + first.context["next_url"])
        assert [item["comment"].pk for item in second.context["cards"]] == [made[2].pk]
        assert second.context["next_url"] == ""

    def test_the_number_of_queries_is_the_same_for_10_and_20(self, client, article, mo):
        def fill(start):
            for number in range(start, start + 10):
                comment = post(article, f"Tekst {number}", email=f"p{number}@lezer.example" if
                               number % 3 else "", site=OPEN)  # fmt: skip
                report(comment, number + 1, "Hm.")
                if number % 2:
                    bans.ban_add(actor=mo, commenter=comment.commenter, email="x@y.zz")

        def count():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                page = client.get(QUEUE, {"tab": "reported"})
            return len(page.context["cards"]), len(queries), queries.captured_queries

        fill(0)
        client.get(QUEUE)
        ten = count()
        fill(10)
        twenty = count()
        assert (ten[0], twenty[0]) == (10, 20)
        assert ten[1] == twenty[1], "\n".join(query["sql"][:200] for query in twenty[2])
        assert twenty[1] < 35

    def test_the_counts_for_the_front_page(self, article, mo, django_assert_num_queries):
        selection.waiting(mo)
        with django_assert_num_queries(4):
            selection.waiting(mo)
