"""What the audit log tells of safeguarding: nothing, not even that somebody wrote, read or was a lead."""

from accounts.audit_log import keep_silent
from safeguarding.models import Entry, Exclusion, LeadAppointment, Record, RecordReading

for _table in (Record, Entry, Exclusion, RecordReading):
    keep_silent(_table, because="what the leads are told is read by them alone, and so is that it was read")
keep_silent(LeadAppointment, because="who was a lead, from when to when, stands on the page of the leads")
