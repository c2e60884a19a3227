"""What each route answers to each role: the permission table of the product, as statuses.

One sign for each role, in this order (tests/permissions/world.py says who they are):

    anonymous, participant, other participant, trainer, other trainer, Associate, commissioner,
    other commissioner, AIM admin, AIM admin who trained

    L  to the sign-in page        .  200        >  302 elsewhere: it was done, or leads on
    x  403, a wrong role          -  404, as if it did not exist
    c  409, not at this time      b  400        m  405, no such method

A POST carries an irreversible form's key and nothing else: where a form asks for more, those who may
see it again with its errors (200). Whatever was refused has changed nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """The answers of one route.

    Args:
        get: to a GET, a sign for each role.
        post: to a POST.
        about: another enrolment of tests/permissions/world.py than the participant's own.
    """

    get: str
    post: str
    about: str = ""


MATRIX: dict[str, list[Rule]] = {
    "home": [Rule("L.........", "Lmmmmmmmmm")],
    "account": [Rule("L.........", "Lmmmmmmmmm")],
    "account_login": [Rule(".>>>>>>>>>", ".>>>>>>>>>")],
    "account_request_login_code": [Rule(".>>>>>>>>>", ".>>>>>>>>>")],
    "account_confirm_login_code": [Rule("L>>>>>>>>>", "L>>>>>>>>>")],
    "account_password_sign_in": [Rule(".>>>>>>>>>", ".>>>>>>>>>")],
    "account_signup": [Rule("..........", "mmmmmmmmmm")],
    "account_sign_in_again": [Rule("L.........", "LLLLLLLLLL")],
    "account_logout": [Rule("L.........", "LLLLLLLLLL")],
    "account_sign_out_everywhere": [Rule("Lmmmmmmmmm", "LLLLLLLLLL")],
    "account_change_name": [Rule("L.........", "L.........")],
    "account_change_email": [Rule("L>>>>>>>>>", "L>>>>>>>>>")],
    "account_confirm_email_change": [Rule("L>>>>>>>>>", "L>>>>>>>>>")],
    "account_set_password": [Rule("L>>>>>>>>>", "L>>>>>>>>>")],
    "account_change_password": [Rule("L>>>>>>>>>", "L>>>>>>>>>")],
    "organisations": [Rule("L.........", "Lmmmmmmmmm")],
    "create_organisation": [Rule("Lxxxxxxx..", "Lxxxxxxx..")],
    "organisation": [Rule("L-----.-..", "Lmmmmmmmmm")],
    "invite_commissioner": [Rule("L-----x-..", "L-----x-..")],
    "end_membership": [Rule("Lmmmmmmmmm", "L-----x->>")],
    "staff": [Rule("Lxxxxxxx..", "Lmmmmmmmmm")],
    "appoint_staff": [Rule("Lxxxxxxx..", "Lxxxxxxx..")],
    "end_staff_appointment": [Rule("Lmmmmmmmmm", "Lxxxxxxxc>")],
    "unsent_emails": [Rule("Lxxxxxxx..", "Lmmmmmmmmm")],
    "retry_email": [Rule("Lmmmmmmmmm", "Lxxxxxxx>>")],
    "courses:list": [Rule("L.........", "Lmmmmmmmmm")],
    "courses:create": [Rule("Lxxxxxxx..", "Lxxxxxxx..")],
    "courses:licences": [Rule("Lxxxxxxx..", "Lmmmmmmmmm")],
    "courses:licence_grant": [Rule("Lxxxxxxx..", "Lxxxxxxx..")],
    "courses:licence_renew": [Rule("L--x----..", "L--x---->>")],
    "courses:licence_withdraw": [Rule("L--x----..", "L--x---->>")],
    "courses:invitation": [Rule("..........", "..........")],
    "courses:detail": [Rule("L.-.--.-..", "Lmmmmmmmmm")],
    "courses:public": [Rule("..........", "mmmmmmmmmm")],
    "courses:edit": [Rule("Lx-x--x-..", "Lx-x--x-..")],
    "courses:sessions": [Rule("Lx-x--x-..", "Lx-x--x-..")],
    "courses:associates": [Rule("Lx-x--x-..", "Lx-x--x-..")],
    "courses:associate_remove": [Rule("Lmmmmmmmmm", "Lx-x--x-cc")],
    "courses:cancel": [Rule("Lx-x--x-..", "Lx-x--x-..")],
    "courses:nominations": [Rule("Lx-x--.-..", "Lmmmmmmmmm")],
    "courses:nominate": [Rule("Lx-x--.-..", "Lx-x--.-..")],
    "courses:nomination_withdraw": [Rule("Lmmmmmmmmm", "Lx-x-->->>")],
    "courses:nomination_resend": [Rule("Lmmmmmmmmm", "Lx-x-->->>")],
    "courses:confirm_sponsor": [Rule("Lmmmmmmmmm", "Lx-x--c-cc")],
    "courses:enrolment_withdraw": [
        Rule("L.-x--.-..", "L>-x--c->>"),
        Rule("L--x--.-..", "L--x--c->>", about="eligible"),
    ],
    "courses:register": [Rule("Lx-.--x-..", "Lmmmmmmmmm")],
    "courses:register_session": [Rule("Lx-.--x-..", "Lx->--x-.>")],
    "courses:register_entry": [Rule("Lx-.--x-..", "Lx-.--x-..")],
    "courses:identity": [Rule("Lmmmmmmmmm", "Lx-c--x-xc")],
    "courses:walk_in": [Rule("Lx-.--x-x.", "Lx-.--x-x.")],
    "courses:walk_in_code": [Rule("Lx-.--x-x.", "Lmmmmmmmmm")],
    "courses:walk_in_again": [Rule("Lmmmmmmmmm", "Lx->--x-x>")],
    "assessments:room": [Rule("Lx-.--x-..", "Lmmmmmmmmm")],
    "assessments:release": [Rule("Lmmmmmmmmm", "Lx->--x-x>")],
    "assessments:open": [Rule("Lmmmmmmmmm", "Lx->--x-x>")],
    "assessments:close": [Rule("Lmmmmmmmmm", "Lx->--x-x>")],
    "assessments:reopen": [Rule("Lmmmmmmmmm", "Lx->--x-x>")],
    "assessments:marking_date": [Rule("Lmmmmmmmmm", "Lx-.--x-x.")],
    "assessments:case_study": [Rule("L.-.--x-..", "Lmmmmmmmmm")],
    "assessments:task_list": [
        Rule("L.-x--x-xx", "Lmmmmmmmmm"),
        Rule("L--x--x-xx", "Lmmmmmmmmm", about="eligible"),
    ],
    "assessments:question": [
        Rule("L.-x--x-xx", "Lc-x--x-xx"),
        Rule("L--x--x-xx", "L--x--x-xx", about="eligible"),
    ],
    "assessments:check": [
        Rule("L.-x--x-xx", "L.-x--x-xx"),
        Rule("L--x--x-xx", "L--x--x-xx", about="eligible"),
    ],
    "assessments:submit": [
        Rule("L>-x--x-xx", "L>-x--x-xx"),
        Rule("L--x--x-xx", "L--x--x-xx", about="eligible"),
    ],
    "assessments:receipt": [
        Rule("Lc-x--x-xx", "Lmmmmmmmmm"),
        Rule("L--x--x-xx", "Lmmmmmmmmm", about="eligible"),
    ],
    "assessments:answers_text": [
        Rule("Lc-x--x-xx", "Lmmmmmmmmm"),
        Rule("L--x--x-xx", "Lmmmmmmmmm", about="eligible"),
    ],
    # The version is proposed, and "other trainer" is one of its authors.
    "assessments:case_studies": [Rule("L.........", "Lmmmmmmmmm")],
    "assessments:version_begin": [Rule("Lxxxxxxx..", "Lxxxxxxx..")],
    "assessments:version": [Rule("L--...--..", "Lmmmmmmmmm")],
    "assessments:version_authors": [Rule("L--xxx--..", "L--xxx--..")],
    "assessments:version_author_end": [Rule("Lmmmmmmmmm", "L--xxx-->>")],
    "assessments:version_propose": [Rule("Lmmmmmmmmm", "L--xxx-->>")],
    "assessments:version_withdraw": [Rule("L--xxx--..", "L--xxx-->>")],
    "assessments:version_preview_participant": [Rule("L--...--..", "Lmmmmmmmmm")],
    "assessments:version_preview_question": [Rule("L--...--..", "Lmmmmmmmmm")],
    "assessments:version_preview_marker": [Rule("L--...--..", "Lmmmmmmmmm")],
    "assessments:version_booklet": [Rule("L--...--..", "Lmmmmmmmmm")],
    "assessments:version_booklet_marker": [Rule("L--...--..", "Lmmmmmmmmm")],
    "assessments:version_write": [Rule("L--x.x--..", "Lmmmmmmmmm")],
    "assessments:version_edit_head": [Rule("L--x.x--..", "L--x.x--..")],
    "assessments:version_history": [Rule("L--x.x--..", "Lmmmmmmmmm")],
    "assessments:version_section_new": [Rule("L--x.x--..", "L--x.x--..")],
    "assessments:version_section": [Rule("L--x.x--..", "L--x.x--..")],
    "assessments:version_section_move": [Rule("Lmmmmmmmmm", "L--x>x-->>")],
    "assessments:version_section_remove": [Rule("L--x.x--..", "L--xcx--cc")],
    "assessments:version_question_new": [Rule("L--x.x--..", "L--x.x--..")],
    "assessments:version_question": [Rule("L--x.x--..", "L--x.x--..")],
    "assessments:version_question_move": [Rule("Lmmmmmmmmm", "L--x>x-->>")],
    "assessments:version_question_remove": [Rule("L--x.x--..", "L--xcx--cc")],
    "assessments:publish": [Rule("L--x----..", "L--x---->>")],
    "assessments:move_pin": [Rule("Lx-x--x-..", "Lx-x--x->>")],
    "assessments:version_agreement": [Rule("L--...--..", "Lmmmmmmmmm")],
    "assessments:version_agree": [Rule("L--...--x.", "L--...--x.")],
    "assessments:version_remind": [Rule("Lmmmmmmmmm", "L--xxx-->>")],
    "assessments:version_freeze": [Rule("L--xxx--..", "L--xxx--cc")],
    "assessments:version_changes": [Rule("L--...--..", "Lmmmmmmmmm")],
    "assessments:version_unavailable": [Rule("L--xxx--..", "L--xxx--..")],
    "assessments:version_unavailable_end": [Rule("Lmmmmmmmmm", "L--xxx-->>")],
    "assessments:version_object": [Rule("L--...--x.", "L--...--x.")],
    "assessments:version_objection": [Rule("L--...--..", "Lmmmmmmmmm")],
    "assessments:version_objection_reply": [Rule("Lmmmmmmmmm", "L--x.x--..")],
    "assessments:version_objection_withdraw": [Rule("Lmmmmmmmmm", "L--x>x--xx")],
    "assessments:version_objection_close": [Rule("L--xxx--..", "L--xxx--..")],
    "assessments:marking": [Rule("Lx-.--x-..", "Lmmmmmmmmm")],
    "assessments:mark": [
        Rule("Lx-.--x-..", "Lx-c--x-xc"),
        Rule("Lx-.--x-..", "Lx-.--x-x.", about="eligible"),
    ],
    "assessments:take_over": [
        Rule("Lmmmmmmmmm", "Lx----x-x-"),
        Rule("Lmmmmmmmmm", "Lx-c--x-xc", about="eligible"),
    ],
    "assessments:recommend": [Rule("Lx-.--x-x.", "Lx-.--x-x.")],
    "assessments:conversation": [
        Rule("Lx-c--x-xc", "Lx-c--x-xc"),
        Rule("Lx-.--x-x.", "Lx-.--x-x.", about="eligible"),
    ],
    "assessments:feedback": [
        Rule("Lx-c--x-xc", "Lx-c--x-xc"),
        Rule("Lx-.--x-x.", "Lx-.--x-x.", about="eligible"),
    ],
    "assessments:disagree": [
        Rule("Lx-c--x-xc", "Lx-c--x-xc"),
        Rule("Lx-.--x-x.", "Lx-.--x-x.", about="eligible"),
    ],
    "assessments:withdraw_disagreement": [Rule("Lmmmmmmmmm", "Lx----x-x-")],
    "assessments:framework": [Rule("L.........", "Lmmmmmmmmm")],
    "assessments:framework_edition": [Rule("L.........", "Lmmmmmmmmm")],
    "assessments:framework_pdf": [Rule("L.........", "Lmmmmmmmmm")],
    "assessments:framework_editions": [Rule("L.........", "Lmmmmmmmmm")],
    "assessments:framework_draft": [Rule("Lmmmmmmmmm", "Lxxxxxxx>>")],
    "assessments:framework_edit": [Rule("L-------..", "L-------..")],
    "assessments:framework_stage": [Rule("L-------..", "L-------..")],
    "assessments:framework_stage_new": [Rule("Lmmmmmmmmm", "L-------cc")],
    "assessments:framework_stage_remove": [Rule("Lmmmmmmmmm", "L-------cc")],
    "assessments:framework_publish": [Rule("L-------..", "L-------cc")],
    "assessments:programme_strengths": [Rule("Lxxxxxxx..", "Lmmmmmmmmm")],
    "assessments:strengths": [Rule("Lx-.--x-..", "Lmmmmmmmmm")],
    "certification:finalise": [
        Rule("Lx->--x-x>", "Lx->--x-x>"),
        Rule("L--.--x-x.", "L--c--x-xc", about="eligible"),
    ],
    "certification:queue": [Rule("Lxxxxxxx..", "Lmmmmmmmmm")],
    "certification:course_queue": [Rule("Lx-x--x-..", "Lmmmmmmmmm")],
    "certification:approve_all": [Rule("Lx-x--x-..", "Lx-x--x->>")],
    "certification:decide": [
        Rule("Lx-x--x-..", "Lx-x--x-.."),
        Rule("L--x--x-..", "L--x--x-..", about="eligible"),
    ],
    "certification:appoint": [
        Rule("Lx-x--x-..", "Lx-x--x-.."),
        Rule("L--x--x-..", "L--x--x-..", about="eligible"),
    ],
    "certification:certificates": [Rule("Lxxxxxxx..", "Lmmmmmmmmm")],
    "certification:certificate": [Rule("L-----.-..", "Lmmmmmmmmm")],
    "certification:download": [Rule("L-----c-cc", "Lmmmmmmmmm")],
    "certification:revoke": [Rule("L-----x-..", "L-----x-..")],
    "certification:verify": [Rule("..........", "mmmmmmmmmm")],
    "certification:verified": [Rule("..........", "mmmmmmmmmm")],
    "certification:my_course": [
        Rule("L.-x--x-xx", "Lmmmmmmmmm"),
        Rule("L--x--x-xx", "Lmmmmmmmmm", about="eligible"),
    ],
    "certification:my_feedback": [
        Rule("Lc-x--x-xx", "Lc-x--x-xx"),
        Rule("L--x--x-xx", "L--x--x-xx", about="eligible"),
    ],
    "certification:results": [Rule("Lx-x--.-..", "Lmmmmmmmmm")],
    "certification:report_request": [Rule("Lmmmmmmmmm", "Lx-x--.-..")],
    "certification:report": [Rule("L-----.-..", "Lmmmmmmmmm")],
    "certification:report_download": [Rule("L-----c-cc", "Lmmmmmmmmm")],
    "certification:follow_ups": [Rule("Lxxxxx....", "Lmmmmmmmmm")],
    "certification:follow_up": [Rule("L--x--.-..", "L--x--.-..")],
    "robots": [Rule("..........", "mmmmmmmmmm")],
}
