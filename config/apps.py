"""App config of the admin."""

from django.contrib.admin.apps import AdminConfig


class WeerwoordAdminConfig(AdminConfig):
    """Puts `config.admin.WeerwoordAdminSite` in the place of Django's own."""

    default_site = "config.admin.WeerwoordAdminSite"

    def ready(self) -> None:
        """Unregister the admin pages of packages; install the old paths of moved tasks.

        Queued tasks of the release before find their functions.
        """
        super().ready()
        from django.apps import apps
        from django.contrib import admin

        from config import moved_tasks

        moved_tasks.install()

        for label in (
            "otp_totp.TOTPDevice",
            "django_otp_webauthn.WebAuthnCredential",
            "django_tasks_database.DBTaskResult",
        ):
            model = apps.get_model(label)
            if admin.site.is_registered(model):
                admin.site.unregister(model)
