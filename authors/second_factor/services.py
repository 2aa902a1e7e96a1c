"""The second factor of an account: codes of an app, passkeys, and recovery codes.

Who has one is not logged in by a password alone: `begin` keeps in the session that the password
was right, and the account counts as logged in after `verify` or a passkey. Every session of such
an account has therefore passed both; setting up the first factor ends the others.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from authors import access
from authors.account_mail import language_of, queue
from authors.models import AccountMailKind, RecoveryCodes, User
from authors.roles import FactorFor
from core.mail import Letter

if TYPE_CHECKING:
    from django_otp.models import Device

RECOVERY_CODES = 10
# Seconds between the right password and the second factor.
PATIENCE = 600
# So many wrong codes in a row mean that somebody else knows the password: they are told.
ALARM = 5
_PENDING = "second_factor"
_TAKEN = {
    "app": gettext_lazy("The authenticator app of your account was taken away"),
    "passkey": gettext_lazy("A passkey of your account was taken away"),
}
# No letters or digits that are mistaken for each other; 16 of 30 make 78 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz2345678"


class Wait(Exception):
    """Too many wrong codes: the next one is looked at after `until`."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Factors:
    """The second factors of an account: app, passkeys and remaining recovery codes."""

    app: TOTPDevice | None
    passkeys: list[Any]
    codes: int

    @property
    def any(self) -> bool:
        """Whether a second factor is set up; recovery codes alone are none."""
        return self.app is not None or bool(self.passkeys)


def factors_of(user: User) -> Factors:
    """The second factors of `user`; three queries."""
    codes = RecoveryCodes.objects.filter(user=user).first()
    return Factors(
        app=TOTPDevice.objects.filter(user=user, confirmed=True).first(),
        passkeys=list(WebAuthnCredential.objects.filter(user=user, confirmed=True).order_by("pk")),
        codes=len(codes.digests) if codes else 0,
    )


# -- who must ---------------------------------------------------------------------------------


def _nobody() -> str:
    return FactorFor.NOBODY


site_says: Callable[[], str] = _nobody
"""What the site's settings ask; given by `blog.apps`, which knows them."""


def asked() -> str:
    """Who must have a second factor: set by the environment, else by the site settings."""
    return settings.SECOND_FACTOR_FOR or site_says()


def must(user: User) -> bool:
    """Whether `user` must have a second factor; cached on the instance."""
    if user.must_have_factor is None:
        roles = {
            FactorFor.NOBODY: False,
            FactorFor.OWNERS: access.is_owner(user),
            FactorFor.EDITORS: access.is_editor(user) or access.is_owner(user),
            FactorFor.EVERYONE: True,
        }
        user.must_have_factor = roles[FactorFor(asked())]
    return user.must_have_factor


def grace_renew() -> None:
    """Restart the grace period for everybody, after the policy changed."""
    User.objects.exclude(second_factor_due=None).update(second_factor_due=None)


def deadline(user: User) -> datetime.datetime | None:
    """When the grace period of `user` ends; None when no second factor is required.

    The grace period begins when this is first called, so that nobody is locked out at once.
    """
    if not must(user):
        return None
    if user.second_factor_due is None:
        grace = datetime.timedelta(days=settings.SECOND_FACTOR_GRACE)
        user.second_factor_due = timezone.now() + grace
        user.save(update_fields=["second_factor_due"])
    return user.second_factor_due


def overdue(user: Any) -> bool:
    """Whether the grace period is over."""
    last = deadline(user)
    return last is not None and last <= timezone.now()


def is_verified(user: Any) -> bool:
    """Whether this session has passed a second factor."""
    return bool(getattr(user, "otp_device", None))


# -- between password and second factor ---------------------------------------------------------


def begin(request: HttpRequest, user: User, backend: str) -> None:
    """Remember in a fresh session that the password of `user` was right."""
    request.session.flush()
    request.session[_PENDING] = {
        "user": user.pk,
        "backend": backend,
        "hash": user.get_session_auth_hash(),
        "at": time.time(),
    }


def pending(request: HttpRequest) -> tuple[User, str] | None:
    """The account that passed the first step, and its backend; None when there is none.

    It ends after `PATIENCE` seconds, and with any change of the password.
    """
    kept = request.session.get(_PENDING)
    if not kept or not 0 <= time.time() - kept["at"] <= PATIENCE:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return user, kept["backend"]


def end(request: HttpRequest) -> None:
    """Forget the pending first step."""
    request.session.pop(_PENDING, None)


def compact(code: str) -> str:
    """A typed code without what people put between its parts."""
    return "".join(sign for sign in code.lower() if sign.isalnum())[:64]


@transaction.atomic
def verify(*, user: User, code: str) -> Device | None:
    """The factor that `code` fits, used up with that; None for a wrong code. Raises Wait."""
    typed = compact(code)
    model: Any = TOTPDevice if typed.isdecimal() else RecoveryCodes
    device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None:
        return None
    allowed, why = device.verify_is_allowed()
    if not allowed:
        raise Wait(why["locked_until"])
    if device.verify_token(typed):
        if isinstance(device, RecoveryCodes):
            tell(user, gettext_lazy("A recovery code of your account was used"))
        found: Device = device
        return found
    if device.throttling_failure_count == ALARM:
        _mail(
            user,
            gettext_lazy("Somebody knows your password"),
            gettext_lazy(
                "Somebody logged in to %(site)s with your name and password, but gave a wrong "
                "second factor %(count)d times. If that was not you: choose a new password "
                "now, at %(site)s/admin/password_reset/."
            ),
            count=ALARM,
        )
    return None


def tell(user: User, what: Any) -> None:
    """Mail the account's owner what happened to their second factor (a lazy text).

    The caller is in the transaction of what happened.
    """
    words = gettext_lazy(
        "%(what)s (%(name)s, %(site)s).\n\n"
        "Was it you? Then this is all. If not: choose a new password now, at "
        "%(site)s/admin/password_reset/, and look at what lets in at %(site)s/admin/second-factor/."
    )
    _mail(user, what, words, what=what, name=user.get_username())


def _mail(user: User, subject: Any, words: Any, **values: Any) -> None:
    with language_of(user):
        body = str(words) % {"site": settings.SITE_URL, **values}
        letter = Letter(subject=str(subject), paragraphs=tuple(body.split("\n\n")))
        queue(user=user, kind=AccountMailKind.FACTOR, letter=letter)


def codes_forgive(user: User) -> None:
    """Forget wrong codes: after a new password, whoever guessed them is out."""
    for model in (TOTPDevice, RecoveryCodes):
        model.objects.filter(user=user).update(
            throttling_failure_count=0, throttling_failure_timestamp=None
        )


# -- setting up -----------------------------------------------------------------------------------


def app_uri(user: User, key: str) -> str:
    """What an authenticator app reads from the square."""
    return str(TOTPDevice(user=user, key=key).config_url)


@transaction.atomic
def app_add(*, user: User, key: str, code: str) -> TOTPDevice | None:
    """The app that holds `key`, proved by its `code`, in the place of another; None if wrong."""
    typed = compact(code)
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time()
    if not typed.isdecimal() or len(typed) != 6 or not totp.verify(int(typed), tolerance=1):
        return None
    User.objects.select_for_update().get(pk=user.pk)
    TOTPDevice.objects.filter(user=user).delete()
    tell(user, gettext_lazy("An authenticator app was set up for your account"))
    # The code that proved it does not log in as well.
    return TOTPDevice.objects.create(
        user=user, name="app", key=key, confirmed=True, last_t=totp.t(), drift=totp.drift
    )


@transaction.atomic
def codes_make(*, user: User) -> list[str]:
    """Ten new recovery codes in the place of the old ones; to be shown now and never again."""
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
        for _ in range(RECOVERY_CODES)
    ]
    digests = [hashlib.sha256(compact(code).encode()).hexdigest() for code in codes]
    if RecoveryCodes.objects.filter(user=user).exists():
        tell(user, gettext_lazy("The recovery codes of your account were renewed"))
    RecoveryCodes.objects.update_or_create(
        user=user,
        defaults={
            "name": "codes",
            "digests": digests,
            "throttling_failure_count": 0,
            "throttling_failure_timestamp": None,
        },
    )
    return codes


@transaction.atomic
def factor_remove(*, user: User, kind: str, number: int) -> None:
    """Take away the app (`app`) or one passkey (`passkey`); with the last one the codes go too."""
    model: Any = {"app": TOTPDevice, "passkey": WebAuthnCredential}[kind]
    gone, _rows = model.objects.filter(user=user, pk=number).delete()
    if gone:
        tell(user, _TAKEN[kind])
    if not factors_of(user).any:
        RecoveryCodes.objects.filter(user=user).delete()


@transaction.atomic
def factors_forget(*, user: User) -> None:
    """Take away all of them and end every session; the days of grace begin anew."""
    for model in (TOTPDevice, WebAuthnCredential, RecoveryCodes):
        model.objects.filter(user=user).delete()
    tell(user, gettext_lazy("The second factor of your account was taken away by the operator"))
    User.objects.filter(pk=user.pk).update(
        session_version=F("session_version") + 1, second_factor_due=None
    )


def other_sessions_end(request: HttpRequest, user: User) -> None:
    """Log the account out everywhere but here."""
    User.objects.filter(pk=user.pk).update(session_version=F("session_version") + 1)
    user.refresh_from_db(fields=["session_version"])
    update_session_auth_hash(request, user)
