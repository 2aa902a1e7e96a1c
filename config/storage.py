"""Static files under hashed names, compressed once."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Whitenoise's storage, forgiving a name that a package's stylesheet gets wrong."""

    manifest_strict = False
    support_js_module_import_aggregation = True
