"""Pages of the courses app."""

from courses.views.arranging import (
    another,
    associates,
    cancel_course,
    create,
    edit,
    remove_associate,
    sessions,
)
from courses.views.inviting import invitation
from courses.views.licensing import grant, licences, renew, withdraw_a_licence
from courses.views.looking import calendar, course_list, detail, public
from courses.views.making_up import made_up
from courses.views.naming import certificate_name
from courses.views.nominating import (
    nominate_somebody,
    nominations,
    resend,
    withdraw_a_nomination,
    withdraw_a_place,
)
from courses.views.nominating_several import nominate_several_people, nominees_example
from courses.views.register_entries import register_entry
from courses.views.registering import identity, register, register_choose, register_session, sheets
from courses.views.sponsoring import confirm_a_sponsor, name_a_sponsor, refuse_a_sponsor
from courses.views.walking_in import confirm_own_acceptance, walk_in, walk_in_again, walk_in_code

__all__ = [
    "another",
    "associates",
    "calendar",
    "cancel_course",
    "certificate_name",
    "confirm_a_sponsor",
    "confirm_own_acceptance",
    "course_list",
    "create",
    "detail",
    "edit",
    "grant",
    "identity",
    "invitation",
    "licences",
    "made_up",
    "name_a_sponsor",
    "nominate_several_people",
    "nominate_somebody",
    "nominations",
    "nominees_example",
    "public",
    "refuse_a_sponsor",
    "register",
    "register_choose",
    "register_entry",
    "register_session",
    "remove_associate",
    "renew",
    "resend",
    "sessions",
    "sheets",
    "walk_in",
    "walk_in_again",
    "walk_in_code",
    "withdraw_a_licence",
    "withdraw_a_nomination",
    "withdraw_a_place",
]
