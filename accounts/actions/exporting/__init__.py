"""Exports of everything held about one person: asked for, made by a worker, kept for a while, deleted."""

from accounts.actions.exporting.asking import (
    AskedTooOften,
    ExportGone,
    ExportNotReady,
    NobodyToGiveItTo,
    check_export_downloadable,
    request_export,
    request_export_for,
)
from accounts.actions.exporting.keeping import (
    delete_expired_exports,
    remake_exports_of,
    remake_missing_export,
)
from accounts.actions.exporting.making import exports_due, make_export, retry_exports

__all__ = [
    "AskedTooOften",
    "ExportGone",
    "ExportNotReady",
    "NobodyToGiveItTo",
    "check_export_downloadable",
    "delete_expired_exports",
    "exports_due",
    "make_export",
    "remake_exports_of",
    "remake_missing_export",
    "request_export",
    "request_export_for",
    "retry_exports",
]
