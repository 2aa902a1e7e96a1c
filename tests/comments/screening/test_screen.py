"""What holds or refuses a guest's comment, and what the filter learns from decisions."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.commenters import own_comments
from comments.models import (
    Comment,
    Commenter,
    Effect,
    FilterWord,
    Lesson,
    Match,
    ModerationEvent,
    Rule,
    State,
    Target,
    Trust,
)
from comments.moderation import states
from comments.posting import store
from comments.posting.submission import Submission
from comments.screening import learning, screen, spam
from comments.screening.contribution import Contribution
from comments.thread.refusals import Reason, Refused
from tests.factories import make_article, make_user

ANNA = {"name": "Anna", "email": "anna@lezer.example", "client": b"a" * 16}
ADVERT = (
    "Best online casino bonus! Claim your free spins now at https://win.example "
    "or https://spin.example, limited offer!!!"
)


@pytest.fixture
def site(db):
    return SiteSettings(hold=Hold.NOBODY)


def post(source="Een gedachte.", *, site, article=None, writer=ANNA):
    comment, _new = store.comment_post(
        submission=Submission(article=article or make_article(), text=source, **writer), site=site
    )
    return comment


def signals(comment):
    return [
        (one.kind.value, one.detail)
        for event in ModerationEvent.objects.filter(comment=comment)
        for one in event.spoke_for_it
    ]


def rule(pattern, **more):
    return Rule.objects.create(pattern=pattern, active=True, **more)


class TestRules:
    def test_a_rule_holds(self, site):
        rule("casino")
        comment = post("Een casino in de kantine?", site=site)
        assert comment.state == State.PENDING
        assert signals(comment) == [("rule", "casino")]

    def test_a_rule_marks_as_spam(self, site):
        rule("casino", effect=Effect.SPAM)
        assert post("Een casino?", site=site).state == State.SPAM

    def test_a_rule_refuses_and_stores_nothing(self, site):
        rule("casino", effect=Effect.REFUSE)
        with pytest.raises(Refused) as refused:
            post("Een casino?", site=site)
        assert (refused.value.reason, refused.value.words) == (Reason.RULE, "casino")
        assert not Comment.objects.exists()

    def test_a_rule_that_is_off_does_nothing(self, site):
        Rule.objects.create(pattern="casino")
        assert post("Een casino?", site=site).state == State.APPROVED

    def test_a_changed_or_deleted_rule_counts_at_once(self, site):
        made = rule("casino")
        assert post("Een casino?", site=site).state == State.PENDING
        made.pattern = "kantine"
        made.save()
        assert post("Nog een casino?", site=site).state == State.APPROVED
        assert post("De kantine?", site=site).state == State.PENDING
        made.delete()
        assert post("Weer de kantine?", site=site).state == State.APPROVED

    def test_names_addresses_and_links(self, site):
        rule("piet", target=Target.NAME)
        rule("@spam.example", target=Target.EMAIL, match=Match.PART)
        rule("slecht.example", target=Target.LINK, match=Match.PART)
        held = [
            post("Een.", site=site, writer={"name": "Piet"}),
            post("Twee.", site=site, writer={"name": "An", "email": "a@spam.example"}),
            post("Drie.", site=site, writer={"name": "Bo", "website": "https://slecht.example/"}),
            post("Vier https://slecht.example/x.", site=site, writer={"name": "Cor"}),
        ]
        assert {comment.state for comment in held} == {State.PENDING}

    def test_a_slow_expression_holds(self, site):
        rule("(a|aa)+$", match=Match.REGEX)
        comment = post("a" * 3000 + "b", site=site)
        assert comment.state == State.PENDING
        assert ("slow_rules", "") in signals(comment)

    def test_authors_are_not_screened(self, site, django_assert_max_num_queries):
        rule("casino", effect=Effect.REFUSE)
        user = make_user(role=Role.MODERATOR)
        assert (
            post("Een casino?", site=site, writer={"name": "Mo", "user": user}).state
            == State.APPROVED
        )

    def test_the_queries_do_not_grow_with_the_rules(self, site, django_assert_num_queries):
        Rule.objects.bulk_create([Rule(pattern=f"w{n}", active=True) for n in range(10_000)])
        facts = Contribution("Een gewone gedachte over werk.")
        screen.screen(facts, site)
        with django_assert_num_queries(2):
            found = screen.screen(facts, site)
        assert (found.signals, found.state) == ((), State.APPROVED)
        assert 0 <= found.score < 0.5


@pytest.mark.django_db
class TestLimits:
    def test_more_links_than_the_site_allows(self, site):
        site.max_links = 1
        comment = post("https://a.example en https://b.example", site=site)
        assert ("links", "2") in signals(comment)

    def test_one_person_from_many_networks(self, site):
        site.posts_per_person = 3
        article = make_article()
        for number in range(3):
            writer = {"name": "Anna", "email": "anna@lezer.example", "client": bytes([number]) * 16}
            post(f"Tekst {number}", site=site, article=article, writer=writer)
        again = {"name": "Anna", "email": "Anna@lezer.example", "client": b"z" * 16}
        with pytest.raises(Refused, match="rate"):
            post("Nog een", site=site, article=article, writer=again)

    def test_an_article_has_its_own_policy(self, site):
        article = make_article(hold=Hold.EVERYONE)
        assert signals(post(site=site, article=article)) == [("everyone", "")]
        site.hold = Hold.EVERYONE
        assert post(site=site, article=make_article(hold=Hold.NOBODY)).state == State.APPROVED

    def test_a_confirmed_address_does_not_free_what_a_rule_held(self):
        rule("casino")
        comment = post("Een casino?", site=SiteSettings())
        assert signals(comment) == [("first", ""), ("rule", "casino")]
        own_comments.comment_confirm(comment=comment, seen=own_comments.digest(comment))
        comment.refresh_from_db()
        assert comment.state == State.PENDING


@pytest.mark.django_db
class TestEditing:
    def test_advertising_does_not_come_in_by_a_change(self, site):
        comment = post(site=site)
        with pytest.raises(Refused, match="held"):
            own_comments.comment_edit(comment=comment, source=ADVERT, site=site)
        rule("kantine", effect=Effect.REFUSE)
        with pytest.raises(Refused, match="rule"):
            own_comments.comment_edit(comment=comment, source="De kantine.", site=site)
        comment.refresh_from_db()
        assert comment.source == "Een gedachte."

    def test_a_waiting_comment_may_change_and_says_why_it_waits(self):
        site = SiteSettings()
        comment = post(site=site)
        own_comments.comment_edit(comment=comment, source=ADVERT, site=site)
        assert any(kind == "filter" for kind, _detail in signals(comment))
        comment.refresh_from_db()
        own_comments.comment_confirm(comment=comment, seen=own_comments.digest(comment))
        comment.refresh_from_db()
        assert comment.state == State.PENDING


@pytest.mark.django_db
class TestFilter:
    def test_it_holds_advertising_on_the_first_day_and_says_why(self, site):
        comment = post(ADVERT, site=site)
        assert comment.state == State.PENDING
        [told] = [detail for kind, detail in signals(comment) if kind == "filter"]
        assert "bonus" in told

    def test_it_can_be_switched_off(self, site):
        site.spam_filter = False
        assert post(ADVERT, site=site).state == State.APPROVED

    def test_it_learns_from_people_and_unlearns_exactly(self, site):
        actor = make_user(role=Role.MODERATOR)
        comment = post("Koop zwavelbloem bij zwavelbloem.example", site=site)
        before = learning.score(learning.facts_of(comment)).score
        states.comment_spam(comment=comment, actor=actor)
        assert FilterWord.objects.get(word="zwavelbloem").spam == 1
        assert FilterWord.objects.get(word=spam.TOTAL).spam == 1
        assert learning.score(learning.facts_of(comment)).score > before
        states.comment_approve(comment=comment, actor=actor)
        assert FilterWord.objects.get(word="zwavelbloem").spam == 0
        assert FilterWord.objects.get(word="zwavelbloem").ham == 1
        lesson = Lesson.objects.get()
        assert (lesson.spam, lesson.score) == (False, before)
        learning.forget(comment)
        assert not FilterWord.objects.exclude(spam=0, ham=0).exists()
        assert not Lesson.objects.exists()

    def test_it_does_not_learn_from_confirmed_addresses(self):
        comment = post(site=SiteSettings())
        own_comments.comment_confirm(comment=comment, seen=own_comments.digest(comment))
        assert not Lesson.objects.exists()

    def test_the_error_rates_count_what_it_thought_before(self, site):
        comments = [post(f"Tekst {number}", site=site) for number in range(4)]
        for comment, is_spam, score in zip(
            comments, (True, True, False, False), (0.95, 0.2, 0.99, 0.1), strict=True
        ):
            Lesson.objects.create(comment=comment, spam=is_spam, score=score)
        rates = learning.error_rates()
        assert (rates.decisions, rates.spam, rates.held, rates.right) == (4, 2, 2, 1)
        assert (rates.precision, rates.recall) == (0.5, 0.5)
        assert learning.error_rates(last=0).precision is None

    def test_a_known_person_is_still_screened(self):
        Commenter.objects.create(name="Anna", email=ANNA["email"], trust=Trust.KNOWN)
        assert post(ADVERT, site=SiteSettings()).state == State.PENDING


@pytest.mark.django_db(transaction=True)
def test_decisions_at_once_learn_each_once():
    site, actor = SiteSettings(hold=Hold.NOBODY, posts_per_person=0), make_user(role=Role.MODERATOR)
    article = make_article()
    comments = [post(f"Gedeelde woorden {n}", site=site, article=article) for n in range(12)]
    gate = threading.Barrier(6)

    def decide(comment):
        try:
            gate.wait(timeout=20)
            states.comment_spam(comment=comment, actor=actor)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(decide, comments))
    assert FilterWord.objects.get(word="gedeelde").spam == 12
    assert FilterWord.objects.get(word=spam.TOTAL).spam == 12
