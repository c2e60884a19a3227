"""Addresses of case studies and the framework."""

from django.urls import include, path

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

# The framework, as reference; drafting its next edition.
of_an_edition = [
    path("", framework.edition, name="framework_edition"),
    path("framework.pdf", framework.pdf, name="framework_pdf"),
    path("editions/", framework.editions, name="framework_editions"),
    path("draft/", editions.draft, name="framework_draft"),
    path("edit/", editions.edit, name="framework_edit"),
    path("edit/stages/", editions.stage_new, name="framework_stage_new"),
    path("edit/stages/<int:number>/", editions.stage, name="framework_stage"),
    path("edit/stages/<int:number>/remove/", editions.stage_remove, name="framework_stage_remove"),
    path("publish/", editions.publish, name="framework_publish"),
]

writing_a_version = [
    path("", writing.overview, name="version_write"),
    path("head/", writing.head, name="version_edit_head"),
    path("history/<str:passage>/", passages.history, name="version_history"),
    path("sections/new/", writing.section_new, name="version_section_new"),
    path("sections/<uuid:section>/", writing.section, name="version_section"),
    path("sections/<uuid:section>/move/", passages.section_move, name="version_section_move"),
    path("sections/<uuid:section>/remove/", passages.section_remove, name="version_section_remove"),
    path("questions/new/", writing.question_new, name="version_question_new"),
    path("questions/<uuid:question>/", writing.question, name="version_question"),
    path("questions/<uuid:question>/move/", passages.question_move, name="version_question_move"),
    path("questions/<uuid:question>/remove/", passages.question_remove, name="version_question_remove"),
]

# Read, previewed, printed, proposed; its agreement.
of_a_version = [
    path("", version_reading.version, name="version"),
    path("authors/", case_studies.authors, name="version_authors"),
    path("authors/<uuid:author>/end/", case_studies.author_end, name="version_author_end"),
    path("propose/", case_studies.propose, name="version_propose"),
    path("withdraw/", case_studies.withdraw, name="version_withdraw"),
    path("preview/", version_reading.preview_case_study, name="version_preview_participant"),
    path("booklet.pdf", version_reading.booklet, name="version_booklet"),
    path("booklet/marker.pdf", version_reading.booklet_marker, name="version_booklet_marker"),
    path("export/", exchanging.export, name="version_export"),
    # Agreement to a version.
    path("agreement/", agreeing.agreement, name="version_agreement"),
    path("agree/", agreeing.agree, name="version_agree"),
    path("remind/", agreeing.remind, name="version_remind"),
    path("freeze/", agreeing.freeze, name="version_freeze"),
    path("changes/", changing.changes, name="version_changes"),
    path("unavailable/", unavailable.record, name="version_unavailable"),
    path("unavailable/<uuid:unavailability>/end/", unavailable.end, name="version_unavailable_end"),
    path("object/", objecting.object_to, name="version_object"),
    path("objections/<uuid:objection>/", objecting.objection, name="version_objection"),
    path("objections/<uuid:objection>/reply/", objecting.reply, name="version_objection_reply"),
    path("objections/<uuid:objection>/withdraw/", objecting.withdraw, name="version_objection_withdraw"),
    path("objections/<uuid:objection>/close/", objecting.close, name="version_objection_close"),
]

urlpatterns = [
    path("framework/<uuid:edition>/", include(of_an_edition)),
    path("versions/<uuid:version>/write/", include(writing_a_version)),
    path("versions/<uuid:version>/", include(of_a_version)),
    path("framework/", framework.framework, name="framework"),
    path("case-studies/", case_studies.case_studies, name="case_studies"),
    path("case-studies/<slug:programme>/begin/", case_studies.begin, name="version_begin"),
    path("case-studies/import/", exchanging.import_, name="version_import"),
]
