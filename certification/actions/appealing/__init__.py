"""Appeals: asked, taken in hand, decided by people without a part in it, answered."""

from certification.actions.appealing.asking import (
    AppealOver,
    AppealRefused,
    Attached,
    NotOpenToAppeal,
    ask_for_review,
    withdraw_appeal,
)
from certification.actions.appealing.deciding import NotOnThePanel, Proposed, draft_decision, view_draft
from certification.actions.appealing.panel import (
    HadAPart,
    appoint_member,
    declare_no_part,
    end_member,
    set_panel_rule,
    take_appeal,
)
from certification.actions.appealing.reminding import tell_of_overdue_appeals

__all__ = [
    "AppealOver",
    "AppealRefused",
    "Attached",
    "HadAPart",
    "NotOnThePanel",
    "NotOpenToAppeal",
    "Proposed",
    "appoint_member",
    "ask_for_review",
    "declare_no_part",
    "draft_decision",
    "end_member",
    "set_panel_rule",
    "take_appeal",
    "tell_of_overdue_appeals",
    "view_draft",
    "withdraw_appeal",
]
