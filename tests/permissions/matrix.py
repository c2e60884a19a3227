"""What each route answers to each role: the permission table of the product, as statuses.

One sign for each role, in this order (tests/permissions/world.py says who they are):

    anonymous, participant, other participant, trainer, other trainer, Associate, commissioner,
    other commissioner, AIM admin, AIM admin who trained, AIM admin who takes part

    L  to the sign-in page        .  200        >  302 elsewhere: it was done, or leads on
    x  403, a wrong role          -  404, as if it did not exist
    c  409, not at this time      e  422, the form again with its errors
    b  400                        m  405, no such method

A POST carries an irreversible form's key and what `sends` says, else nothing: where a form asks for
more, those who may see it again with its errors. Whatever was refused has changed nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rule:
    """The answers of one route.

    Args:
        get: to a GET, a sign for each role.
        post: to a POST.
        about: another thing of tests/permissions/world.py than the participant's own.
        sends: what a POST carries besides its key.
    """

    get: str
    post: str
    about: str = ""
    sends: dict[str, str] = field(default_factory=dict)


MATRIX: dict[str, list[Rule]] = {
    "home": [Rule(">..........", ">mmmmmmmmmm")],
    "welcome": [Rule("...........", "mmmmmmmmmmm")],
    "audit_log": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "audit_log_sheet": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "search": [Rule("L..........", "Lmmmmmmmmmm")],
    "help": [Rule("...........", "mmmmmmmmmmm")],
    "help_of_role": [Rule("...........", "mmmmmmmmmmm")],
    "legal_page": [Rule("...........", "mmmmmmmmmmm")],
    "legal_version": [Rule("...........", "mmmmmmmmmmm")],
    "account": [Rule("L..........", "Lmmmmmmmmmm")],
    "account_data": [Rule("L..........", "Lmmmmmmmmmm")],
    "account_data_ask": [Rule("Lmmmmmmmmmm", "L>>>>>>>>>>")],
    "account_data_download": [Rule("L.---------", "Lmmmmmmmmmm")],
    "account_login": [Rule(".>>>>>>>>>>", "e>>>>>>>>>>")],
    "account_request_login_code": [Rule(".>>>>>>>>>>", "e>>>>>>>>>>")],
    "account_confirm_login_code": [Rule("L>>>>>>>>>>", "L>>>>>>>>>>")],
    "account_password_sign_in": [Rule(".>>>>>>>>>>", "e>>>>>>>>>>")],
    "account_signup": [Rule("...........", "mmmmmmmmmmm")],
    "mfa_authenticate": [Rule("L>>>>>>>>>>", "L>>>>>>>>>>")],
    "account_logout": [Rule("L..........", "LLLLLLLLLLL")],
    "account_sign_out_everywhere": [Rule("Lmmmmmmmmmm", "LLLLLLLLLLL")],
    "account_end_other_sessions": [Rule("Lmmmmmmmmmm", "L>>>>>>>>>>")],
    "account_end_session": [Rule("Lmmmmmmmmmm", "L>>>>>>>>>>")],
    "account_second_step": [Rule("L..........", "Lmmmmmmmmmm")],
    "account_add_app": [Rule("L..........", "Leeeeeeeeee")],
    "account_add_passkey": [Rule("L..........", "Leeeeeeeeee")],
    "account_recovery_codes": [Rule("L..........", "Lcccccccccc")],
    "account_remove_factor": [Rule("Lmmmmmmmmmm", "L>>>>>>>>>>")],
    "account_change_name": [Rule("L..........", "Leeeeeeeeee")],
    "account_change_email": [Rule("L..........", "Leeeeeeeeee")],
    "account_confirm_email_change": [Rule("L>>>>>>>>>>", "L>>>>>>>>>>")],
    "account_set_password": [Rule("L..........", "Leeeeeeeeee")],
    "account_change_password": [Rule("L>>>>>>>>>>", "L>>>>>>>>>>")],
    "organisations": [Rule("L..........", "Lmmmmmmmmmm")],
    "create_organisation": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "organisation": [Rule("L-----.-...", "Lmmmmmmmmmm")],
    "edit_organisation": [Rule("L-----x-...", "L-----x-eee")],
    "invite_commissioner": [Rule("L-----x-...", "L-----x-eee")],
    "end_membership": [Rule("Lmmmmmmmmmm", "L-----x->>>")],
    "staff": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "appoint_staff": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "end_staff_appointment": [Rule("Lmmmmmmmmmm", "Lxxxxxxxc>>")],
    "legal_pages": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "edit_legal_page": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "person": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "sign_out_for": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "reset_second_step": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "ask_for_somebodys_data": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "unsent_emails": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "retry_email": [Rule("Lmmmmmmmmmm", "Lxxxxxxx>>>")],
    "safeguarding:worried": [Rule("...........", "mmmmmmmmmmm")],
    # Posted without a session, what was typed is on the page that refuses.
    "safeguarding:tell": [Rule("L..........", "xeeeeeeeeee")],
    "safeguarding:tell_of_course": [Rule("L.-.--.-...", "xe-e--e-eee")],
    "safeguarding:tell_of_person": [
        Rule("L.-.--.-...", "xe-e--e-eee"),
        Rule("L--.--.-...", "x--e--e-eee", about="eligible"),
    ],
    "safeguarding:sent": [Rule("L..........", "Lmmmmmmmmmm")],
    "safeguarding:sent_record": [Rule("L.---------", "xe---------")],
    # The Associate is a safeguarding lead; the AIM admins are none.
    "safeguarding:records": [Rule("Lxxxx.xxxxx", "Lmmmmmmmmmm")],
    "safeguarding:record": [Rule("L----.-----", "x----e-----")],
    "safeguarding:stand_aside": [Rule("Lmmmmmmmmmm", "L---->-----")],
    "safeguarding:leads": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "safeguarding:appoint_lead": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "safeguarding:end_lead": [Rule("Lmmmmmmmmmm", "Lxxxxxxx>>>")],
    "courses:list": [Rule("L..........", "Lmmmmmmmmmm")],
    "courses:create": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "courses:licences": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "courses:licence_grant": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "courses:licence_renew": [Rule("L--x----...", "L--x----eee")],
    "courses:licence_withdraw": [Rule("L--x----...", "L--x---->>>")],
    "courses:invitation": [Rule("...........", "eeeeeeeeeee")],
    "courses:detail": [Rule("L.-.--.-...", "Lmmmmmmmmmm")],
    "courses:public": [Rule("...........", "mmmmmmmmmmm")],
    "courses:calendar": [Rule("L.-.--.-...", "Lmmmmmmmmmm")],
    "courses:another": [Rule("Lx-x--x-...", "Lmmmmmmmmmm")],
    "courses:edit": [Rule("Lx-x--x-...", "Lx-x--x-eee")],
    "courses:sessions": [Rule("Lx-x--x-...", "Lx-x--x-eee")],
    "courses:associates": [Rule("Lx-x--x-...", "Lx-x--x-eee")],
    "courses:associate_remove": [Rule("Lmmmmmmmmmm", "Lx-x--x-ccc")],
    "courses:cancel": [Rule("Lx-x--x-ccc", "Lx-x--x-eee")],
    "courses:nominations": [Rule("Lx-x--.-...", "Lmmmmmmmmmm")],
    "courses:nominate": [Rule("Lx-x--.-...", "Lx-x--e-eee")],
    "courses:nominate_several": [Rule("Lx-x--.-...", "Lx-x--e-eee")],
    "courses:nominees_example": [Rule("Lx-x--.-...", "Lmmmmmmmmmm")],
    "courses:nomination_withdraw": [
        Rule("Lmmmmmmmmmm", "Lx-x-->->>>"),
        Rule("Lmmmmmmmmmm", "Lx-x--x->>>", about="the commissioner"),
    ],
    "courses:nomination_resend": [Rule("Lmmmmmmmmmm", "Lx-x--c-ccc")],
    "courses:confirm_sponsor": [
        Rule("Lmmmmmmmmmm", "Lx-x-->->>>"),
        Rule("Lmmmmmmmmmm", "Lx-x--x-ccc", about="the commissioner"),
    ],
    "courses:refuse_sponsor": [
        Rule("Lx-x--.-xxx", "Lx-x-->-xxx"),
        Rule("Lx-x--x-xxx", "Lx-x--x-xxx", about="the commissioner"),
    ],
    "courses:name_sponsor": [
        Rule("Lx-x--x-...", "Lx-x--x-eee"),
        Rule("Lx-x--x-ccc", "Lx-x--x-ccc", about="the commissioner"),
    ],
    "courses:enrolment_withdraw": [
        Rule("L.-x--c-...", "L>-x--c->>>"),
        Rule("L--x--c-...", "L--x--c->>>", about="eligible"),
    ],
    "courses:confirm_acceptance": [
        Rule("Lmmmmmmmmmm", "L>-x--x-xxx"),
        Rule("Lmmmmmmmmmm", "L--x--x-xxx", about="eligible"),
    ],
    "courses:certificate_name": [
        Rule("L.-x--x-...", "Le-x--x-eee"),
        Rule("L--x--x-...", "L--x--x-eee", about="eligible"),
    ],
    "courses:register": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "courses:sign_in_sheets": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "courses:register_session": [Rule("Lx-.--x-..x", "Lx->--x-e>x")],
    "courses:register_choose": [Rule("Lmmmmmmmmmm", "Lx-.--x-e.x")],
    "courses:register_entry": [
        Rule("Lx-.--x-..x", "Lx-.--x-..x"),
        Rule("Lx-.--x-..x", "Lx-e--x-xex", sends={"make_up": "1"}),
    ],
    "courses:made_up": [
        Rule("L--x.---xxx", "L--xe---xxx"),
        Rule("L--x.---xxx", "L--x>---xxx", sends={"confirmed": "no", "because": "Another day."}),
    ],
    "courses:identity": [Rule("Lmmmmmmmmmm", "Lx-c--x-xcx")],
    "courses:walk_in": [Rule("Lx-.--x-x.x", "Lx-e--x-xex")],
    "courses:walk_in_code": [Rule("Lx-.--x-x.x", "Lmmmmmmmmmm")],
    "courses:walk_in_again": [Rule("Lmmmmmmmmmm", "Lx-c--x-xcx")],
    "assessments:room": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "assessments:release": [Rule("Lmmmmmmmmmm", "Lx->--x-x>x")],
    "assessments:open": [Rule("Lmmmmmmmmmm", "Lx->--x-x>x")],
    "assessments:close": [Rule("Lmmmmmmmmmm", "Lx->--x-x>x")],
    "assessments:close_soon": [Rule("Lmmmmmmmmmm", "Lx->--x-x>x")],
    "assessments:more_time": [Rule("Lmmmmmmmmmm", "Lx-c--x-xcx")],
    "assessments:reopen": [Rule("Lmmmmmmmmmm", "Lx-e--x-xex")],
    "assessments:board": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "assessments:person": [
        Rule("Lx-.--x-..x", "Lmmmmmmmmmm"),
        Rule("L--.--x-..x", "Lmmmmmmmmmm", about="eligible"),
    ],
    "assessments:extra_time": [
        Rule("Lmmmmmmmmmm", "Lx-e--x-xex"),
        Rule("Lmmmmmmmmmm", "Lx->--x-x>x", sends={"minutes": "10", "reason": "A slow reader."}),
    ],
    "assessments:reopen_for_one": [
        Rule("Lmmmmmmmmmm", "Lx-e--x-xex"),
        Rule("Lmmmmmmmmmm", "L--e--x-xex", about="eligible"),
    ],
    "assessments:helped": [Rule("Lmmmmmmmmmm", "Lx->--x-x>x")],
    "assessments:help": [
        Rule("L>-x--x-xxx", "L>-x--x-xxx"),
        Rule("L--x--x-xxx", "L--x--x-xxx", about="eligible"),
    ],
    "assessments:marking_date": [Rule("Lmmmmmmmmmm", "Lx-e--x-xex")],
    "assessments:case_study": [Rule("L.-.--x-...", "Lmmmmmmmmmm")],
    "assessments:room_entry": [Rule(".>->---->>>", "mmmmmmmmmmm")],
    "assessments:room_code": [Rule(".>>>>>>>>>>", "e>>>>>>>>>>")],
    "assessments:room_address": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "assessments:entry_codes": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "assessments:entry_code": [Rule("Lx-.--x-x.x", "Lx-e--x-xex")],
    "assessments:task_list": [
        Rule("L.-x--x-xxx", "Lmmmmmmmmmm"),
        Rule("L--x--x-xxx", "Lmmmmmmmmmm", about="eligible"),
    ],
    "assessments:question": [
        # Without a session it asks to sign in, with what was typed.
        Rule("L.-x--x-xxx", ".c-x--x-xxx"),
        Rule("L--x--x-xxx", ".--x--x-xxx", about="eligible"),
    ],
    "assessments:save": [
        Rule("Lmmmmmmmmmm", "Lb-x--x-xxx"),
    ],
    "assessments:earlier": [
        Rule("L.-x--x-xxx", "Lmmmmmmmmmm"),
    ],
    "assessments:journal": [
        Rule("Lmmmmmmmmmm", "L.-x--x-xxx"),
    ],
    "assessments:state": [
        Rule("L.-x--x-xxx", "Lmmmmmmmmmm"),
    ],
    "assessments:check": [
        Rule("L.-x--x-xxx", "Le-x--x-xxx"),
        Rule("L--x--x-xxx", "L--x--x-xxx", about="eligible"),
    ],
    "assessments:submit": [
        Rule("L>-x--x-xxx", "L>-x--x-xxx"),
        Rule("L--x--x-xxx", "L--x--x-xxx", about="eligible"),
    ],
    "assessments:receipt": [
        Rule("Lc-x--x-xxx", "Lmmmmmmmmmm"),
        Rule("L--x--x-xxx", "Lmmmmmmmmmm", about="eligible"),
    ],
    "assessments:answers_text": [
        Rule("Lc-x--x-xxx", "Lmmmmmmmmmm"),
        Rule("L--x--x-xxx", "Lmmmmmmmmmm", about="eligible"),
    ],
    "assessments:my_adjustments": [
        Rule("L.-x--x-xxx", "Le-x--x-xxx"),
        Rule("L--x--x-xxx", "L--x--x-xxx", about="eligible"),
    ],
    "assessments:adjustments_to_answer": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "assessments:course_adjustments": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "assessments:adjustments": [
        Rule("Lx-.--x-..x", "Lx-e--x-eex"),
        Rule("L--.--x-..x", "L--e--x-eex", about="eligible"),
    ],
    "assessments:adjustment_end": [Rule("Lmmmmmmmmmm", "Lx->--x->>x")],
    "assessments:adjustment_answer": [Rule("Lx-x--x-..x", "Lx-x--x-eex")],
    "assessments:my_considerations": [
        Rule("L.-x--x-xxx", "Le-x--x-xxx"),
        Rule("L--x--x-xxx", "L--x--x-xxx", about="eligible"),
    ],
    "assessments:considerations": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "assessments:course_considerations": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "assessments:consideration_record": [Rule("Lx-.--x-x.x", "Lx-e--x-xex")],
    "assessments:consideration": [Rule("Lx-.--x-..x", "Lx-x--x-exx")],
    "assessments:paper": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "assessments:paper_codes": [Rule("Lmmmmmmmmmm", "Lx->--x->>x")],
    "assessments:paper_booklets": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "assessments:paper_booklet": [
        Rule("Lx-.--x-..x", "Lmmmmmmmmmm"),
        Rule("Lx----x---x", "Lmmmmmmmmmm", about="eligible"),
    ],
    "assessments:papers_to_check": [Rule("L..........", "Lmmmmmmmmmm")],
    "assessments:transcription": [
        Rule("L.-.--x-..x", "Le-e--x-xex"),
        Rule("L--.--x-..x", "L--e--x-xex", about="on paper"),
    ],
    "assessments:transcription_question": [
        Rule("L-----x-x-x", "L-----x-x-x"),
        Rule("L-->--x-x.x", "L-->--x-xcx", about="on paper"),
    ],
    "assessments:transcription_scans": [
        Rule("Lmmmmmmmmmm", "Lc-c--x-ccx"),
        Rule("Lmmmmmmmmmm", "L--e--x-eex", about="on paper"),
    ],
    "assessments:transcription_scan": [
        Rule("L-----x---x", "Lmmmmmmmmmm"),
        Rule("L--.--x-..x", "Lmmmmmmmmmm", about="on paper"),
    ],
    "assessments:transcription_scan_remove": [
        Rule("Lmmmmmmmmmm", "L-----x-x-x"),
        Rule("Lmmmmmmmmmm", "L-->--x-x>x", about="on paper"),
    ],
    "assessments:transcription_done": [
        Rule("Lmmmmmmmmmm", "Lc-c--x-xcx"),
        Rule("Lmmmmmmmmmm", "L--c--x-x>x", about="on paper"),
    ],
    "assessments:transcription_check": [
        Rule("L>->--x->>x", "L>->--x->>x"),
        Rule("L-->--x->>x", "L-->--x->>x", about="on paper"),
    ],
    "assessments:transcription_give_up": [
        Rule("Lmmmmmmmmmm", "Lc-c--x-xcx"),
        Rule("Lmmmmmmmmmm", "L-->--x-x>x", about="on paper"),
    ],
    "assessments:unsent": [
        Rule("L.-.--x-x.x", "Le-e--x-xex"),
        Rule("L--.--x-x.x", "L--e--x-xex", about="on paper"),
    ],
    "assessments:publish": [Rule("L--x----...", "L--x---->>>")],
    "assessments:marking": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "assessments:mark": [
        Rule("Lx-.--x-..x", ".x-c--x-xcx"),
        Rule("Lx-.--x-..x", ".x-c--x-xcx", about="eligible"),
    ],
    "assessments:mark_history": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "assessments:judge": [Rule("Lmmmmmmmmmm", "Lx-b--x-xbx")],
    "assessments:mark_questions": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "assessments:marking_sheet": [Rule("Lx-.--x-x.x", "Lx-e--x-xex")],
    "assessments:marking_sheet_file": [Rule("Lx-.--x-x.x", "Lmmmmmmmmmm")],
    "assessments:mark_next": [Rule("Lmmmmmmmmmm", "Lx->--x-x>x")],
    "assessments:mark_answer": [Rule("Lx-.--x-x.x", ".x-c--x-xcx")],
    "assessments:judge_answer": [Rule("Lmmmmmmmmmm", "L--b--x-xbx")],
    "assessments:mark_stay": [Rule("Lmmmmmmmmmm", "Lx-.--x-x.x")],
    "assessments:mark_take_over": [Rule("Lmmmmmmmmmm", "Lx->--x-x>x")],
    "assessments:second_scripts": [Rule("L..........", "Lmmmmmmmmmm")],
    "assessments:second_mark": [Rule("L----.-----", ".---->-----")],
    "assessments:second_judge": [Rule("Lmmmmmmmmmm", "L----b-----")],
    "assessments:second_hand_back": [Rule("L----.-----", "L----e-----")],
    "assessments:second_settle": [Rule("L----.-----", "L---->-----")],
    "assessments:settle": [
        Rule("Lx-.--x-..x", "Lx->--x-x>x"),
        Rule("Lx-.--x-..x", "Lx->--x-x>x", about="marked twice"),
        # The second marking is not finished yet.
        Rule("Lx-.--x-..x", "Lx-x--x-cxx", about="marked twice", sends={"then": "settle"}),
    ],
    "assessments:sample": [Rule("Lx-.--x-..x", "Lx-c--x-ccx")],
    "assessments:second_numbers": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "certification:take_back": [Rule("Lx-x--x-..x", "Lx-x--x-eex")],
    "certification:second_markers": [Rule("Lx-x--x-..x", "Lx-x--x-eex")],
    "assessments:recommend": [Rule("Lx-.--x-x.x", "Lx-e--x-xex")],
    "assessments:agree": [
        Rule("Lmmmmmmmmmm", "Lx-c--x-xcx"),
        Rule("Lmmmmmmmmmm", "Lx-c--x-xcx", about="not yet"),
    ],
    # There is one to talk about only where it is not competent.
    "assessments:conversation": [
        Rule("Lx-c--x-xcx", "Lx-c--x-xcx"),
        Rule("Lx-c--x-xcx", "Lx-c--x-xcx", about="eligible"),
        Rule("Lx-.--x-x.x", "Lx-e--x-xex", about="not yet"),
    ],
    "assessments:no_conversation": [
        Rule("Lx-c--x-xcx", "Lx-c--x-xcx"),
        Rule("Lx-.--x-x.x", "Lx-e--x-xex", about="not yet"),
    ],
    "assessments:feedback": [
        Rule("Lx-c--x-xcx", "Lx-c--x-xcx"),
        Rule("Lx-.--x-x.x", "Lx-e--x-xex", about="eligible"),
    ],
    "assessments:disagree": [
        Rule("Lx-c--x-xcx", "Lx-c--x-xcx"),
        Rule("Lx-.--x-x.x", "Lx-e--x-xex", about="eligible"),
    ],
    "assessments:withdraw_disagreement": [Rule("Lmmmmmmmmmm", "Lx----x-x-x")],
    "assessments:version_import": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "assessments:version_export": [Rule("L--x.x--...", "Lmmmmmmmmmm")],
    "assessments:case_studies": [Rule("L..........", "Lmmmmmmmmmm")],
    "assessments:version_begin": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "assessments:version": [Rule("L--...--...", "Lmmmmmmmmmm")],
    "assessments:version_authors": [Rule("L--xxx--...", "L--xxx--eee")],
    "assessments:version_author_end": [Rule("Lmmmmmmmmmm", "L--xxx-->>>")],
    "assessments:version_propose": [Rule("Lmmmmmmmmmm", "L--xxx-->>>")],
    "assessments:version_withdraw": [Rule("L--xxx--...", "L--xxx-->>>")],
    "assessments:version_preview_participant": [Rule("L--...--...", "Lmmmmmmmmmm")],
    "assessments:version_preview_question": [Rule("L--...--...", "Lmmmmmmmmmm")],
    "assessments:version_preview_marker": [Rule("L--...--...", "Lmmmmmmmmmm")],
    "assessments:version_booklet": [Rule("L--...--...", "Lmmmmmmmmmm")],
    "assessments:version_booklet_marker": [Rule("L--...--...", "Lmmmmmmmmmm")],
    "assessments:version_write": [Rule("L--x.x--...", "Lmmmmmmmmmm")],
    "assessments:version_edit_head": [Rule("L--x.x--...", "L--xex--eee")],
    "assessments:version_history": [Rule("L--x.x--...", "Lmmmmmmmmmm")],
    "assessments:version_section_new": [Rule("L--x.x--...", "L--xex--eee")],
    "assessments:version_section": [Rule("L--x.x--...", "L--xex--eee")],
    "assessments:version_section_move": [Rule("Lmmmmmmmmmm", "L--x>x-->>>")],
    "assessments:version_section_remove": [Rule("L--x.x--...", "L--xcx--ccc")],
    "assessments:version_question_new": [Rule("L--x.x--...", "L--x.x--...")],
    "assessments:version_question": [Rule("L--x.x--...", "L--xex--eee")],
    "assessments:version_question_move": [Rule("Lmmmmmmmmmm", "L--x>x-->>>")],
    "assessments:version_question_remove": [Rule("L--x.x--...", "L--xcx--ccc")],
    "assessments:move_pin": [Rule("Lx-x--x-...", "Lx-x--x->>>")],
    "assessments:version_agreement": [Rule("L--...--...", "Lmmmmmmmmmm")],
    "assessments:version_agree": [Rule("L--...--x.x", "L--eee--xex")],
    "assessments:version_remind": [Rule("Lmmmmmmmmmm", "L--xxx-->>>")],
    "assessments:version_freeze": [Rule("L--xxx--...", "L--xxx--ccc")],
    "assessments:version_changes": [Rule("L--...--...", "Lmmmmmmmmmm")],
    "assessments:version_unavailable": [Rule("L--xxx--...", "L--xxx--eee")],
    "assessments:version_unavailable_end": [Rule("Lmmmmmmmmmm", "L--xxx-->>>")],
    "assessments:version_object": [Rule("L--...--x.x", "L--eee--xex")],
    "assessments:version_objection": [Rule("L--...--...", "Lmmmmmmmmmm")],
    "assessments:version_objection_reply": [Rule("Lmmmmmmmmmm", "L--xex--eee")],
    "assessments:version_objection_withdraw": [Rule("Lmmmmmmmmmm", "L--x>x--xxx")],
    "assessments:version_objection_close": [Rule("L--xxx--...", "L--xxx--eee")],
    "assessments:framework": [Rule("L..........", "Lmmmmmmmmmm")],
    "assessments:framework_edition": [Rule("L..........", "Lmmmmmmmmmm")],
    "assessments:framework_pdf": [Rule("L..........", "Lmmmmmmmmmm")],
    "assessments:framework_editions": [Rule("L..........", "Lmmmmmmmmmm")],
    "assessments:framework_draft": [Rule("Lmmmmmmmmmm", "Lxxxxxxx>>>")],
    "assessments:framework_edit": [Rule("L-------...", "L-------eee")],
    "assessments:framework_stage": [Rule("L-------...", "L-------eee")],
    "assessments:framework_stage_new": [Rule("Lmmmmmmmmmm", "L-------ccc")],
    "assessments:framework_stage_remove": [Rule("Lmmmmmmmmmm", "L-------ccc")],
    "assessments:framework_publish": [Rule("L-------...", "L-------ccc")],
    "assessments:programme_strengths": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "assessments:strengths": [Rule("Lx-.--x-..x", "Lmmmmmmmmmm")],
    "certification:finalise": [
        Rule("Lx->--x-x>x", "Lx->--x-x>x"),
        Rule("L--.--x-x.x", "L--c--x-xcx", about="eligible"),
    ],
    "certification:tell_later": [
        Rule("Lx-c--x-ccx", "Lx-c--x-ccx"),
        Rule("L--.--x-..x", "L--e--x-eex", about="not told yet"),
    ],
    "certification:queue": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "certification:course_queue": [Rule("Lx-x--x-..x", "Lmmmmmmmmmm")],
    "certification:approve_all": [Rule("Lx-x--x-..x", "Lx-x--x->>x")],
    "certification:decide": [
        Rule("Lx-x--x-..x", "Lx-x--x-eex"),
        Rule("L--x--x-..x", "L--x--x-eex", about="eligible"),
    ],
    "certification:appoint": [
        Rule("Lx-x--x-..x", "Lx-x--x-eex"),
        Rule("L--x--x-..x", "L--x--x-eex", about="eligible"),
    ],
    "certification:person": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "certification:branding": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "certification:backlog": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "certification:try_again": [Rule("Lmmmmmmmmmm", "Lxxxxxxx>>>")],
    # Without a passage it comes back; what one's own answers say is others' to take out.
    "certification:redact": [Rule("Lx-x--x-..x", "Lx-x--x-eex")],
    "certification:certificates": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "certification:certificate": [Rule("L-----.-...", "Lmmmmmmmmmm")],
    "certification:download": [Rule("L-----c-ccc", "Lmmmmmmmmmm")],
    "certification:picture": [Rule("L-----c-ccc", "Lmmmmmmmmmm")],
    "certification:revoke": [Rule("L-----x-...", "L-----x-eee")],
    "certification:verify": [Rule("...........", "mmmmmmmmmmm")],
    "certification:verified": [Rule("...........", "mmmmmmmmmmm")],
    "certification:my_course": [
        Rule("L.-x--x-xxx", "Lmmmmmmmmmm"),
        Rule("L--x--x-xxx", "Lmmmmmmmmmm", about="eligible"),
    ],
    "certification:my_appeal": [
        Rule("L.-x--x-xxx", "Le-x--x-xxx"),
        Rule("L--x--x-xxx", "L--x--x-xxx", about="eligible"),
    ],
    "certification:my_appeal_withdraw": [
        Rule("L.-x--x-xxx", "L>-x--x-xxx"),
        Rule("L--x--x-xxx", "L--x--x-xxx", about="eligible"),
    ],
    "certification:appeals": [Rule("Lxxxxxxx...", "Lmmmmmmmmmm")],
    "certification:panel_rule": [Rule("Lxxxxxxx...", "Lxxxxxxxeee")],
    "certification:appeal": [Rule("Lx---.--...", "Lx---x-->cx")],
    "certification:appeal_panel": [Rule("Lx---x--..x", "Lx---x--eex")],
    "certification:appeal_decision": [Rule("Lx---.--xxx", "Lx---e--xxx")],
    "certification:appeal_view": [Rule("Lx---.--xxx", "Lx---e--xxx")],
    "certification:appeal_record": [Rule("Lx---.--..x", "Lmmmmmmmmmm")],
    "certification:appeal_file": [Rule("L.---.--..x", "Lmmmmmmmmmm")],
    "certification:my_feedback": [
        Rule("Lc-x--x-xxx", "Lc-x--x-xxx"),
        Rule("L--x--x-xxx", "L--x--x-xxx", about="eligible"),
    ],
    "certification:results": [Rule("Lx-x--.-..x", "Lmmmmmmmmmm")],
    "certification:report_request": [Rule("Lmmmmmmmmmm", "Lx-x--e-eex")],
    "certification:report": [Rule("L-----.-..x", "Lmmmmmmmmmm")],
    "certification:report_download": [Rule("L-----c-ccx", "Lmmmmmmmmmm")],
    "certification:follow_ups": [Rule("Lxxxxx.....", "Lmmmmmmmmmm")],
    "certification:over_time": [Rule("Lxxxxx.....", "Lmmmmmmmmmm")],
    "certification:over_time_file": [Rule("Lxxxxx.....", "Lmmmmmmmmmm")],
    "certification:follow_up": [
        Rule("L--x--.-..x", "L--x--e-eex"),
        Rule("L--x----..x", "L--x----xxx", about="who pays for themself"),
    ],
    "robots": [Rule("...........", "mmmmmmmmmmm")],
}
