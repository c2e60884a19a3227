"""What somebody asked to be looked at again, and the answer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import ITS_OWN, HeldFile, Holding, add_holding, done_by, leave_out, says
from aimcert.foundation.files import open_stored
from certification.models import Appeal, AppealDraft, AppealView, PanelMember, PanelRule

AIM = _("somebody who decides it, or at The AIM Project")


def _file(appeal: Appeal) -> Iterator[HeldFile]:
    if appeal.file:
        suffix = appeal.file.rsplit(".", 1)[-1]
        yield HeldFile(f"review-{appeal.sha256[:12]}.{suffix}", partial(open_stored, appeal.file))


add_holding(
    Holding(
        name="reviews",
        title=_("What you asked to be looked at again"),
        about=_("In your words, with the file that you added."),
        model=Appeal,
        find=lambda whose: Appeal.objects.filter(enrolment__person__in=whose.accounts),
        columns=(
            says("enrolment", _("Course"), "enrolment.course.title"),
            says("kinds", _("What it is about")),
            says("words", _("Your words")),
            says("file_name", _("Your file")),
            says("sha256", _("Its SHA-256")),
            says("size", _("Its size in bytes")),
            says("asked_at", _("Asked")),
            done_by("asked_by", _("By"), AIM),
            says("answer_due_at", _("To be answered by")),
            says("taken_at", _("Taken in hand")),
            done_by("taken_by", _("By"), AIM),
            says("withdrawn_at", _("Withdrawn")),
            done_by("withdrawn_by", _("By"), AIM),
            says("answered_at", _("Answered")),
            done_by("answered_by", _("By"), AIM),
            says("refusal_lifted_at", _("A refusal was lifted")),
            says("overdue_told_at", _("The AIM Project was told that it is overdue")),
        ),
        without={"uuid": ITS_OWN, "submission": ITS_OWN, "file": ITS_OWN, "content_type": ITS_OWN},
        related=("enrolment__course",),
        files=_file,
    )
)
add_holding(
    Holding(
        name="review_answers",
        title=_("What was decided about what you asked"),
        about=_("Once it is answered."),
        model=AppealDraft,
        find=lambda whose: AppealDraft.objects.filter(
            appeal__enrolment__person__in=whose.accounts, appeal__answered_at__isnull=False
        ),
        columns=(
            says("appeal", _("Course"), "appeal.enrolment.course.title"),
            says("revision", _("Draft")),
            says("result", _("Came to")),
            says("follows", _("What follows")),
            says("found", _("What was found")),
            says("answer", _("Words to you")),
            says("touches", _("Whom a fault may have touched")),
            says("drafted_at", _("Written")),
            done_by("drafted_by", _("By"), AIM),
        ),
        related=("appeal__enrolment__course",),
    )
)
add_holding(
    Holding(
        name="review_views",
        title=_("What was said of the decision about what you asked"),
        about=_("By those who decided it, once it is answered."),
        model=AppealView,
        find=lambda whose: AppealView.objects.filter(
            draft__appeal__enrolment__person__in=whose.accounts, draft__appeal__answered_at__isnull=False
        ),
        columns=(
            says("draft", _("Draft"), "draft.revision"),
            says("confirms", _("Confirmed")),
            says("words", _("Words")),
            says("said_at", _("Said")),
            done_by("said_by", _("By"), AIM),
        ),
        related=("draft",),
    )
)
add_holding(
    Holding(
        name="review_places",
        title=_("Reviews that you were appointed to decide"),
        about=_("When, and until when; what each was about is another’s."),
        model=PanelMember,
        find=lambda whose: PanelMember.objects.filter(person__in=whose.accounts),
        columns=(
            says("is_unconnected", _("As somebody unconnected")),
            says("appointed_at", _("Appointed")),
            done_by("appointed_by", _("By"), AIM),
            says("declared_at", _("You declared to have no part in it")),
            says("ended_at", _("Ended")),
            done_by("ended_by", _("By"), AIM),
        ),
        without={"uuid": ITS_OWN, "appeal": _("it is about somebody else"), "person": ITS_OWN},
    )
)
leave_out(PanelRule, because=_("Whether somebody unconnected decides reviews: it is about no one person."))
