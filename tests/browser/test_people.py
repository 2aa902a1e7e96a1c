"""Somebody is invited, sets a password by the mailed link, and is at home with the right role."""

import re

from django.conf import settings as site
from django.core import mail
from playwright.sync_api import expect

from authors.account_mail import deliver
from authors.models import AccountMail, Author
from authors.roles import Role
from blog.models import SiteSettings
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.factories import make_author, make_user


def accessible(visitor, page):
    visitor.expect("Applying inline style|preload assets|/widgets.css")  # By axe itself.
    assert not (wrong := faults(page)), "\n".join(wrong)


def test_from_the_invitation_to_the_own_profile(visitor):
    SiteSettings.objects.create(pk=1, title="De Werkbank")
    make_user("baas", role=Role.OWNER)
    make_author("Bea Gast")
    owner = visitor.page(DESK)
    log_in(owner, "baas")
    owner.goto("/admin/authors/user/")
    owner.get_by_role("link", name="Auteur uitnodigen").click()
    # The choice of an author is there for who chooses one.
    chosen = owner.locator("[name=author]")
    expect(chosen).to_be_hidden()
    owner.get_by_label("Dat van een auteur zonder account").check()
    expect(chosen).to_be_visible()
    expect(owner.locator("[name=name]")).to_be_hidden()
    owner.get_by_label("Een nieuw").check()
    accessible(visitor, owner)
    owner.fill("[name=name]", "Femke Brouwer")
    owner.fill("[name=email]", "femke@proef.example")
    owner.keyboard.press("Enter")
    expect(owner.locator(".messagelist .success")).to_contain_text("Femke Brouwer is uitgenodigd")
    accessible(visitor, owner)

    deliver.call(AccountMail.objects.get().pk)
    path = re.search(rf"{re.escape(site.SITE_URL)}(/admin/reset/\S+)", mail.outbox[0].body)[1]
    page = visitor.page(PHONE, scheme="dark")
    page.goto(path)
    page.fill("[name=new_password1]", "een-heel-nieuw-woord")
    page.fill("[name=new_password2]", "een-heel-nieuw-woord")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin/$"))
    page.locator("#user-tools summary").click()
    page.get_by_role("link", name="Mijn profiel").click()
    expect(page.get_by_text("Auteur: schrijft artikelen")).to_be_visible()
    accessible(visitor, page)
    page.get_by_role("link", name="Naam, foto, bio en links wijzigen").click()
    page.fill("[name=bio]", "Schrijft over werk.")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Author.objects.get(name="Femke Brouwer").bio == "Schrijft over werk."

    owner.reload()
    row = owner.locator("#result_list tr", has_text="Femke Brouwer")
    expect(row.locator(".field-standing")).to_have_text("actief")
    row.get_by_role("link", name="Femke Brouwer").click()
    owner.get_by_role("link", name="Afscheid nemen").click()
    expect(owner.locator("[name=successor]")).to_be_hidden()
    owner.get_by_label("gaan naar een andere auteur").check()
    owner.locator("[name=successor]").select_option("Bea Gast")
    accessible(visitor, owner)
    owner.get_by_role("button", name="Afscheid nemen").click()
    expect(owner.locator(".messagelist .success")).to_contain_text("is gesloten")
