"""A reader finds an article and takes the newsletter: without a script, by keyboard too."""

import re

import pytest
from django.core import mail as outbox_of
from django.utils import timezone
from playwright.sync_api import expect

from authors.roles import Role
from blog.models import SiteSettings
from comments.models import Delivery
from comments.notifications import deliveries
from newsletter.models import Issue, Mail, Subscription
from tests.browser.accessible import SITE, faults
from tests.browser.conftest import DESK, PHONE, log_in
from tests.browser.test_desk_journeys import Keys
from tests.factories import make_article, make_author, make_tag, make_user
from tests.newsletter.readers import make_reader


@pytest.fixture
def article(roles):
    SiteSettings.objects.create(pk=1, title="De proef")
    author = make_author("Femke Brouwer", slug="femke")
    return make_article(
        "Vergaderen op dinsdag",
        authors=[author],
        tags=[make_tag("Werk", slug="werk")],
        body="<p>Wij vergaderen op dinsdag over het werk.</p>",
        lead="Waarom dinsdag?",
    )


def sound(page):
    page.wait_for_load_state()  # Axe looks at styles, too.
    # The frame of the mail lets nobody in, axe neither: its asking would be a warning of the page.
    assert not faults(page, rules=SITE, iframes=False)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("scripts", [True, False])
def test_subscribing_and_stopping(visitor, article, width, scripts):
    page = visitor.page(width, scripts=scripts)
    page.goto(article.get_absolute_url())
    form = page.get_by_role("region", name="Nieuwe artikelen per mail")
    form.get_by_label("E-mailadres").fill("anna@lezer.example")
    form.get_by_label("Wat", exact=True).select_option("author:femke")
    form.get_by_label("Hoe vaak").select_option("weekly")
    form.get_by_label("Hoe vaak").press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("een mail naar dat adres")
    assert not Subscription.objects.exists()
    deliveries.deliver.call(Delivery.objects.get().pk)
    page.goto(re.search(r"https?://[^/]+(/newsletter/\S+)", outbox_of.outbox[-1].body)[1])
    if scripts:
        sound(page)
    page.get_by_role("button", name="Ja, mail mij").click()
    expect(page.get_by_role("status")).to_contain_text("artikelen van Femke Brouwer")
    one = Subscription.objects.get()
    assert (one.author.slug, one.pace) == ("femke", "weekly")
    from newsletter import letters

    page.goto("/" + letters.stop_url(one.person).made().split("/", 3)[3])
    if scripts:
        sound(page)
    page.get_by_role("button", name=re.compile("Stoppen.*Femke Brouwer")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("U krijgt geen nieuwsbrief")
    assert not Subscription.objects.exists()


def test_what_was_typed_stays_when_it_is_wrong(visitor, article):
    visitor.expect("422")
    page = visitor.page(PHONE)
    page.goto("/newsletter/")
    page.get_by_label("E-mailadres").fill("geen adres")
    page.get_by_label("Hoe vaak").select_option("weekly")
    page.get_by_role("button", name="Abonneren").click()
    expect(page.get_by_label("E-mailadres")).to_have_value("geen adres")
    expect(page.get_by_label("Hoe vaak")).to_have_value("weekly")
    expect(page.get_by_text("Dit is geen geldig e-mailadres.").first).to_be_visible()
    sound(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_searching_and_narrowing_by_keyboard(visitor, article, scripts):
    other = make_article("Werk in de stad", body="<p>Ook over vergaderen.</p>")
    page = visitor.page(PHONE, scripts=scripts)
    page.goto("/search/")
    page.get_by_label("Zoekwoorden").fill("vergaderen")
    page.keyboard.press("Enter")
    found = page.locator("main .card-title")
    expect(found).to_have_text([article.title, other.title])
    page.get_by_label("Onderwerp").select_option("werk")
    page.get_by_role("button", name="Verfijnen").press("Enter")
    expect(found).to_have_text([article.title])
    assert "tag=werk" in page.url
    page.get_by_role("link", name="Overal zoeken").click()
    expect(found).to_have_count(2)


def test_the_short_address_leads_to_the_article(visitor, article):
    page = visitor.page(PHONE)
    page.goto(article.get_absolute_url())
    expect(page.locator(".share-short a")).to_contain_text(f"/a/{article.pk}/")
    page.goto(f"/a/{article.pk}/")
    assert page.url.endswith(article.get_absolute_url())


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_author_looks_at_the_mail_and_sends_herself_one(visitor, article, width):
    user = make_user("femke", role=Role.AUTHOR, email="femke@blad.example")
    author = article.byline[0]
    author.user = user
    author.save()
    page = visitor.page(width)
    log_in(page, "femke")
    page.goto("/admin/newsletter/issue/")
    keys = Keys(page)
    keys.go(page.get_by_role("link", name=article.title))
    expect(page.locator(".mail-preview")).to_contain_text("Waarom dinsdag?")
    sound(page)
    keys.press(page.get_by_role("button", name="Testmail sturen naar femke@blad.example"))
    expect(page.get_by_text("Er gaat een testmail naar femke@blad.example.")).to_be_visible()
    assert Delivery.objects.get().subject == "[Test] Vergaderen op dinsdag"


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_an_editor_reads_the_record_and_sends_the_rest_again(visitor, article, width, scheme):
    make_user("rita", role=Role.EDITOR)
    issue = Issue.objects.create(article=article, title=article.title, finished_at=timezone.now())
    for number, state in enumerate(("sent", "failed", "failed")):
        person = make_reader(f"lezer{number}@x.example")
        said = f"550 <{person.email}>: no such mailbox" if state == "failed" else ""
        Mail.objects.create(issue=issue, person=person, event="n", state=state, error=said)
    page = visitor.page(width, scheme=scheme)
    log_in(page, "rita")
    page.goto("/admin/newsletter/issue/")
    page.locator("#result_list tbody th a").press("Enter")
    expect(page.get_by_role("row", name="Mislukt 2")).to_be_visible()
    expect(page.get_by_role("row", name="550 <…>: no such mailbox 2")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Wat mislukte opnieuw versturen").press("Enter")
    expect(page.get_by_text("2 mails worden opnieuw verstuurd.")).to_be_visible()
    expect(page.get_by_role("row", name="Wacht 2")).to_be_visible()
    page.get_by_role("link", name="De mail bekijken").press("Enter")
    frame = page.frame_locator("iframe[title='De mail met opmaak']")
    expect(frame.get_by_role("heading", name="Vergaderen op dinsdag")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
