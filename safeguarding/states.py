"""What the fields of a safeguarding record choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Concern(models.TextChoices):
    """What a record is about."""

    CHILD = "child", _("A child or young person")
    PROFESSIONAL = "professional", _("Whether somebody is safe to work with children")


class Danger(models.TextChoices):
    """Whether somebody is in danger as it is written."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_SURE = "not_sure", _("I am not sure")


class Place(models.TextChoices):
    """The kind of page on which it came up."""

    ANSWERING = "answering", _("while answering the case study")
    CASE_STUDY = "case_study", _("the case study")
    MY_COURSE = "my_course", _("somebody’s own page of a course")
    COURSE = "course", _("a course’s page")
    REGISTER = "register", _("the register")
    ROOM = "room", _("the room")
    PAPER = "paper", _("typing in paper")
    ADJUSTMENTS = "adjustments", _("an adjustment")
    MARKING = "marking", _("marking an answer")
    CONVERSATION = "conversation", _("the conversation on the day")
    FEEDBACK = "feedback", _("writing feedback")
    DECISION = "decision", _("reading answers to decide")
    FOLLOW_UP = "follow_up", _("a follow-up")
    NOMINATION = "nomination", _("a nomination")
    ELSEWHERE = "elsewhere", _("elsewhere")


class Entered(models.TextChoices):
    """What an entry adds to a record: its writer's words, or what a lead did."""

    ADDED = "added", _("Added by who wrote it")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    DECIDED = "decided", _("Decided or done")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Opened again")


class Stands(models.TextChoices):
    """How far a record is, by its latest entry."""

    TO_READ = "to_read", _("To read")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class KeptFrom(models.TextChoices):
    """Why a lead does not see a record."""

    NAMED = "named", _("named by who wrote it")
    STOOD_ASIDE = "stood_aside", _("stood aside")


# What a lead may record next, by the latest entry; "" for a record without any.
_OPEN = (Entered.DECIDED, Entered.CLOSED)
NEXT: dict[str, tuple[Entered, ...]] = {
    "": (Entered.ACKNOWLEDGED, *_OPEN),
    Entered.ADDED: (Entered.ACKNOWLEDGED, *_OPEN),
    Entered.ACKNOWLEDGED: _OPEN,
    Entered.DECIDED: _OPEN,
    Entered.REOPENED: _OPEN,
    Entered.CLOSED: (Entered.REOPENED,),
}
