"""Nobody comments in the name of an author, the site, or those who run it; others go free."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from authors.roles import Role
from blog.models import Hold, SiteSettings
from comments.models import Comment, Commenter, Delivery, Subscription
from comments.notifications import following
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import access
from comments.thread.looks import skeleton
from comments.thread.refusals import Refused
from comments.thread.reserved import Reserved
from core.mail import display_name
from tests.comments.thread.test_names import DUTCH
from tests.factories import make_article, make_author, make_user

PEOPLE = ["Marieke de Wit", "Jan Smit", "Femke", "Jan van der Berg", "J.P. Özdemir", "Ilse Kern"]
KNOWN = Reserved(PEOPLE, "Weerwoord")

WHOLE = st.sampled_from(["Marieke de Wit", "Jan Smit", "Jan van der Berg", "Ilse Kern"])
AROUND = st.sampled_from(
    ["drs.", "Prof. dr.", "(auteur)", "[redactie]", "mevr.", "– moderator", "| admin", "MSc", "✓",
     "officieel", "2", "(echt)", ", hoofdredacteur", "de redactie"]
)  # fmt: skip
MORE = st.sampled_from(["Ik ben", "Anna", "van Weerwoord", "groet van", "uit Delft", "A."])
DISGUISES = (
    str,
    str.upper,
    str.lower,
    lambda name: name.replace("i", "і").replace("a", "а"),
    lambda name: name.replace("e", "é"),
    lambda name: name.replace("o", "0").replace("i", "1").replace("e", "3"),
    lambda name: name.replace(" ", "\u200b "),
    lambda name: name.replace(" ", "."),
    lambda name: name.replace(" ", "_"),
    lambda name: "".join(chr(0xFEE0 + ord(ch)) if "!" <= ch <= "~" else ch for ch in name),
)


@given(WHOLE, st.randoms(use_true_random=False), st.lists(AROUND | MORE, max_size=2), st.data())
def test_a_reserved_name_holds_in_any_order_with_anything_around(name, chance, around, data):
    words = name.split()
    chance.shuffle(words)
    disguise = data.draw(st.sampled_from(DISGUISES))
    parts = [*around, disguise(" ".join(words))]
    chance.shuffle(parts)
    assert KNOWN.holds(" ".join(parts))


@pytest.mark.parametrize(
    "name",
    [
        *("drs. Marieke de Wit", "Wit, Marieke de", "Marieke de Wit (auteur)", "MariekedeWit"),
        *("WitMariekeDe", "mariekedewitauteur", "M a r i e k e d e W i t", "Wit-Marieke de"),
        *("Marieke A. de Wit", "Marieke de Wit2", "M4riek3 de W1t", "mаrieke.de.wit"),
        *(
            "J.P. Özdemir uit Delft",
            "Femke",
            "Femke (auteur)",
            "auteur Femke",
            "drs. Femke",
            "F3mke",
            "Jan Smit jr.",
        ),
        *("Weerwoord", "Redactie Weerwoord", "Weerwoord team", "het Weerwoord-team"),
        *("Bo van Weerwoord", "WeerwoordRedactie", "Team Weerwoord", "Weerw00rd", "weerwoord.nl"),
        *("moderator", "Moderator Bo", "De redactie", "m0derator", "Adm1n", "Bo (redactie)"),
        *("Bo – redactie", "Bo | moderator van Weerwoord", "Hoofdredacteur", "Beheerder"),
        *("ADMIN", "the editors", "REDACTIE", "Bo Jansen, auteur"),
    ],
)
def test_names_that_are_refused(name):
    assert KNOWN.holds(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Jan de Wit", "Marieke Bos", "Jan Smits", "Femke Jansen", "M. de Wit", "J. Smit"),
        *("Marieke Wit", "Jan van den Berg", "Jan Berg", "Janna Smit", "Jan Smit-Bakker"),
        *("Kees Schrijver", "dr. Anna Bos", "Team NL", "Piet 1", "Lise Kern", "Wit"),
        *("Ellen Redactiewicz", "Woord Weerman", "Bo (lezer)", "Jan, de Wit"),
    ],
)
def test_names_that_go_free(name):
    assert not KNOWN.holds(name)


SURNAMES = st.sampled_from(
    ["de Wit", "van der Berg", "Smit", "Smits", "Bakker", "van den Broek", "de Boer", "Berg"]
)


@given(st.sampled_from(DUTCH), SURNAMES, st.sampled_from(DUTCH), SURNAMES)
def test_readers_who_share_a_first_name_or_a_surname_go_free(first, last, other_first, other_last):
    author, reader = f"{first} {last}", f"{other_first} {other_last}"
    assume(skeleton(author) != skeleton(reader))
    assert not Reserved([author], "De Brug en de Kade").holds(reader)
    assert Reserved([author], "De Brug en de Kade").holds(f"{author} (auteur)")


def test_a_site_called_as_its_author_leaves_her_first_name_to_others():
    known = Reserved(["Marieke de Wit"], "Marieke")
    assert not known.holds("Marieke Bos")
    assert known.holds("Marieke")
    assert known.holds("Redactie Marieke")


def test_a_longer_surname_is_another():
    assert not Reserved(["Marco Rossi"], "De Brug").holds("Marco di Rossi")
    assert not Reserved(["Jan Berg"], "De Brug").holds("Jan van den Berg")


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_answered(text):
    assert KNOWN.holds(text) in (True, False)


class TestWays:
    """Every way in which a name comes in."""

    @pytest.fixture
    def article(self, db):
        SiteSettings.objects.create(pk=1, title="Weerwoord", hold=Hold.NOBODY)
        return make_article("Roosters", authors=[make_author("Marieke de Wit")])

    def test_posting_refuses_whoever_asks(self, article):
        site = SiteSettings.objects.get()
        for email in ("", "dief@x.example"):
            with pytest.raises(Refused) as refused:
                comment_post(
                    submission=Submission(
                        article=article, name="Wit, Marieke de", email=email, text="Ik."
                    ),
                    site=site,
                )
            assert refused.value.reason == "name"
        assert not Comment.objects.exists()

    def test_the_form_says_so_and_keeps_the_text(self, article, client):
        url = f"{article.get_absolute_url()}reply/"
        data = {"name": "Marieke de Wit (auteur)", "text": "Een lang verhaal."}
        answer = client.post(url, {**data, "post": "1"})
        assert answer.status_code == 422
        assert "Kies een andere" in answer.text
        assert "Een lang verhaal." in answer.text
        # A preview says nothing of names: it costs nothing and could be asked for every one.
        answer = client.post(url, {**data, "preview": "1"})
        assert answer.status_code == 200
        assert "Kies een andere" not in answer.text
        assert not Comment.objects.exists()

    def test_accounts_that_never_spoke_cannot_be_found_out(self, article):
        site = SiteSettings.objects.get()
        account = make_user("geheim_account", role=Role.MODERATOR)
        assert not access.name_is_reserved("geheim_account", site)
        assert not access.name_is_reserved("onbekend_account", site)
        comment_post(
            submission=Submission(
                article=article, name="geheim_account", user=account, moderator=True, text="Hier."
            ),
            site=site,
        )
        assert access.name_is_reserved("geheim_account", site)

    def test_a_new_author_and_a_new_title_hold_at_once(self, article):
        site = SiteSettings.objects.get()
        assert not access.name_is_reserved("Noor Visser", site)
        make_author("Noor Visser")
        assert access.name_is_reserved("Visser, Noor", site)
        site.title = "Tegen Vijven"
        assert access.name_is_reserved("Redactie Tegen Vijven", site)

    def test_one_query_says_it(self, article, django_assert_num_queries):
        site = SiteSettings.objects.get()
        with django_assert_num_queries(1):
            access.name_is_reserved("Jan de Wit", site)


ADDRESSES = [
    "www.pillen.example",
    "https://pillen.example/x",
    "koop.nu",
    "bo@x.example",
    "kijk.op/nu",
    "PILLEN。COM",
    "pillen․example",
    "(casino.example)",
    *(f"{title}.{top}{path}" for title in ("ing", "mr", "drs", "dr") for top in ("nl", "com")
      for path in ("", "/x", ":80")),
    "127.9.0.1", "10.0.0.1/a", "localhost:8155/mine", "//casino.example",
    "casino .example", "casino·example", "casino۔com", "casino。com", "casino｡com",
    "CASINO.Example/x",
]  # fmt: skip
ADDRESSES_SHOWN = (
    *("pillen", "koop.nu", "x.example", "kijk.op", "casino", "127.9", "10.0.0", "8155"),
    *(f"{title}.{top}" for title in ("ing", "mr", "drs", "dr") for top in ("nl", "com")),
)
# What links of a mail hold that may be any digits, 8155 too.
_ANY = re.compile(r"token-[0-9a-f]{32}|comment[/-]\d+|roosters-\d+|article[-.]\d+")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("around", ["{}", "Bo {}", "{} – Bo Jansen"])
def test_no_address_is_part_of_a_name_in_mails(address, around):
    shown = display_name(around.format(address))
    assert not any(part in shown.lower() for part in ADDRESSES_SHOWN)
    assert shown.strip()
    if "Bo" in around:
        assert "Bo" in shown


@pytest.mark.parametrize("name", ["J.P. Bakker", "dr. Bo", "Bo", "Gal·la Puig", "Bo v.d. Berg"])
def test_honest_names_are_themselves_in_mails(name):
    assert display_name(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("J.P.Bakker", "J.P. Bakker"),
        ("St.Jan", "St. Jan"),
        ("mr.Bakker", "mr. Bakker"),
        ("ing.Bank", "ing. Bank"),
    ],
)
def test_a_title_before_a_surname_is_no_address(name, shown):
    assert display_name(name) == shown


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_mail_carries_an_address_as_a_name(address):
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY)
    moderator = make_user("mo", role=Role.MODERATOR, email="mo@site.example")
    article = make_article("Roosters")
    reader = Commenter.objects.create(
        name="Bo", email="bo@lezer.example", confirmed_at="2026-11-01T10:00Z", trust="known"
    )
    Subscription.objects.create(commenter=reader, article=article)
    for hold in (Hold.NOBODY, Hold.EVERYONE):
        comment_post(
            submission=Submission(
                article=article, name=address, email="x@lezer.example", text=f"Dag {hold}."
            ),
            site=SiteSettings(hold=hold),
        )
    following.tell_waiting()
    mails = list(Delivery.objects.exclude(event__startswith="confirm"))
    person = Commenter.objects.get(user=moderator)
    assert {mail.commenter_id for mail in mails} == {reader.pk, person.pk}
    for mail in mails:
        said = f"{mail.subject} {mail.headers} {mail.body} {mail.html}".lower()
        said = _ANY.sub("", said)
        assert not any(part in said for part in ADDRESSES_SHOWN)
