"""Logging in, its second step, and setting the second factor up; all in the admin's look."""

from __future__ import annotations

import base64
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import login, user_logged_in
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.db import transaction
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as factor_login
from django_otp.plugins.otp_totp.models import default_key
from django_otp_webauthn import views as passkeys
from django_otp_webauthn.exceptions import InvalidState, MalformedRequest, UserDisabled

from authors.models import User
from authors.second_factor import lockout, services
from authors.second_factor.services import Wait
from core.json_input import BadJSON, parse_object

_KEY = "second_factor_key"
_CEREMONY = "passkey_ceremony"


class CodeForm(forms.Form):
    """One code, of the app or from the list."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )


def _onward(request: HttpRequest) -> str:
    """Where the person wanted to go, when that lies on this site."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    # Own pages are named without a host.
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe else reverse("admin:index")


def first_step_passed(
    request: HttpRequest, user: User, backend: str, onward: str
) -> HttpResponseRedirect:
    """The password was right: log in, or ask for the second factor that the account has."""
    if services.factors_of(user).any:
        services.begin(request, user, backend)
        query = urlencode({"next": onward})
        return HttpResponseRedirect(f"{reverse('second_factor:verify')}?{query}")
    login(request, user, backend=backend)
    return HttpResponseRedirect(onward)


class FirstStep(LoginView):
    """Name and password."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on with the account's next step."""
        user = form.get_user()
        return first_step_passed(self.request, user, user.backend, self.get_success_url())


class ResetConfirm(PasswordResetConfirmView):
    """A new password by mail also ends the wait after wrong ones, and logs in."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on with the account's next step."""
        user = form.save()
        self.request.session.pop("_password_reset_token", None)
        lockout.passwords_forgive(user.username)
        services.codes_forgive(user)
        messages.success(self.request, _("Your password is changed."))
        if not user.is_staff:
            return HttpResponseRedirect(reverse("password_reset_complete"))
        backend = "django.contrib.auth.backends.ModelBackend"
        return first_step_passed(self.request, user, backend, reverse("admin:index"))


def _page(request: HttpRequest, template: str, title: str, status: int = 200, **more: Any) -> Any:
    context = {**admin.site.each_context(request), "title": title, **more}
    return render(request, f"admin/second_factor/{template}", context, status=status)


@never_cache
@sensitive_post_parameters("code")
@csrf_protect
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The second step; without a first one, back to that."""
    waiting = services.pending(request)
    if waiting is None:
        return HttpResponseRedirect(
            f"{reverse('admin:login')}?{urlencode({'next': _onward(request)})}"
        )
    user, backend = waiting
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        try:
            if form.is_valid():
                device = services.verify(user=user, code=form.cleaned_data["code"])
                if device is not None:
                    return _verified(request, user, backend, device)
                form.add_error("code", _("This code is not right, or was used before."))
        except Wait as wait:
            form.add_error("code", _("Too many wrong codes. Try again in a while."))
            return _verify_page(request, user, form, 429, until=wait.until)
    return _verify_page(request, user, form, status)


def _verify_page(
    request: HttpRequest, user: User, form: CodeForm, status: int, **more: Any
) -> HttpResponse:
    has = services.factors_of(user)
    page: HttpResponse = _page(
        request, "verify.html", _("One step more"), status,
        form=form, has=has, next=_onward(request), **more,
    )  # fmt: skip
    return page


def _verified(request: HttpRequest, user: User, backend: str, device: Any) -> HttpResponse:
    onward = _onward(request)
    services.end(request)
    login(request, user, backend=backend)
    factor_login(request, device)
    left = services.factors_of(user).codes
    if device._meta.model_name == "recoverycodes":
        messages.warning(
            request, _("You used a recovery code; %(count)d are left.") % {"count": left}
        )
    return HttpResponseRedirect(onward)


# -- passkeys ---------------------------------------------------------------------------------


class _Ceremony:
    """Base of the passkey endpoints: malformed input is answered with 400."""

    request: Any

    def _parse_request_data(self, request: HttpRequest) -> dict[str, Any]:
        if request.content_type != "application/json":
            return {}
        try:
            return parse_object(request.body or b"{}")
        except BadJSON as error:
            raise MalformedRequest from error

    def handle_exception(self, exc: Exception) -> HttpResponse:
        """Answer for `exc`: values of a wrong type or shape surface as Python's own errors."""
        if isinstance(exc, LookupError | TypeError | ValueError | ArithmeticError):
            exc = MalformedRequest()
        answer: HttpResponse = super().handle_exception(exc)  # type: ignore[misc]
        return answer


class _Authentication(_Ceremony, passkeys.AuthenticationCeremonyMixin):  # type: ignore[misc]
    def get_user(self) -> Any:
        """The account that has passed the first step or is logged in; None for neither."""
        waiting = services.pending(self.request)
        return waiting[0] if waiting else super().get_user()

    def ceremony_of(self) -> list[Any]:
        """Whose ceremony this is, and whether it is a second step, as the session stores it."""
        user = self.get_user()
        return [user.pk if user else None, services.pending(self.request) is not None]


class PasskeyBegin(_Authentication, passkeys.BeginCredentialAuthenticationView):  # type: ignore[misc]
    """A passkey as second step, or instead of name and password."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Options for the browser; the session remembers for whom they were made.

        The session that a stranger gets for it is soon over.
        """
        if not self.request.user.is_authenticated:
            self.request.session.set_expiry(services.PATIENCE)
        answer: HttpResponse = super().post(*args, **kwargs)
        self.request.session[_CEREMONY] = self.ceremony_of()
        return answer


@receiver(user_logged_in)
def _as_long_as_others(request: HttpRequest, **kwargs: Any) -> None:
    """The new session lasts as long as one of an ordinary login."""
    request.session.set_expiry(None)


class PasskeyComplete(_Authentication, passkeys.CompleteCredentialAuthenticationView):  # type: ignore[misc]
    """Complete a login with a passkey."""

    def get_state(self) -> Any:
        """What the ceremony began with, once. Raises InvalidState, without making a session for it.

        A ceremony ends as what it began as, for the account it began for: as a second step the
        authenticator need not verify its user, so that must not pass for a whole log-in.
        """
        if self.request.session.session_key is None:
            raise InvalidState
        begun_as = self.request.session.pop(_CEREMONY, None)
        state = super().get_state()
        if begun_as != self.ceremony_of():
            raise InvalidState
        return state

    def get_success_url_allowed_hosts(self) -> set[str]:
        """No host: own pages are named without one."""
        return set()

    def check_device_usable(self, device: Any) -> None:
        """Only for who may enter the admin."""
        super().check_device_usable(device)
        if not device.user.is_staff:
            raise UserDisabled

    def complete_auth(self, device: Any) -> Any:
        """Log in, also when this was the second step."""
        waiting = services.pending(self.request)
        if waiting is None:
            return super().complete_auth(device)
        services.end(self.request)
        login(self.request, waiting[0], backend=waiting[1])
        factor_login(self.request, device)
        return waiting[0]


class PasskeyAddBegin(_Ceremony, passkeys.BeginCredentialRegistrationView):  # type: ignore[misc]
    """Options for a new passkey."""


class PasskeyAdd(_Ceremony, passkeys.CompleteCredentialRegistrationView):  # type: ignore[misc]
    """A new passkey; the first factor ends the account's other sessions."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Store it."""
        user: User = self.request.user
        first = not services.factors_of(user).any
        with transaction.atomic():
            answer: HttpResponse = super().post(*args, **kwargs)
            services.tell(user, gettext_lazy("A passkey was added to your account"))
        if first:
            services.other_sessions_end(self.request, user)
        return answer


# -- setting up -----------------------------------------------------------------------------------


def _member(request: HttpRequest) -> User:
    """Who is logged in as a member of staff. Raises Http404, also for a half-way session."""
    user = request.user
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        raise Http404
    if services.factors_of(user).any and not services.is_verified(user):
        raise Http404
    return user


def _key(request: HttpRequest) -> str:
    """The key that the square shows; the same until it is used, so that a reload does no harm."""
    key: str | None = request.session.get(_KEY)
    if key is None:
        key = request.session[_KEY] = default_key()
    return key


@never_cache
@csrf_protect
@require_http_methods(["GET"])
def manage(request: HttpRequest) -> HttpResponse:
    """What the account has, and what can be added."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('admin:login')}?{urlencode({'next': request.path})}")
    return _manage_page(request, _member(request), CodeForm())


def _manage_page(
    request: HttpRequest, user: User, form: CodeForm, status: int = 200
) -> HttpResponse:
    has = services.factors_of(user)
    key = "" if has.app else _key(request)
    form.fields["code"].widget.attrs.pop("autofocus", None)
    page: HttpResponse = _page(
        request, "manage.html", _("Second factor"), status,
        has=has,
        form=form,
        until=None if has.any else services.deadline(user),
        key=base64.b32encode(bytes.fromhex(key)).decode() if key else "",
        square=segno.make(services.app_uri(user, key)).svg_data_uri(scale=5) if key else "",
        by_name=request.get_host().partition(":")[0] == settings.OTP_WEBAUTHN_RP_ID,
    )  # fmt: skip
    return page


@never_cache
@sensitive_post_parameters("code")
@csrf_protect
@require_POST
def app_add(request: HttpRequest) -> HttpResponse:
    """The app proves with a code that it holds the key."""
    user = _member(request)
    form = CodeForm(request.POST)
    key: str | None = request.session.get(_KEY)
    if key is None:
        return HttpResponseRedirect(reverse("second_factor:manage"))
    if not form.is_valid():
        return _manage_page(request, user, form, 422)
    first = not services.factors_of(user).any
    device = services.app_add(user=user, key=key, code=form.cleaned_data["code"])
    if device is None:
        form.add_error("code", _("This code is not right. Is the clock of your telephone?"))
        return _manage_page(request, user, form, 422)
    del request.session[_KEY]
    if first:
        services.other_sessions_end(request, user)
    factor_login(request, device)
    if services.factors_of(user).codes:
        messages.success(request, _("The app is set up."))
        return HttpResponseRedirect(reverse("second_factor:manage"))
    return _show_codes(request, user)


@never_cache
@csrf_protect
@require_POST
def codes_new(request: HttpRequest) -> HttpResponse:
    """Ten codes, shown in this answer alone."""
    user = _member(request)
    if not services.factors_of(user).any:
        return HttpResponseRedirect(reverse("second_factor:manage"))
    return _show_codes(request, user)


def _show_codes(request: HttpRequest, user: User) -> HttpResponse:
    codes = services.codes_make(user=user)
    page: HttpResponse = _page(request, "codes.html", _("Your recovery codes"), codes=codes)
    return page


@never_cache
@csrf_protect
@require_POST
def remove(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Take a factor away; of another's account nothing."""
    user = _member(request)
    if kind not in ("app", "passkey"):
        raise Http404
    services.factor_remove(user=user, kind=kind, number=number)
    messages.success(request, _("It is taken away."))
    return HttpResponseRedirect(reverse("second_factor:manage"))


@never_cache
@csrf_protect
@require_POST
def others_end(request: HttpRequest) -> HttpResponse:
    """Log out on every other device."""
    services.other_sessions_end(request, _member(request))
    messages.success(request, _("You are logged out everywhere but here."))
    return HttpResponseRedirect(reverse("second_factor:manage"))
