"""The owner's first steps on a new site, each found done or not in the site itself.

What the demo brought counts for nothing; what an owner changed of it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from authors import access
from authors.models import Author, User
from authors.second_factor import services as second_factor
from blog.content.slugs import slug_from, unique
from blog.models import Article, Page, PagePurpose, SiteSettings
from blog.models.article import site_language
from blog.publishing.pages import is_free, page_save
from blog.site.settings import site_settings
from comments.models import Commenter, Delivery, MailKind
from comments.notifications import deliveries, following
from core.mail import Letter
from core.outbox import DeliveryState
from demo import leaving, manifest
from demo.content import SITE

_ABOUT = "first steps"
_TEST = deliveries.event_of(MailKind.SAMPLE, _ABOUT)


@dataclass(frozen=True)
class SetupStep:
    """One step: whether it is done, where one does it, or what a button does."""

    key: str
    title: str
    help: str
    done: bool
    url: str = ""
    # What the button sends, and what stands on it.
    act: str = ""
    label: str = ""


@dataclass(frozen=True)
class FirstSteps:
    """The list as the overview shows it."""

    steps: list[SetupStep]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.done for step in self.steps)


def first_steps(user: User) -> FirstSteps | None:
    """The steps of an owner; None once they are all done, or put away.

    A number of queries that does not depend on what the site holds.
    """
    site = site_settings()
    if not site.first_steps:
        return None
    own = manifest.read(User, Author, Page, Article)
    steps = [
        _account(user, own[User].same),
        *([_demo()] if leaving.is_there() else []),
        *_look(site),
        _author(own[Author].same),
        _privacy(own[Page].same),
        _mail(user),
        SetupStep(
            "factor",
            _("Set up a second factor"),
            _("A passkey or an app: a stolen password alone then opens nothing."),
            second_factor.factors_of(user).any,
            reverse("second_factor:manage"),
        ),
        SetupStep(
            "article",
            _("Publish the first article"),
            _("Write it, look at its preview, and press Publish."),
            Article.objects.published().exclude(pk__in=own[Article].same).exists(),
            reverse("admin:blog_article_add"),
        ),
    ]
    if all(step.done for step in steps):
        # For good: a mail that is forgotten later does not bring the list back.
        put_away()
        return None
    return FirstSteps(steps)


def put_away() -> None:
    """Show the list no more; the settings bring it back."""
    SiteSettings.objects.filter(pk=1).update(first_steps=False)


def _account(user: User, demos: frozenset[int]) -> SetupStep:
    return SetupStep(
        "account",
        _("Make your account your own"),
        _("Your name, your e-mail address and a password that nobody else has seen."),
        bool(user.email and user.get_full_name()) and user.pk not in demos,
        reverse("admin:authors_user_change", args=[user.pk]),
    )


def _demo() -> SetupStep:
    return SetupStep(
        "demo",
        _("Leave the demo behind"),
        _("You see first what goes and what stays. It can wait while you look around."),
        False,
        reverse("admin:demo"),
    )


def _look(site: SiteSettings) -> list[SetupStep]:
    url = reverse("admin:blog_sitesettings_change", args=[site.pk])
    usual = SiteSettings._meta.get_field("title").default
    return [
        SetupStep(
            "title",
            _("Give the site its title"),
            _("It stands at the top of every page, in search engines and in mails."),
            site.title not in (usual, SITE.title),
            url,
        ),
        SetupStep(
            "colours",
            _("Choose a colour or a logo"),
            _("You see at once how it looks on light and on dark."),
            bool(site.accent or site.logo_id),
            url,
        ),
    ]


def _author(demos: frozenset[int]) -> SetupStep:
    return SetupStep(
        "author",
        _("Add the first author"),
        _("The name above the articles; for yourself, choose your own account with it."),
        Author.objects.exclude(pk__in=demos).exists(),
        reverse("admin:authors_author_add"),
    )


def _privacy(demos: frozenset[int]) -> SetupStep:
    """Done when readers see a page of that purpose which somebody here wrote or changed."""
    pages = Page.objects.filter(purpose=PagePurpose.PRIVACY, trashed_at=None).order_by("pk")
    page = pages.exclude(pk__in=demos).first() or pages.first()
    help = _("A draft that says what this site does with what people leave here; you complete it.")
    title = _("Say what becomes of people's data")
    if page is None:
        label = _("Begin with the draft")
        return SetupStep("privacy", title, help, False, act="privacy", label=label)
    url = reverse("admin:blog_page_change", args=[page.pk])
    return SetupStep("privacy", title, help, page.public and page.pk not in demos, url)


def _mail(user: User) -> SetupStep:
    """Done when a test mail went out; until then how far the last one came."""
    mails = Delivery.objects.filter(event__startswith=f"{_TEST} ")
    sent = mails.filter(state=DeliveryState.SENT).exists()
    last = None if sent else mails.order_by("-pk").first()
    if not user.email:
        help = _("Your account needs an e-mail address first.")
    elif last is None:
        help = _("A mail to %s, by the same way as all mail of the site.") % user.email
    elif last.error or last.state in (DeliveryState.FAILED, DeliveryState.DROPPED):
        help = _("It did not go out. The mail server said: “%s”") % (last.error or "–")
    else:
        help = _("It is on its way. If it stays so, no worker is running.")
    if settings.EMAIL_BACKEND.endswith(".filebased.EmailBackend"):
        help += " " + _("On this machine mails become files in %s.") % settings.EMAIL_FILE_PATH
    act, label = ("mail", _("Send a test mail")) if user.email else ("", "")
    return SetupStep("mail", _("Try the mail"), help, sent, act=act, label=label)


# -- what its buttons do --------------------------------------------------------------------------


@csrf_protect
def first_steps_view(request: HttpRequest) -> HttpResponse:
    """POST puts the list away, begins the privacy page, or sends a test mail. For owners."""
    if not access.is_owner(request.user):
        raise PermissionDenied
    user: User = request.user  # type: ignore[assignment]
    act = request.POST.get("act")
    if act == "privacy":
        page = privacy_begin(editor=user)
        return HttpResponseRedirect(reverse("admin:blog_page_change", args=[page.pk]))
    if act == "mail" and user.email:
        mail_test(user=user)
        messages.success(request, _("A test mail goes to %s.") % user.email)
    elif act == "away":
        put_away()
        words = _("The first steps are put away. The site's settings bring them back.")
        messages.success(request, words)
    return HttpResponseRedirect(reverse("admin:index"))


@transaction.atomic
def privacy_begin(*, editor: User) -> Page:
    """The page about privacy, begun as a draft that readers do not see; twice is once.

    Its sentences follow the site's settings as they are. Locks the settings row.
    """
    site_settings()
    site = SiteSettings.objects.select_for_update().get(pk=1)
    language = site_language()
    known = Page.objects.filter(purpose=PagePurpose.PRIVACY, language=language, trashed_at=None)
    if page := known.first():
        return page
    with translation.override(language):
        title = _("Privacy")
        body = render_to_string(
            "blog/privacy_draft.html", {"site": site, "host": settings.SITE_URL}
        )
    stem = slug_from(title)
    slugs: Any = Page.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    slug = unique(stem if is_free(stem) else f"{stem}-2", set(slugs))
    page = Page(
        title=title,
        slug=slug,
        purpose=PagePurpose.PRIVACY,
        language=language,
        public=False,
        body_source=body,
    )
    return page_save(page=page, editor=editor)


@transaction.atomic
def mail_test(*, user: User) -> None:
    """Mail the owner's own address, the way all mail of the site goes."""
    person = following.person_of(user)
    # Refused once, the address is tried again because its owner asks for it.
    Commenter.objects.filter(pk=person.pk).update(bounced_at=None)
    with translation.override(person.language):
        name = site_settings().title
        letter = Letter(
            subject=_("[Test] Mail of %s") % name,
            paragraphs=(
                _("This mail shows that %s can send mail, and that it arrives.") % name,
                _("Did you find it among unwanted mail? Then the sender's domain needs SPF, DKIM "
                  "and DMARC: docs/running/mail.md tells how."),
            ),
            links=((_("To the overview"), settings.SITE_URL + reverse("admin:index")),),
        )  # fmt: skip
        about = f"{_ABOUT} {timezone.now():%Y-%m-%d %H:%M:%S.%f}"
        deliveries.queue(kind=MailKind.SAMPLE, about=about, commenter=person, letter=letter)
