"""What safeguarding tells somebody of what it holds about them: that they were a lead, and nothing else.

Records are read by the leads alone. Whether there is one about somebody, or by them, no export says.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import ITS_OWN, Holding, add_holding, done_by, leave_out, says
from safeguarding.models import Entry, Exclusion, LeadAppointment, Record, RecordReading

add_holding(
    Holding(
        name="safeguarding_appointments",
        title=_("When you were a safeguarding lead"),
        about=_("From when until when."),
        model=LeadAppointment,
        find=lambda whose: LeadAppointment.objects.filter(person__in=whose.accounts),
        columns=(
            says("started_at", _("Since")),
            done_by("started_by", _("Appointed by")),
            says("ended_at", _("Until")),
            done_by("ended_by", _("Ended by")),
        ),
        without={"uuid": ITS_OWN, "person": ITS_OWN},
    )
)
leave_out(
    Record,
    Entry,
    Exclusion,
    RecordReading,
    because=_(
        "What the safeguarding leads are told, about a child or about somebody’s suitability. The law keeps"
        " it apart where telling could put somebody at risk of serious harm, or is about others (Data"
        " Protection Act 2018, Schedules 2 and 3). These words stand in every copy, whether there is anything"
        " or not. The safeguarding leads, who alone read it, answer what you ask about it: write to us for"
        " them."
    ),
    keeps_acts=True,
)
