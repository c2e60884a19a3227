"""Addresses of case studies and the framework."""

from django.urls import path

from assessments.case_studies.views import (
    agreeing,
    case_studies,
    changing,
    editions,
    exchanging,
    framework,
    objecting,
    passages,
    unavailable,
    version_reading,
    writing,
)

urlpatterns = [
    # The framework, as reference; drafting its next edition.
    path("framework/", framework.framework, name="framework"),
    path("framework/<uuid:edition>/", framework.edition, name="framework_edition"),
    path("framework/<uuid:edition>/framework.pdf", framework.pdf, name="framework_pdf"),
    path("framework/<uuid:edition>/editions/", framework.editions, name="framework_editions"),
    path("framework/<uuid:edition>/draft/", editions.draft, name="framework_draft"),
    path("framework/<uuid:edition>/edit/", editions.edit, name="framework_edit"),
    path("framework/<uuid:edition>/edit/stages/", editions.stage_new, name="framework_stage_new"),
    path("framework/<uuid:edition>/edit/stages/<int:number>/", editions.stage, name="framework_stage"),
    path(
        "framework/<uuid:edition>/edit/stages/<int:number>/remove/",
        editions.stage_remove,
        name="framework_stage_remove",
    ),
    path("framework/<uuid:edition>/publish/", editions.publish, name="framework_publish"),
    # The case studies: read, written, previewed, printed.
    path("case-studies/", case_studies.case_studies, name="case_studies"),
    path("case-studies/<slug:programme>/begin/", case_studies.begin, name="version_begin"),
    path("versions/<uuid:version>/", version_reading.version, name="version"),
    path("versions/<uuid:version>/authors/", case_studies.authors, name="version_authors"),
    path(
        "versions/<uuid:version>/authors/<uuid:author>/end/",
        case_studies.author_end,
        name="version_author_end",
    ),
    path("versions/<uuid:version>/propose/", case_studies.propose, name="version_propose"),
    path("versions/<uuid:version>/withdraw/", case_studies.withdraw, name="version_withdraw"),
    path(
        "versions/<uuid:version>/preview/",
        version_reading.preview_case_study,
        name="version_preview_participant",
    ),
    path("versions/<uuid:version>/booklet.pdf", version_reading.booklet, name="version_booklet"),
    path(
        "versions/<uuid:version>/booklet/marker.pdf",
        version_reading.booklet_marker,
        name="version_booklet_marker",
    ),
    path("versions/<uuid:version>/write/", writing.overview, name="version_write"),
    path("versions/<uuid:version>/write/head/", writing.head, name="version_edit_head"),
    path("versions/<uuid:version>/write/history/<str:passage>/", passages.history, name="version_history"),
    path("versions/<uuid:version>/write/sections/new/", writing.section_new, name="version_section_new"),
    path("versions/<uuid:version>/write/sections/<uuid:section>/", writing.section, name="version_section"),
    path(
        "versions/<uuid:version>/write/sections/<uuid:section>/move/",
        passages.section_move,
        name="version_section_move",
    ),
    path(
        "versions/<uuid:version>/write/sections/<uuid:section>/remove/",
        passages.section_remove,
        name="version_section_remove",
    ),
    path("versions/<uuid:version>/write/questions/new/", writing.question_new, name="version_question_new"),
    path(
        "versions/<uuid:version>/write/questions/<uuid:question>/", writing.question, name="version_question"
    ),
    path(
        "versions/<uuid:version>/write/questions/<uuid:question>/move/",
        passages.question_move,
        name="version_question_move",
    ),
    path(
        "versions/<uuid:version>/write/questions/<uuid:question>/remove/",
        passages.question_remove,
        name="version_question_remove",
    ),
    # Versions and marking.
    path("case-studies/import/", exchanging.import_, name="version_import"),
    path("versions/<uuid:version>/export/", exchanging.export, name="version_export"),
    # Agreement to a version.
    path("versions/<uuid:version>/agreement/", agreeing.agreement, name="version_agreement"),
    path("versions/<uuid:version>/agree/", agreeing.agree, name="version_agree"),
    path("versions/<uuid:version>/remind/", agreeing.remind, name="version_remind"),
    path("versions/<uuid:version>/freeze/", agreeing.freeze, name="version_freeze"),
    path("versions/<uuid:version>/changes/", changing.changes, name="version_changes"),
    path("versions/<uuid:version>/unavailable/", unavailable.record, name="version_unavailable"),
    path(
        "versions/<uuid:version>/unavailable/<uuid:unavailability>/end/",
        unavailable.end,
        name="version_unavailable_end",
    ),
    path("versions/<uuid:version>/object/", objecting.object_to, name="version_object"),
    path(
        "versions/<uuid:version>/objections/<uuid:objection>/", objecting.objection, name="version_objection"
    ),
    path(
        "versions/<uuid:version>/objections/<uuid:objection>/reply/",
        objecting.reply,
        name="version_objection_reply",
    ),
    path(
        "versions/<uuid:version>/objections/<uuid:objection>/withdraw/",
        objecting.withdraw,
        name="version_objection_withdraw",
    ),
    path(
        "versions/<uuid:version>/objections/<uuid:objection>/close/",
        objecting.close,
        name="version_objection_close",
    ),
]
