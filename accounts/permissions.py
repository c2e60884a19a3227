"""What can be done on the whole site, whichever app it belongs to, about people and organisations."""

from enum import StrEnum


class Accounts(StrEnum):
    MANAGE_ORGANISATIONS = "accounts.manage_organisations"
    VIEW_ORGANISATION = "accounts.view_organisation"
    MANAGE_ACCOUNTS = "accounts.manage_accounts"
    MANAGE_STAFF = "accounts.manage_staff"
    SEE_UNSENT_EMAILS = "accounts.see_unsent_emails"
    SEE_AUDIT_LOG = "accounts.see_audit_log"
    PUBLISH_LEGAL_PAGES = "accounts.publish_legal_pages"
