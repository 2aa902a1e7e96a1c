"""A mailed button changes what its mail names, and nothing else in any table."""

import pytest
from django.apps import apps
from django.test import Client

from authors.models import Tally
from blog.models import Hold, ShownVersion, SiteSettings
from comments import tokens
from comments.commenters import own_comments
from comments.models import (
    Comment,
    Commenter,
    State,
    Subscription,
)
from comments.notifications import notices
from comments.tokens import Purpose
from newsletter import letters
from newsletter.models import MailPace
from newsletter.models import Subscription as Reading
from tests.comments.notifications.confirmation import confirm_path, path_of, send
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site():
    return SiteSettings.objects.create(
        pk=1, hold=Hold.UNKNOWN, flood_limit=0, posts_per_hour=0, posts_per_person=0
    )


@pytest.fixture
def article():
    return make_article("Roosters")


def everything():
    """All rows of all tables of ours: {(table, number): {column: value}}; what limits count is
    no act."""
    return {
        (model._meta.label, row[model._meta.pk.attname]): row
        for label in ("authors", "blog", "comments", "newsletter")
        for model in apps.get_app_config(label).get_models()
        # Counters of requests, and what follows from other rows.
        if model not in (Tally, ShownVersion)
        for row in model._base_manager.values()
    }


def changed(before, after):
    """What is new, gone or different, as {(table, number): names of columns, or a word}."""
    found = dict.fromkeys(after.keys() - before.keys(), "new")
    found |= dict.fromkeys(before.keys() - after.keys(), "gone")
    for key in before.keys() & after.keys():
        columns = {name for name in after[key] if after[key][name] != before[key][name]}
        if columns:
            found[key] = columns
    return found


class Scene:
    """A person who wrote, and of whom strangers know the address: they wrote with it too."""

    def __init__(self, article):
        self.article, self.other = article, make_article("Elders")
        _answer, self.comment = send(article, "Van haarzelf.")
        _answer, self.forged = send(article, "Van een vreemde.", name="Annå", follow="on")
        send(self.other, "Ook van een vreemde.", name="Iemand")
        self.person = Commenter.objects.get()
        Subscription.objects.create(commenter=self.person, article=self.other)
        Reading.objects.create(person=self.person)


def _token(purpose, *values):
    return tokens.make(purpose, [*values])


_PERSON_KNOWN = {"confirmed_at", "trust"}
_SHOWN = {"state", "shown", "shown_at", "to_tell", "fragment", "fragment_release"}
# Each purpose with a button: its address, and what pressing it may change.
BUTTONS = {
    Purpose.CONFIRM: (
        lambda s: confirm_path(s.comment),
        lambda s: {
            ("comments.Comment", s.comment.pk): _SHOWN,
            ("comments.Commenter", s.person.pk): _PERSON_KNOWN,
            ("blog.Article", s.article.pk): {"comment_count", "thread_version"},
            ("comments.ModerationEvent", None): "new",
        },
    ),
    Purpose.FOLLOW: (
        lambda s: path_of(notices.follow_url(s.person, s.article, None).made()),
        lambda s: {
            ("comments.Subscription", None): "new",
            ("comments.Commenter", s.person.pk): {"confirmed_at"},
        },
    ),
    Purpose.JOIN: (
        lambda s: path_of(letters.confirm_url(s.person, s.tag_author, None, MailPace.ONCE).made()),
        lambda s: {
            ("newsletter.Subscription", None): "new",
            ("comments.Commenter", s.person.pk): {"confirmed_at"},
        },
    ),
    Purpose.STOP: (
        lambda s: path_of(notices.stop_url(s.person, s.person.subscriptions.get()).made()),
        lambda s: {("comments.Subscription", s.person.subscriptions.get().pk): "gone"},
    ),
    Purpose.LEAVE: (
        lambda s: path_of(letters.stop_url(s.person).made()),
        lambda s: {
            ("newsletter.Subscription", s.person.newsletters.get().pk): "gone",
            ("newsletter.Ended", None): "new",
        },
    ),
}
# These open a page with more than one button, or give the holder's word with her own request.
NO_SINGLE_BUTTON = {
    Purpose.OWN, Purpose.MINE, Purpose.MODERATE, Purpose.BROWSER, Purpose.READER,
}  # fmt: skip


def test_every_purpose_is_in_the_walk():
    assert set(BUTTONS) | NO_SINGLE_BUTTON == set(Purpose)


@pytest.mark.parametrize("purpose", BUTTONS, ids=lambda purpose: purpose.name)
def test_a_button_changes_what_it_names_and_nothing_else(article, purpose):
    scene = Scene(article)
    scene.tag_author = article.article_authors.first().author
    address, allowed = BUTTONS[purpose]
    url, expected = address(scene), allowed(scene)
    before = everything()
    for look in (Client().get, Client().head):
        assert look(url).status_code == 200
    assert everything() == before
    assert Client().post(url, {"seen": own_comments.digest(scene.comment)}).status_code == 200
    found = changed(before, everything())
    for (table, number), what in found.items():
        known = expected.get((table, number), expected.get((table, None)))
        assert known is not None, (table, number, what)
        assert what == known or (isinstance(what, set) and what <= known), (table, what)
    assert len(found) == len(expected)
    # Twice is once; the stranger's comments still wait.
    settled = everything()
    Client().post(url, {"seen": own_comments.digest(scene.comment)})
    again = changed(settled, everything())
    assert not again
    waiting = Comment.objects.filter(state=State.PENDING).exclude(pk=scene.comment.pk)
    assert waiting.count() == 2


def test_a_button_of_the_own_page_confirms_that_comment_alone(client, article):
    scene = Scene(article)
    url = path_of(notices.mine_url(scene.person).made())
    assert client.get(url).text.count('value="confirm"') == 3
    answer = client.post(
        url,
        {
            "action": "confirm",
            "comment": scene.comment.pk,
            "seen": own_comments.digest(scene.comment),
        },
    )
    assert "data-proof" in answer.text
    assert list(Comment.objects.filter(state=State.APPROVED)) == [scene.comment]
    page = client.get(url).text
    assert page.count('value="confirm"') == 2
    _answer, other = send(article, "Van Bo.", name="Bo", email="bo@lezer.example")
    assert client.post(url, {"action": "confirm", "comment": other.pk}).status_code == 404
    other.refresh_from_db()
    assert other.state == State.PENDING
