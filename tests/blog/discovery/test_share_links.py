"""Links that share: every sign of title and address arrives, and nothing else does."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from blog.discovery.share_links import share_links
from blog.models.site import SHARE_NETWORKS

URL = "https://blad.example/2012/11/een-titel/"
TITLE = 'Ja & nee? 100% #1 + "ë" <b>'
ALL = [key for key, _label in SHARE_NETWORKS]


def links(title=TITLE):
    return {link.key: link.url for link in share_links(URL, title, ALL)}


def test_every_network_of_the_settings_has_a_link_with_the_same_label():
    made = share_links(URL, TITLE, ALL)
    assert [(link.key, str(link.label)) for link in made] == [
        (key, str(label)) for key, label in SHARE_NETWORKS
    ]


def test_links_unpack_as_the_template_does():
    for key, label, url in share_links(URL, TITLE, ["x"]):
        assert (key, label) == ("x", "X")
        assert url.startswith("https://x.com/")


def test_order_is_the_operators_and_unknown_networks_are_passed_over():
    assert [link.key for link in share_links(URL, "", ["email", "myspace", "x"])] == ["email", "x"]


@pytest.mark.parametrize(
    ("key", "field", "value"),
    [
        ("linkedin", "url", URL),
        ("facebook", "u", URL),
        ("bluesky", "text", f"{TITLE} {URL}"),
        ("whatsapp", "text", f"{TITLE} {URL}"),
        ("x", "text", TITLE),
        ("x", "url", URL),
        ("email", "subject", TITLE),
        ("email", "body", URL),
    ],
)
def test_what_arrives_is_what_was_sent(key, field, value):
    assert parse_qs(urlsplit(links()[key]).query)[field] == [value]


def test_mastodon_gets_it_in_the_fragment():
    address = urlsplit(links()["mastodon"])
    assert unquote(address.fragment) == f"text={TITLE} {URL}"
    assert address.query == ""


def test_mail_knows_no_plus_for_a_space_and_no_new_header():
    url = links("Een titel\r\nBcc: iedereen@voorbeeld.example")["email"]
    assert "+" not in url
    assert "%0D" not in url
    assert "%0A" not in url


def test_no_title_breaks_a_link():
    for url in links("\ud800'\"<>\x00").values():
        assert not set(url) & set("'\"<> \x00")
