"""Logging in with a passkey and with an app, as a person does."""

import base64
import datetime
import re
import time

import pytest
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from authors.roles import Role
from authors.second_factor import services
from blog.models import SiteSettings
from tests.browser.accessible import faults
from tests.browser.conftest import DESK, PHONE, log_in_by_the_form
from tests.factories import make_user


@pytest.fixture
def femke(roles, live_server, settings):
    settings.OTP_WEBAUTHN_RP_ID = "localhost"
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [live_server.url]
    SiteSettings.objects.create(pk=1, title="De Werkbank")
    return make_user("femke", role=Role.EDITOR)


def give_authenticator(page):
    """A key of the browser's own, that answers by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    answer = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, answer["authenticatorId"]


def log_out(page):
    page.locator("#user-tools summary").click()
    page.get_by_role("button", name="Afmelden", exact=True).click()


def accessible(visitor, page):
    visitor.expect("Applying inline style|preload assets|/widgets.css")  # By axe itself.
    assert not (wrong := faults(page)), "\n".join(wrong)


def test_a_passkey_is_added_used_and_lost(visitor, femke):
    page = visitor.page(PHONE)
    session, key = give_authenticator(page)
    log_in_by_the_form(page, "femke")
    page.locator("#user-tools summary").click()
    page.get_by_role("link", name="Tweede factor").click()
    page.get_by_role("button", name="Een passkey toevoegen").click()
    expect(page.get_by_text(re.compile("Passkey van"))).to_be_visible()
    page.get_by_role("button", name="Herstelcodes maken").click()
    codes = page.locator(".codes code").all_text_contents()
    assert len(codes) == 10
    accessible(visitor, page)
    page.get_by_role("link", name="Ik heb ze bewaard").click()
    accessible(visitor, page)
    log_out(page)

    # As the second step, after name and password.
    page.goto("/admin/login/?next=/admin/blog/tag/")
    page.fill("[name=username]", "femke")
    page.fill("[name=password]", "geheim-woord")
    page.click("#login-form [type=submit]")
    expect(page.get_by_role("heading", name="Nog één stap")).to_be_visible()
    accessible(visitor, page)
    page.get_by_role("button", name="Aanmelden met een passkey").click()
    page.wait_for_url(re.compile("/admin/blog/tag/"))
    log_out(page)

    # Instead of name and password.
    page.goto("/admin/login/")
    page.get_by_role("button", name="Aanmelden met een passkey").click()
    page.wait_for_url(re.compile("/admin/$"))
    expect(page.locator("#user-tools summary")).to_have_text("femke")
    log_out(page)

    # The telephone is lost: a recovery code, by the keyboard alone.
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    page.goto("/admin/login/")
    page.fill("[name=username]", "femke")
    page.fill("[name=password]", "geheim-woord")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/admin/$"))
    expect(page.locator(".messagelist .warning")).to_contain_text("nog 9")


def test_an_app_is_set_up_and_asked_for(visitor, femke):
    page = visitor.page(DESK, scheme="dark")
    log_in_by_the_form(page, "femke")
    page.goto("/admin/second-factor/")
    accessible(visitor, page)
    typed = page.locator(".key").text_content()
    assert page.locator(".square").evaluate("image => image.naturalWidth") > 100
    totp = TOTP(base64.b32decode(typed))
    totp.time = time.time()
    page.get_by_label("Code").fill(f"{totp.token():06}")
    page.get_by_role("button", name="De app instellen").click()
    expect(page.locator(".codes code")).to_have_count(10)
    log_out(page)
    page.goto("/admin/login/")
    page.fill("[name=username]", "femke")
    page.fill("[name=password]", "geheim-woord")
    page.click("#login-form [type=submit]")
    # The code that set it up is spent; the next one is taken.
    visitor.expect("422")
    page.get_by_label("Code").fill(f"{totp.token():06}")
    page.get_by_role("button", name="Verder").click()
    expect(page.locator(".errorlist")).to_contain_text("klopt niet")
    services.codes_forgive(femke)
    # Half a minute may have passed while the first one was typed; the account knows by now.
    totp.drift = TOTPDevice.objects.get(user=femke).drift
    totp.time = time.time() + 30
    page.get_by_label("Code").fill(f"{totp.token():06}")
    page.get_by_role("button", name="Verder").click()
    page.wait_for_url(re.compile("/admin/$"))


def log_in_by_keyboard(page, username):
    page.goto("/admin/login/")
    expect(page.locator("[name=username]")).to_be_focused()
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type("geheim-woord")
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_who_must_is_led_to_one_page_and_may_leave(visitor, femke, width, scheme):
    make_user("baas", role=Role.OWNER)
    owner = visitor.page(width)
    log_in_by_the_form(owner, "baas")
    owner.goto("/admin/blog/sitesettings/1/change/")
    owner.locator("summary", has_text="Auteurs en accounts").press("Enter")
    owner.get_by_label("Wie een tweede factor moet hebben").focus()
    owner.keyboard.type("beheerders en")
    owner.locator("[name=_save]").press("Enter")
    expect(owner.locator(".messagelist .success")).to_be_visible()
    expect(owner.locator(".accent-words").first).not_to_be_empty()
    type(femke).objects.update(second_factor_due=timezone.now() - datetime.timedelta(days=1))

    page = visitor.page(width, scheme=scheme)
    log_in_by_keyboard(page, "femke")
    page.wait_for_url(re.compile("/admin/second-factor/$"))
    accessible(visitor, page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Not now: the way out is a button of its own.
    page.goto("/admin/blog/article/")
    page.wait_for_url(re.compile("/admin/second-factor/$"))
    page.get_by_role("button", name="Afmelden", exact=True).press("Enter")
    page.wait_for_url(re.compile("/admin/login/$"))

    log_in_by_keyboard(page, "femke")
    page.wait_for_url(re.compile("/admin/second-factor/$"))
    totp = TOTP(base64.b32decode(page.locator(".key").text_content()))
    totp.time = time.time()
    page.get_by_label("Code").focus()
    page.keyboard.type(f"{totp.token():06}")
    page.keyboard.press("Enter")
    expect(page.locator(".codes code")).to_have_count(10)
    page.get_by_role("link", name="Ik heb ze bewaard").press("Enter")
    page.wait_for_url(re.compile("/admin/second-factor/$"))
    page.get_by_role("link", name="Overzicht").first.press("Enter")
    page.wait_for_url(re.compile("/admin/$"))
