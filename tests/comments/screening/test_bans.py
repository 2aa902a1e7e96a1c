"""Bans: a person, addresses by a pattern, or a network; for a while or for good."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.commenters import own_comments
from comments.models import Ban, Comment, Commenter, State, Trust
from comments.posting import network_mark
from comments.posting.store import Receipt, comment_post
from comments.posting.submission import Submission
from comments.screening import bans
from comments.thread import access
from comments.thread.refusals import Refused
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
OPEN = SiteSettings(hold=Hold.NOBODY, posts_per_person=0, spam_filter=False)
HERE, THERE, AWAY = b"netwerk1" + b"adres--1", b"netwerk1" + b"adres--2", b"netwerk2" + b"adres--3"


def post(email="anna@lezer.example", network=None, text="Iets.", article=None, proof=""):
    writer = {"name": "Anna", "email": email, "client": network, "proof": proof}
    return comment_post(
        submission=Submission(article=article or make_article(), text=text, **writer), site=OPEN
    )[0]


def is_banned(email="", network=None):
    return bans.ban_for(email=email, client=network) is not None


def test_a_person_by_her_address():
    comment = post()
    ban = bans.ban_add(actor=None, commenter=comment.commenter, reason="Schelden", comment=comment)
    with pytest.raises(Refused, match="banned") as refusal:
        post("Anna@Lezer.example", text="Weer.", proof=access.browser_proof(comment.commenter))
    assert "Schelden" in refusal.value.message
    with pytest.raises(Refused, match="banned") as refusal:
        post("Anna@Lezer.example", text="Weer.")
    assert "Schelden" not in refusal.value.message
    assert comment.events.filter(action="banned", reason="Schelden").exists()
    bans.ban_lift(ban=ban, actor=None)
    assert post(text="Weer.").pk
    assert comment.events.filter(action="unbanned").exists()


BOXES = ["anna@lezer.example", "anna+1@lezer.example", "an.na@gmail.com", "anna+x@googlemail.com"]
SPELT = {
    "lezer.example": ["anna@lezer.example", "Anna+9@lezer.example", '"an\\na"@lezer.example'],
    "mail.com": ["anna@gmail.com", "a.n.n.a+2@gmail.com", '"anna"@googlemail.com'],
}


@pytest.mark.parametrize("banned", BOXES)
@pytest.mark.parametrize("how", ["person", "address", "erased"])
def test_it_holds_for_the_mailbox(banned, how):
    if how == "address":
        bans.ban_add(actor=None, email=banned)
    else:
        person = post(banned).commenter
        bans.ban_add(actor=None, commenter=person)
        if how == "erased":
            own_comments.commenter_erase(commenter=person)
    for domain, spellings in SPELT.items():
        for one in spellings:
            assert is_banned(one) == banned.endswith(domain)
    assert not is_banned("annabel@lezer.example")


def test_who_is_blocked_is_so_by_every_address():
    person = post("an.na@gmail.com").commenter
    own_comments.trust_set(commenter=person, trust=Trust.BLOCKED)
    for one in ("anna@gmail.com", "anna+7@googlemail.com"):
        assert post(one, text=f"Nog eens, {one}").state == State.REJECTED
    assert post("anna@lezer.example").state == State.APPROVED


def test_a_pattern_of_addresses():
    bans.ban_add(actor=None, email="*@Reclame.example")
    assert is_banned("wie.dan.ook@reclame.example")
    assert is_banned("WIE@RECLAME.EXAMPLE")
    assert not is_banned("wie@reclame.example.org")
    assert not is_banned("reclame.example")
    assert not is_banned("")


@pytest.mark.parametrize("pattern", ["a_b@x.example", "100%@x.example", "a\\b@x.example"])
def test_only_a_star_stands_for_more(pattern):
    bans.ban_add(actor=None, email=pattern)
    assert is_banned(pattern)
    assert not is_banned(pattern.replace("_", "z").replace("%", "z").replace("\\", "z"))


def test_a_star_alone_bans_no_one_without_an_address():
    bans.ban_add(actor=None, email="*")
    assert is_banned("a@b.example")
    assert not is_banned("")


def test_one_address_or_a_whole_network():
    bans.ban_add(actor=None, network=HERE)
    assert is_banned(network=HERE)
    assert not is_banned(network=THERE)
    bans.ban_add(actor=None, network=HERE[:8])
    assert is_banned(network=THERE)
    assert not is_banned(network=AWAY)
    assert not is_banned(network=None)


def test_a_network_is_a_64_of_ipv6_and_a_24_of_ipv4(rf):
    def digest(address):
        return network_mark.digest(rf.get("/", REMOTE_ADDR=address))

    assert digest("2001:db8:1:2:a::1")[:8] == digest("2001:db8:1:2:ffff::2")[:8]
    assert digest("2001:db8:1:2:a::1")[:8] != digest("2001:db8:1:3:a::1")[:8]
    assert digest("203.0.113.7")[:8] == digest("203.0.113.200")[:8]
    assert digest("203.0.113.7") != digest("203.0.113.8")
    assert digest("203.0.113.7")[:8] != digest("203.0.114.7")[:8]


def test_it_ends_by_itself(time_machine):
    bans.ban_add(actor=None, email="a@b.example", until=timezone.now() + timedelta(days=7))
    assert is_banned("a@b.example")
    time_machine.move_to(timezone.now() + timedelta(days=8))
    assert not is_banned("a@b.example")


def test_the_longest_one_speaks():
    soon, late = timezone.now() + timedelta(days=1), timezone.now() + timedelta(days=9)
    bans.ban_add(actor=None, email="a@b.example", until=soon, reason="kort")
    bans.ban_add(actor=None, email="*@b.example", until=late, reason="lang")
    assert bans.ban_for(email="a@b.example", client=None).reason == "lang"
    bans.ban_add(actor=None, network=HERE, reason="altijd")
    assert bans.ban_for(email="a@b.example", client=HERE).reason == "altijd"


def test_nobody_is_no_one_to_ban():
    with pytest.raises(ValueError, match="nobody"):
        bans.ban_add(actor=None)


def test_an_account_of_the_site_is_never_banned_by_its_network():
    bans.ban_add(actor=None, network=HERE)
    author = make_author(user=make_user(role=Role.AUTHOR))
    writer = {"name": author.name, "user": author.user, "author": author, "client": HERE}
    stored, receipt = comment_post(
        submission=Submission(article=make_article(), text="Van hier.", **writer), site=OPEN
    )
    assert receipt is Receipt.POSTED
    assert stored.pk


def test_a_thousand_bans_cost_one_query():
    Ban.objects.bulk_create(Ban(email=f"*@reclame{n}.example") for n in range(1000))
    with CaptureQueriesContext(connection) as queries:
        assert is_banned("x@reclame999.example", HERE)
        assert not is_banned("x@elders.example", HERE)
    assert len(queries) == 2


def test_the_page_gives_the_text_back(client):
    article = make_article()
    SiteSettings.objects.update_or_create(pk=1, defaults={"hold": Hold.NOBODY})
    bans.ban_add(actor=None, email="*@lezer.example", reason="Om wat Anna deed")
    form = {"name": "Anna", "email": "anna@lezer.example", "text": "Mijn lange verhaal."}
    answer = client.post(f"{article.get_absolute_url()}reply/", form)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Mijn lange verhaal." in page
    assert "U kunt hier niet aan de gesprekken deelnemen." in page
    assert "Om wat Anna deed" not in page
    assert not Comment.objects.exists()


def test_being_forgotten_does_not_lift_it():
    comment = post()
    person = comment.commenter
    bans.ban_add(actor=None, commenter=person)
    own_comments.commenter_erase(commenter=person)
    assert not Commenter.objects.filter(email="anna@lezer.example").exists()
    assert is_banned("anna@lezer.example")


@given(email=st.emails(), network=st.binary(min_size=16, max_size=16))
def test_who_is_not_banned_is_not_banned(email, network):
    assert not is_banned(email, network)
