"""Static files are collected under names with a hash, so that a browser may keep each for good."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What our modules import is named with its hash too. Django can do so for every script that it finds
# (`support_js_module_import_aggregation`), and fails at what packages import in their own ways.
IMPORTS = (
    "js/*.js",
    (
        (
            r"""(?P<matched>import (?P<names>\{[^}]*\}) from "(?P<url>\.[^"]+)";)""",
            """import %(names)s from "%(url)s";""",
        ),
    ),
)


class HashedFiles(ManifestStaticFilesStorage):
    """Collected, as a checkout has them."""

    patterns = (*ManifestStaticFilesStorage.patterns, IMPORTS)


class CompressedHashedFiles(CompressedManifestStaticFilesStorage):
    """Collected, and compressed once for all requests."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, IMPORTS)
