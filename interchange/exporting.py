"""Archive format of the interchange's tables, and tables of other packages that are left out."""

from __future__ import annotations

from core.archive import Table
from interchange.models import Imported

TABLES = (Table(Imported),)
LEFT_OUT = {
    "admin.LogEntry": "the desk's own history; decisions about comments are in the archive",
    "auth.Group_permissions": "what a role may do is decided by the program",
    "auth.Permission": "made by every installation itself",
    "axes.AccessAttempt": "failed logins",
    "axes.AccessAttemptExpiration": "failed logins",
    "axes.AccessFailureLog": "failed logins",
    "axes.AccessLog": "logins",
    "contenttypes.ContentType": "made by every installation itself",
    "django_otp_webauthn.WebAuthnAttestation": "belongs to a passkey",
    "django_otp_webauthn.WebAuthnCredential": "a passkey opens the host that it was made for",
    "django_otp_webauthn.WebAuthnUserHandle": "belongs to a passkey",
    "django_tasks_database.DBTaskResult": "work of the site that it waits at",
    "interchange.Move": "an export on its way in, and its report",
    "otp_totp.TOTPDevice": "a key of a second factor leaves its site in no file",
    "interchange.Export": "files that lie ready for some days",
    "sessions.Session": "everybody logs in anew",
}
