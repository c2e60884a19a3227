"""What can be done about safeguarding."""

from enum import StrEnum


class Safeguarding(StrEnum):
    READ_RECORDS = "safeguarding.read_records"  # no object; which ones, `Record.objects.visible_to` says
    MANAGE_LEADS = "safeguarding.manage_leads"  # no object
