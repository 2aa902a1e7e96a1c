"""Settings: one file, driven by the environment, refusing to start unsafe.

`WEERWOORD_MODE` chooses explicitly between `production` (the default), `local`
(`make run`: one machine, plain http) and `test`. docs/running/operations.md lists the variables.
"""

import os
import re
import secrets
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from authors import limits
from config import env, modes
from config.editor import EXTENSIONS
from config.release import release_token, version

_INDEXNOW = re.compile("[A-Za-z0-9-]{8,128}")
_AKISMET = re.compile("[A-Za-z0-9]+")

BASE_DIR = modes.BASE_DIR
MODE = modes.mode()
PRODUCTION = MODE == "production"
VAR_DIR = modes.var_directory()

DEBUG = env.boolean("DEBUG", False)
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("DEBUG shows strangers the inside of the site: not in production.")


def _secret_key() -> str:
    """The key from the environment; on one's own machine a random one, kept in var/."""
    key = env.secret("SECRET_KEY", least=50, default=None if PRODUCTION else "")
    if key:
        return key
    file = VAR_DIR / "secret.key"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(64))
    return file.read_text(encoding="ascii")


SECRET_KEY = _secret_key()

ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1]")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this site.")

# Every absolute link (canonical, feed, mail) starts here, never with the request's Host header.
SITE_URL = env.origin(
    "SITE_URL",
    None if PRODUCTION else f"http://127.0.0.1:{os.environ.get('PORT', '8000')}",
    ("https",) if PRODUCTION else ("http", "https"),
)
_site = urlsplit(SITE_URL)
if PRODUCTION and _site.hostname not in ALLOWED_HOSTS:
    raise ImproperlyConfigured("SITE_URL must name a host that ALLOWED_HOSTS holds.")
# Addresses begin at the root whatever a request's SCRIPT_NAME says, and lead to this host.
FORCE_SCRIPT_NAME = ""
SECURE_SSL_HOST = _site.netloc

INSTALLED_APPS = [
    "authors",
    "blog",
    "comments",
    "interchange",
    "newsletter",
    "demo",
    "config.apps.WeerwoordAdminConfig",
    "django.contrib.auth",
    "django.contrib.humanize",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "crispy_forms",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp_webauthn",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "config.middleware.FaultMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.kept_pages.KeptPagesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.CompressionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "config.limiting.LimitMiddleware",
    "config.middleware.AdminMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.PostOnlyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "blog.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "core.templates.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "blog.context.site",
            ],
        },
    },
]

# -- database -------------------------------------------------------------------------------

if modes.uses_embedded_database():
    from config.local.embedded import socket_dir

    _database: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "weerwoord",
        "USER": "weerwoord",
        "HOST": str(socket_dir(modes.database_directory())),
        "OPTIONS": {},
    }
else:
    _database = env.database(env.text("DATABASE_URL"))
_database["OPTIONS"].setdefault("connect_timeout", 5)
_database["OPTIONS"].setdefault("application_name", "weerwoord")
# Without persistent connections a page costs 2.6 times as much (design: section 2).
_database["CONN_MAX_AGE"] = env.integer("CONN_MAX_AGE", 60)
_database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- people ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "authors.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "django_otp_webauthn.backends.WebAuthnBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# Guessing is slowed per name and network together, so nobody can lock an owner out for good:
# see authors.second_factor.lockout. A failure during the wait does not make it longer.
AXES_HANDLER = "authors.second_factor.lockout.Handler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = "authors.limits.wrong_passwords"
AXES_COOLOFF_TIME = "authors.limits.password_wait"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "authors.second_factor.lockout.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
# Gives the client's address of a request, for limits; stored as a keyed hash only.
CLIENT_ADDRESS = "core.client_address.address"
AXES_CLIENT_IP_CALLABLE = "core.client_address.mark"
# Other numbers for rows of the table of limits: "ask=40,report=50"; 0: any number.
LIMITS = limits.overrides(env.words("LIMITS"))

# Who must have a second factor (empty: as the site's settings say), and how many days they get to
# set one up (authors.second_factor.services).
SECOND_FACTOR_FOR = env.choice(
    "SECOND_FACTOR_FOR", ("", "nobody", "owners", "editors", "everyone"), ""
)
SECOND_FACTOR_GRACE = env.integer("SECOND_FACTOR_GRACE", 7)
OTP_TOTP_ISSUER = _host = _site.hostname or "localhost"
# A passkey is bound to the name of a host; browsers make none for an address of digits.
OTP_WEBAUTHN_RP_ID = "localhost" if _host in ("127.0.0.1", "::1") else _host
OTP_WEBAUTHN_RP_NAME = _host
OTP_WEBAUTHN_ALLOWED_ORIGINS = [SITE_URL.replace(f"//{_host}", f"//{OTP_WEBAUTHN_RP_ID}")]
OTP_WEBAUTHN_EXCEPTION_LOGGER_NAME = ""

# How many proxies of one's own stand before the site; 0: X-Forwarded-For is not believed.
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0)
# Megabytes of finished pages that each process keeps in memory (config.kept_pages). 0: none.
KEPT_PAGES_MB = env.integer("KEPT_PAGES_MB", 32)

# -- language and time ------------------------------------------------------------------------

LANGUAGE_CODE = env.choice("LANGUAGE_CODE", ("nl", "en"), "nl")
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
# The second holds what is said otherwise than Django says it.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale-django"]
TIME_ZONE = env.zone("TIME_ZONE", "Europe/Amsterdam")
USE_TZ = True
USE_I18N = True

# -- files ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", VAR_DIR / "media")
_hashed = MODE != "test" and not DEBUG
# Backups, and the list of erasures that a restore repeats (docs/running/operations.md).
BACKUP_DIR = env.path("BACKUP_DIR", VAR_DIR / "backups")
env.apart(BACKUP_DIR=BACKUP_DIR, MEDIA_ROOT=MEDIA_ROOT, STATIC_ROOT=STATIC_ROOT)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.storage.StaticStorage"
        if _hashed
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o644
# Files are for who is logged in; the first of these leaves those of strangers aside.
FILE_UPLOAD_HANDLERS = [
    "config.limiting.FilesOfStaff",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Bounds on what one request may bring; pictures have a bound of their own (core.pictures).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# -- security -----------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = PRODUCTION and env.boolean("SECURE_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 63_072_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION and env.boolean("HSTS_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# The prefix makes browsers refuse such a cookie from a neighbouring host or over plain http.
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrftoken"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
_csp: dict[str, Any] = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "object-src": [NONE],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _csp}
# The editor's import map is inline and carries the nonce; its toolbar sets styles by script.
ADMIN_CONTENT_SECURITY_POLICY = {
    **_csp,
    "script-src": [SELF, NONCE],
    # The one stylesheet that the editor writes itself; a browser test tells when it changes.
    "style-src": [SELF, "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}

# -- being found ----------------------------------------------------------------------------

# With a key, search engines hear of changes through IndexNow. Empty: nothing goes out.
INDEXNOW_KEY = env.matching("INDEXNOW_KEY", _INDEXNOW, "8 to 128 letters, digits and hyphens")
# The WebSub hub that tells feed readers of changes. Empty: nothing goes out.
WEBSUB_HUB = env.text("WEBSUB_HUB", "")
if WEBSUB_HUB and not WEBSUB_HUB.startswith("https://"):
    raise ImproperlyConfigured("WEBSUB_HUB must be an https:// address.")

# -- mail -----------------------------------------------------------------------------------------

# With a key, guests' comments and addresses go to Akismet to be judged. Empty: nothing goes out.
AKISMET_KEY = env.matching("AKISMET_KEY", _AKISMET, "letters and digits")

# Answers to mails come in for this domain (see docs/running/mail.md). Empty: none are taken.
INBOUND_DOMAIN = env.host("INBOUND_DOMAIN", "")
# The name under which our mail server writes Authentication-Results. Empty: it is not looked at.
INBOUND_AUTHSERV = env.host("INBOUND_AUTHSERV", "")
# What the mail service brings along when it hands over a mail. Empty: the pipe alone is used.
INBOUND_SECRET = env.secret("INBOUND_SECRET", least=20, default="")

EMAIL_BACKEND = env.mail_backend(
    "EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend"
    if PRODUCTION
    else "django.core.mail.backends.filebased.EmailBackend",
    sends=PRODUCTION,
)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.boolean("EMAIL_USE_SSL", False)
if EMAIL_USE_TLS and EMAIL_USE_SSL:
    raise ImproperlyConfigured("EMAIL_USE_TLS and EMAIL_USE_SSL exclude each other.")
_encrypted = EMAIL_USE_TLS or EMAIL_USE_SSL or EMAIL_HOST in ("localhost", "127.0.0.1", "::1")
if PRODUCTION and EMAIL_HOST_PASSWORD and not _encrypted:
    raise ImproperlyConfigured(
        "EMAIL_HOST_PASSWORD would go over the network in the clear: set EMAIL_USE_TLS=1 (STARTTLS,"
        " mostly port 587) or EMAIL_USE_SSL=1 (mostly port 465)."
    )
# A silent mail server must not hold a worker for ever.
EMAIL_TIMEOUT = env.integer("EMAIL_TIMEOUT", 10, least=1)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.sender("DEFAULT_FROM_EMAIL", "weerwoord@localhost")
# Gives the name that mails come from, before that address.
MAIL_NAME = "blog.site.settings.site_name"

# -- the rest -----------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DJANGO_PROSE_EDITOR_EXTENSIONS = EXTENSIONS
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "weerwoord"
SILENCED_SYSTEM_CHECKS = [
    # Django's own token check guards the admin through a decorator (config.urls); everywhere
    # else the modern middleware checks Fetch Metadata and Origin.
    "security.W003",
]
if not PRODUCTION:
    # Plain http on one's own machine.
    SILENCED_SYSTEM_CHECKS += [f"security.W{number:03}" for number in (4, 8, 12, 16)]

# The version's number for people; for caches a token of everything that shapes a page.
VERSION = version(BASE_DIR)
RELEASE = release_token(BASE_DIR, LANGUAGE_CODE, TIME_ZONE)

_LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "one_line": {
            "()": "config.logs.OneLine",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "one_line",
        }
    },
    "root": {"handlers": ["stderr"], "level": env.choice("LOG_LEVEL", _LEVELS, "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "INFO"},
        "django.server": {"handlers": ["stderr"], "propagate": False, "level": "INFO"},
        # Refused hosts and too large bodies are daily weather: `config.errors.bad_request` writes
        # the one line that each gets.
        "django.security": {"level": "CRITICAL"},
        "django.security.csrf": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        # It tells of every turn of the worker, also of those without work.
        "django_tasks_db": {"level": "WARNING"},
    },
}
