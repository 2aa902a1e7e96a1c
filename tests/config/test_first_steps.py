"""The first steps: found in the site itself, gone when done, and each button does what it says."""

from __future__ import annotations

import pytest
from django.core import mail as outbox_of
from django_otp.plugins.otp_totp.models import TOTPDevice

from authors.roles import Role
from blog.models import Page, SiteSettings, Status
from blog.publishing.pages import page_save
from blog.site.settings import site_settings
from comments.models import Commenter, Delivery
from comments.notifications import deliveries
from config.first_steps import first_steps
from core.outbox import DeliveryState
from demo import manifest
from tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
URL = "/admin/first-steps/"


@pytest.fixture
def owner(client):
    user = make_user("eigenares", role=Role.OWNER)
    client.force_login(user)
    return user


def state(user):
    found = first_steps(user)
    return {step.key: step.done for step in found.steps} if found else None


def test_each_step_is_found_done_and_the_list_goes_with_the_last(client, owner):
    open_ones = ["account", "title", "colours", "author", "privacy", "mail", "factor", "article"]
    assert state(owner) == dict.fromkeys(open_ones, False)

    def account():
        owner.first_name, owner.email = "Els", "els@eigen.example"
        owner.save()

    def title():
        SiteSettings.objects.update(title="Mijn blad")

    def colours():
        SiteSettings.objects.update(accent="b00020")

    def privacy():
        page = Page.objects.get(pk=client.post(URL, {"act": "privacy"}).url.split("/")[-3])
        assert state(owner)["privacy"] is False, "a draft is not read by anybody"
        page.public = True
        page_save(page=page, editor=owner)

    def mail():
        client.post(URL, {"act": "mail"})
        assert state(owner)["mail"] is False, "it waits"
        deliveries.deliver.call(Delivery.objects.get().pk)
        assert [message.to for message in outbox_of.outbox] == [["els@eigen.example"]]

    def factor():
        TOTPDevice.objects.create(user=owner, confirmed=True)

    def article():
        make_article(status=Status.DRAFT, authors=[])
        assert state(owner)["article"] is False
        make_article(authors=[])

    acts = {
        "account": account, "title": title, "colours": colours, "author": make_author,
        "privacy": privacy, "mail": mail, "factor": factor, "article": article,
    }  # fmt: skip
    for number, key in enumerate(open_ones, start=1):
        acts[key]()
        found = state(owner)
        if number < len(open_ones):
            assert found[key] is True, key
            assert sum(found.values()) == number
    assert found is None
    # A mail that is forgotten after its days does not bring it back.
    Delivery.objects.all().delete()
    assert state(owner) is None
    assert "first-steps" not in client.get("/admin/").text


def test_what_the_demo_brought_counts_for_nothing_until_somebody_changes_it(owner):
    page_save(
        page=Page(title="Privacy", slug="privacy", purpose="privacy", body_source="<p>Demo</p>"),
        editor=None,
    )
    author = make_author()
    article = make_article(authors=[author])
    SiteSettings.objects.update(title="Tegen Vijven")
    manifest.record()
    found = state(owner)
    assert found["demo"] is False
    assert not any(found[key] for key in ("account", "title", "author", "privacy", "article"))
    Page.objects.update(body_source="<p>Van mij</p>")
    type(author).objects.update(name="Ik")
    type(article).objects.update(title="Van mij")
    found = state(owner)
    assert all(found[key] for key in ("author", "privacy", "article"))


def test_the_privacy_page_says_what_this_site_does_and_is_made_once(client, owner):
    site_settings()
    SiteSettings.objects.update(client_days=9, spam_days=0, mail_days=0, newsletter=False)
    first = client.post(URL, {"act": "privacy"}).url
    assert client.post(URL, {"act": "privacy"}).url == first
    page = Page.objects.get()
    assert (page.public, page.purpose) == (False, "privacy")
    assert " 9 " in page.body_source
    assert "/mine/" in page.body_source
    assert page.body_source.count("<h2>") == 4
    assert client.get(first).status_code == 200
    assert client.get(page.get_absolute_url()).status_code == 404


def test_a_mail_that_was_refused_says_so_and_is_tried_anew(client, owner):
    assert client.post(URL, {"act": "mail"}).status_code == 302
    assert not Delivery.objects.exists(), "an account without an address"
    type(owner).objects.filter(pk=owner.pk).update(email="els@eigen.example")
    owner.refresh_from_db()
    client.post(URL, {"act": "mail"})
    Delivery.objects.update(state=DeliveryState.FAILED, error="550 nobody here")
    Commenter.objects.update(bounced_at="2026-01-01T00:00Z")
    assert "550 nobody here" in client.get("/admin/").text
    client.post(URL, {"act": "mail"})
    deliveries.deliver.call(Delivery.objects.latest("pk").pk)
    assert state(owner)["mail"] is True


def test_it_is_the_owner_s_and_can_be_put_away_and_back(client, owner):
    assert "first-steps" in client.get("/admin/").text
    assert client.get(URL).status_code == 405
    for role in (Role.EDITOR, Role.AUTHOR, Role.MODERATOR):
        client.force_login(make_user(role=role))
        assert "first-steps" not in client.get("/admin/").text
        for act in ("away", "privacy", "mail"):
            assert client.post(URL, {"act": act}).status_code == 403
    assert not Page.objects.exists()
    client.force_login(owner)
    client.post(URL, {"act": "away"})
    assert "first-steps" not in client.get("/admin/").text
    SiteSettings.objects.update(first_steps=True)
    assert "first-steps" in client.get("/admin/").text
