"""A person who did everything is erased: a dump and the pictures hold nothing of her any more."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from authors import accounts
from authors.models import Author, User
from authors.roles import Role
from blog.models import Article, WorkingCopy
from comments.commenters import forgetting, giving, others_words, own_comments
from comments.models import (
    Ban,
    Comment,
    Commenter,
    Delivery,
    DeliveryState,
    Edit,
    FilterWord,
    Lesson,
    ModerationEvent,
    Report,
    Rule,
)
from comments.moderation import states
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import bans, learning
from comments.thread import counters
from interchange.models import Imported
from newsletter.models import Issue, Mail, Subscription
from newsletter.services import subscribe
from tests.comments.erasable import (
    EMAIL,
    NAME,
    OPEN,
    TRACES,
    dump,
    post,
    traces,
    work,
)
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_she_is_everywhere_first(story):
    assert set(traces()) == set(TRACES) - {"windzeven"}


class TestErased:
    def test_nothing_but_empty_places_is_left(self, story):
        wilhelmina = story[1]
        count = Comment.objects.filter(commenter=wilhelmina).count()
        places = list(Comment.objects.filter(commenter=wilhelmina).values_list("pk", flat=True))
        learning.words_forget()
        assert own_comments.commenter_erase(commenter=wilhelmina) == count == 5
        assert traces() == {}
        assert not Commenter.objects.filter(pk=wilhelmina.pk).exists()
        rows = Comment.objects.filter(pk__in=places)
        assert {(row.name, row.source, row.client) for row in rows} == {("–", "", None)}
        assert counters.recount() == 0

    def test_what_others_said_stays_as_they_said_it(self, story):
        _article, wilhelmina, bram = story
        own_comments.commenter_erase(commenter=wilhelmina)
        bram.refresh_from_db()
        assert bram.source == (
            "> [citaat verwijderd]\n\nDag –, dat zie ik ook wel. "
            "U zei [citaat verwijderd] en dat vind ik mooi."
        )
        assert "dat zie ik ook wel" in bram.fragment
        assert "–" in bram.fragment
        # The filter knows his own words still, and none that he only quoted.
        features = Lesson.objects.get(comment=bram).features
        assert "mooi" in features
        assert not FilterWord.objects.filter(word__contains="kolibrie").exists()
        assert FilterWord.objects.get(word="mooi").ham == 1
        note = Report.objects.filter(email="").order_by("pk")
        assert {row.note for row in note} == {""}

    def test_the_log_says_who_decided_what(self, story):
        _article, wilhelmina, _bram = story
        before = list(
            ModerationEvent.objects.order_by("pk").values_list(
                "pk", "action", "actor", "created_at"
            )
        )
        own_comments.commenter_erase(commenter=wilhelmina)
        after = ModerationEvent.objects.order_by("pk").values_list(
            "pk", "action", "actor", "created_at"
        )
        assert list(after)[: len(before)] == before
        assert "0.97" in str(ModerationEvent.objects.values_list("signals"))

    def test_a_ban_in_force_stays_without_her_address(self, story):
        _article, wilhelmina, _bram = story
        over = bans.ban_add(actor=None, email=EMAIL, until=timezone.now())
        own_comments.commenter_erase(commenter=wilhelmina)
        assert bans.ban_for(email=EMAIL.upper(), client=None) is not None
        assert bans.ban_for(email="iemand@anders.example", client=None) is None
        assert not Ban.objects.filter(pk=over.pk).exists()
        assert {ban.email for ban in Ban.objects.all()} == {""}
        assert str(Ban.objects.first())

    def test_an_import_brings_nothing_back(self, story):
        _article, wilhelmina, _bram = story
        own_comments.commenter_erase(commenter=wilhelmina)
        place = Imported.objects.get(kind="comment")
        assert (bytes(place.digest), bytes(place.stored)) == (b"", b"")
        assert Comment.objects.get(pk=place.number).erased

    def test_mails_to_others_that_wait_go_out_without_her(self, story):
        _article, wilhelmina, bram = story
        own_comments.commenter_erase(commenter=wilhelmina)
        waiting = Delivery.objects.filter(state=DeliveryState.QUEUED, event__startswith="digest ")
        (digest,) = waiting.filter(commenter=bram.commenter)
        assert "[…]" in digest.body
        assert not Delivery.objects.filter(commenter=wilhelmina.pk).exists()
        assert not Delivery.objects.filter(comment__name="–", state="queued").exists()

    @pytest.mark.parametrize("spelt", [NAME, NAME.upper(), " ".join(reversed(NAME.split()))])
    def test_others_of_her_name_keep_it(self, story, spelt):
        article, wilhelmina, bram = story
        namesake = post(article, f"Ik heet ook {NAME}.", name=spelt, email="zij@anders.example")
        own_comments.commenter_erase(commenter=wilhelmina)
        namesake.refresh_from_db()
        bram.refresh_from_db()
        assert namesake.name == spelt
        assert namesake.source == f"Ik heet ook {NAME}."
        assert f"Dag {NAME}," in bram.source

    def test_nobody_takes_words_out_of_others_texts_by_a_name(self, story):
        """A name is what its bearer chose: only who speaks to her means her by it."""
        article = story[0]
        vandal = "Van De Planning"
        words = "De dienst Van De Planning werkt hard."
        before = post(article, words, name="Cas", email="cas@x.nl")
        work_copy = WorkingCopy.objects.create(
            user=User.objects.get(username="femke"), key="k2", data={"title": [vandal]}
        )
        rule = Rule.objects.create(target="name", pattern=vandal)
        task = DBTaskResult.objects.filter(status="READY").count()
        person = post(article, "Hoi.", name=vandal, email="vandaal@x.nl").commenter
        Commenter.objects.filter(pk=person.pk).update(name="casino")
        own_comments.commenter_erase(commenter=person)
        before.refresh_from_db()
        work_copy.refresh_from_db()
        assert before.source == words
        assert work_copy.data == {"title": [vandal]}
        assert Rule.objects.filter(pk=rule.pk, pattern=vandal).exists()
        assert Rule.objects.filter(pattern="casino").exists()
        assert DBTaskResult.objects.filter(status="READY").count() == task

    def test_nor_by_copying_what_others_quote(self, story):
        article = story[0]
        passage = "De planning moet minstens vier weken vooraf bekend zijn."
        Article.objects.filter(pk=article.pk).update(body_text=passage)
        said = "Ik vind dat roosters door de ploeg zelf gemaakt worden."
        first = post(article, said, name="Cas", email="cas@x.nl")
        vandal = post(article, f"{passage}\n\n{said}", name="Vandaal", email="vandaal@x.nl")
        quotes = f"> {passage}\n\n> {said}\n\nMee eens."
        other = post(article, quotes, name="Dirk", email="dirk@x.nl")
        early = post(article, f"> {said}", name="Eva", email="eva@x.nl", parent=first)
        own_comments.commenter_erase(commenter=vandal.commenter)
        other.refresh_from_db()
        early.refresh_from_db()
        assert (other.source, early.source) == (quotes, f"> {said}")

    def test_a_quotation_further_on_is_found(self, story):
        article, wilhelmina, _bram = story
        far = post(article, "> Uit de oude zonnezeef.\n\nMooi.", name="Dirk", email="dirk@x.nl")
        own_comments.commenter_erase(commenter=wilhelmina)
        far.refresh_from_db()
        assert far.source == "> [citaat verwijderd]\n\nMooi."

    @pytest.mark.parametrize(
        ("broken", "after"),
        [
            *(("_settle", 0), ("mails_reword", 0), ("mails_reword", 1), ("_ready", 0)),
            *(("_ready", 3), ("empty", 0), ("empty", 1), ("empty", 4)),
        ],
    )
    def test_broken_off_it_goes_on_by_itself(self, story, monkeypatch, broken, after):
        wilhelmina = story[1]
        learning.words_forget()
        module = others_words if hasattr(others_words, broken) else forgetting
        real, calls = getattr(module, broken), []

        def breaks(*args):
            calls.append(args)
            if len(calls) > after:
                raise KeyboardInterrupt
            return real(*args)

        with monkeypatch.context() as patch:
            patch.setattr(module, broken, breaks)
            with pytest.raises(KeyboardInterrupt):
                own_comments.commenter_erase(commenter=wilhelmina)
        assert Commenter.objects.get(pk=wilhelmina.pk).erase_asked_at is not None
        work()
        work()
        assert traces() == {}
        assert counters.recount() == 0

    def test_a_person_with_many_comments_is_left_to_the_worker(self, story, monkeypatch):
        _article, wilhelmina, _bram = story
        monkeypatch.setattr(forgetting, "AT_ONCE", 2)
        for module in (forgetting, others_words):
            monkeypatch.setattr(module, "LOT", 2)
        learning.words_forget()
        own_comments.commenter_erase(commenter=wilhelmina)
        assert Commenter.objects.filter(pk=wilhelmina.pk).exists()
        work()
        assert traces() == {}

    def test_what_she_writes_after_it_is_there(self, story, monkeypatch):
        article, wilhelmina, _bram = story
        monkeypatch.setattr(forgetting, "AT_ONCE", 2)
        Ban.objects.all().delete()
        own_comments.commenter_erase(commenter=wilhelmina)
        again = post(article, "Toch weer.", name="Mina", email=EMAIL)
        work()
        again.refresh_from_db()
        assert (again.name, again.source, again.commenter_id) == ("Mina", "Toch weer.", None)


def test_the_export_gives_everything_that_is_kept(story):
    _article, wilhelmina, _bram = story
    wilhelmina.refresh_from_db()
    kept = own_comments.commenter_export(wilhelmina)
    assert set(kept) == {"site", "made", *giving.PARTS}
    assert kept["person"]["trust"] == "Bekend"
    assert kept["person"]["mail_pace"] == "meteen"
    assert kept["person"]["address_refused"] is None
    assert len(kept["comments"]) == 5
    assert {"learnt_as_spam", "score", "words"} == set(
        next(one["spam_filter"] for one in kept["comments"] if "spam_filter" in one)
    )
    assert kept["comments"][0]["earlier_texts"]
    assert ("verwijderd", "Wolkenbreister is reclame.") in {
        (one["decision"], one["reason"]) for one in kept["log"]
    }
    assert kept["appeals"][0]["answer"].startswith("Uw hagelkorf")
    assert [one["text"] for one in kept["reports"]] == ["Hij liegt over mijn tulpenkoorts."]
    assert kept["bans"][0]["reason"]
    assert kept["newsletter"]["mails"]
    assert kept["mails"][0]["error"]
    # Nothing of the others: who reported, which colleague decided, whom she answered by mail.
    text = str(kept).lower()
    assert "piet@" not in text
    assert "bram@" not in text
    assert "'mo'" not in text
    assert "gemeld" not in {one["decision"] for one in kept["log"]}


class TestAccounts:
    """What becomes of who writes: log-ins, logs and comments go, articles stay."""

    @pytest.fixture
    def account(self, people):
        femke, mo = people
        make_user("chef", role=Role.OWNER)
        user = make_user(
            "wilhelmina", role=Role.AUTHOR, email=EMAIL, first_name="Wilhelmina",
            last_name="Onvergetelijk",
        )  # fmt: skip
        photo = default_storage.save("authors/wilhelmina.jpg", ContentFile(b"x"))
        author = make_author(
            NAME, user=user, slug="wilhelmina", bio="Over windzeven.", photo=photo,
            photo_renditions={"96": {"webp": photo}},
        )  # fmt: skip
        card = default_storage.save("cards/1-wilhelmina.png", ContentFile(b"x"))
        article = make_article("Roosters", authors=[author], card=card, card_version=1)
        WorkingCopy.objects.create(user=user, key="k", data={"title": ["Mijn mistvanger"]})
        LogEntry.objects.log_actions(
            user_id=femke.pk, queryset=[user], action_flag=CHANGE, change_message=NAME,
            single_object=True,
        )  # fmt: skip
        writer = {"name": NAME, "user": user, "author": author}
        comment = comment_post(
            submission=Submission(article=article, text="Mijn hagelkorf.", **writer), site=OPEN
        )[0]
        states.comment_remove(comment=comment, actor=mo, reason="Zomaar.")
        return user, author, article

    def test_the_byline_goes_when_the_owner_says_so(self, client, account):
        user, _author, article = account
        client.force_login(User.objects.get(username="chef"))
        url = f"/admin/authors/user/{user.pk}/delete/"
        assert "1 reactie" in client.get(url).text
        assert client.post(url, {"account": "delete", "byline": "goes"}).status_code == 302
        # The reader's message is of that moment alone.
        client.get("/admin/")
        client.logout()
        assert traces() == {}
        assert article.authors.get().name == "–"
        assert client.get(article.get_absolute_url()).status_code == 200

    def test_or_stays_as_a_guest_s(self, account):
        user, author, _article = account
        accounts.account_erase(user=user, byline_stays=True)
        assert Author.objects.get(pk=author.pk).user_id is None
        assert Author.objects.get(pk=author.pk).name == NAME
        assert not WorkingCopy.objects.filter(key="k").exists()
        left = dump()
        assert EMAIL not in left
        assert "hagelkorf" not in left
        assert "mistvanger" not in left

    def test_a_restore_erases_it_again(self, account):
        user, _author, _article = account
        values = {
            field.attname: getattr(user, field.attname) for field in User._meta.concrete_fields
        }
        accounts.account_erase(user=user, byline_stays=True)
        User.objects.create(**values)
        assert own_comments.erasures_repeat() == 1
        assert not User.objects.filter(email=EMAIL).exists()

    def test_the_last_owner_stays(self, account, client):
        chef = User.objects.get(username="chef")
        with pytest.raises(accounts.NoOwnerLeft):
            accounts.account_erase(user=chef, byline_stays=True)
        client.force_login(chef)
        url = f"/admin/authors/user/{chef.pk}/delete/"
        answer = client.post(url, {"account": "delete"}, follow=True)
        assert "Niemand anders kan zich aanmelden als beheerder" in answer.text
        assert User.objects.filter(pk=chef.pk).exists()


def test_a_subscriber_leaves_nothing_but_a_number(people):
    reader = Commenter.objects.create(email=EMAIL, name="", confirmed_at=timezone.now())
    subscribe(person=reader, author=None, tag=None, pace="once")
    issue = Issue.objects.create(title="Roosters")
    Mail.objects.create(issue=issue, person=reader, event="x", subject="x", state="sent")
    Mail.objects.create(
        issue=Issue.objects.create(title="Later"), person=reader, event="x", subject="x"
    )
    own_comments.commenter_erase(commenter=reader)
    assert traces() == {}
    assert issue.counts() == {"sent": 1} or Issue.objects.get(pk=issue.pk).counts() == {"sent": 1}
    assert Issue.objects.get(title="Later").counts() == {"dropped": 1}
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("shout", [str.upper, str.lower, str.swapcase, str.casefold, str.title])
@pytest.mark.parametrize("name", ["Vreneli Quispelzoon", "Vreneli Weißé", "Ångela Özdemir"])
def test_a_name_in_other_capitals_is_hers_too(name, shout):
    article = make_article()
    hers = post(article, "Een zin van mij.", name=name, email="vreneli@x.example")
    said = shout(name)
    answer = post(article, f"Zoals {said} zei: ja.", name="Bo", email="bo@x.example", parent=hers)
    Edit.objects.create(comment=answer, source=f"Eerst {said}.")
    learning.learn(answer, is_spam=False)
    mail = Delivery.objects.create(
        event="x 1", commenter=answer.commenter, subject=said, body=f"Dag, {said}!", headers={}
    )
    own_comments.commenter_erase(commenter=hers.commenter)
    answer.refresh_from_db()
    mail.refresh_from_db()
    assert answer.source == "Zoals – zei: ja."
    assert answer.edits.get().source == "Eerst –."
    assert "–" in mail.subject + mail.body
    last = name.split()[1].casefold()
    lesson = Lesson.objects.get(comment=answer)
    for kept in (answer.html, answer.fragment, mail.body, *lesson.features):
        assert last not in kept.casefold()
    assert not [one for one in FilterWord.objects.all() if last in one.word.casefold()]


def test_another_with_the_same_name_in_small_letters_keeps_it():
    article = make_article()
    hers = post(article, "Een zin.", name="Vreneli Quispelzoon", email="vreneli@x.example")
    other = post(article, "Dag.", name="vreneli quispelzoon", email="zij@x.example")
    answer = post(article, "Dag VRENELI QUISPELZOON!", name="Bo", email="b@x.example", parent=hers)
    own_comments.commenter_erase(commenter=hers.commenter)
    for row in (other, answer):
        row.refresh_from_db()
    assert other.name == "vreneli quispelzoon"
    assert answer.source == "Dag VRENELI QUISPELZOON!"
