"""The one rule: what an enrolment still lacks to be certified, and who may not decide on it.

Everything that asks whether somebody can be certified asks here. One enrolment and a list of them
go through the same query, `with_facts`; the rest is plain functions over what it read. Zero is
never enough: no sessions, no questions, no criteria or no essential one meet nothing.
"""

from certification.eligibility.approvers import (
    Approver,
    approvers,
    as_approver,
    associates_to_appoint,
    conflicts,
    conflicts_of,
    free_admins,
)
from certification.eligibility.facts import (
    Facts,
    Parties,
    Stage,
    parties_of,
    stage_of,
    waiting_for_decision,
    with_facts,
    with_parties,
)
from certification.eligibility.requirements import Code, Requirement, unmet, unmet_to_finalise

__all__ = [
    "Approver",
    "Code",
    "Facts",
    "Parties",
    "Requirement",
    "Stage",
    "approvers",
    "as_approver",
    "associates_to_appoint",
    "conflicts",
    "conflicts_of",
    "free_admins",
    "parties_of",
    "stage_of",
    "unmet",
    "unmet_to_finalise",
    "waiting_for_decision",
    "with_facts",
    "with_parties",
]
