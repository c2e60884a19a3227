"""What can be done about safeguarding; every rule about it stands here."""

from safeguarding.actions.leads import OwnLead, appoint_lead, end_lead
from safeguarding.actions.records import (
    NothingSaid,
    NotNow,
    SaidMeanwhile,
    add_to_record,
    note_reading,
    record_step,
    send_record,
    stand_aside,
)

__all__ = [
    "NotNow",
    "NothingSaid",
    "OwnLead",
    "SaidMeanwhile",
    "add_to_record",
    "appoint_lead",
    "end_lead",
    "note_reading",
    "record_step",
    "send_record",
    "stand_aside",
]
