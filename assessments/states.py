"""The values that fields choose from; every stage is derived from dates."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Judged(TextChoices):
    """How far an answer shows what a criterion looks for."""

    MET = "met", _("Met")
    PARTLY_MET = "partly_met", _("Partly met")
    NOT_MET = "not_met", _("Not met")


class Band(TextChoices):
    """Where a cohort was strong or weak, in place of a figure."""

    STRONG = "strong", _("Strong")
    MIXED = "mixed", _("Mixed")
    WEAK = "weak", _("Weak")


class Settled(TextChoices):
    """What one oral question made of a criterion that was partly met."""

    MET = "met", _("Met, after the oral question")
    NOT_MET = "not_met", _("Not met, after the oral question")


class MarkKept(TextChoices):
    """Why a judgement that is not the mark is still there to be read."""

    CHANGED = "changed", _("Changed")
    CONFLICT = "conflict", _("Not saved: it had been changed meanwhile")


class MarkingRole(TextChoices):
    """Which of the judgements of one submission a marking is."""

    FIRST = "first", _("First marking")
    SECOND = "second", _("Second marking")
    SETTLED = "settled", _("Settled mark")


class Outcome(TextChoices):
    """The trainer's recommendation."""

    COMPETENT = "competent", _("Competent")
    NOT_YET = "not_yet", _("Not yet competent")
    NOT_ASSESSED = "not_assessed", _("Not assessed")


class Reason(TextChoices):
    """Why someone is not yet competent; the requirement's own words, and understanding."""

    EXPERIENCE = "experience", _("Experience")
    INTEREST = "interest", _("Interest in this area of work")
    ATTENDANCE = "attendance", _("Full attendance")
    UNDERSTANDING = "understanding", _("Understanding of the model")


class NotAssessed(TextChoices):
    """Why there is nothing to assess."""

    LEFT = "left", _("Left before the end")
    WITHDREW = "withdrew", _("Withdrew")
    NOTHING_SUBMITTED = "nothing_submitted", _("Submitted nothing")


class NoConversation(TextChoices):
    """Why nobody has spoken to somebody who is not yet competent before that is finalised."""

    LEFT = "left", _("They had left")
    ILL = "ill", _("They, or the trainer, were ill")
    NO_INTERPRETER = "no_interpreter", _("There was no interpreter")
    OTHER = "other", _("Something else")


class VersionStage(TextChoices):
    """How far a version has come; derived from its dates."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    IN_FORCE = "in_force", _("In force")
    RETIRED = "retired", _("Retired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class FigureKind(TextChoices):
    """What can be drawn below a section's text."""

    TIMELINE = "timeline", _("Timeline")
    GENOGRAM = "genogram", _("Genogram")


class Responsibility(TextChoices):
    """Who mainly carries risk management in a stage of the framework."""

    ADULTS = "adults", _("Mainly the adults")
    SHARED = "shared", _("Shared with the young person")
    YOUNG_PERSON = "young_person", _("Mainly the young person")


class Kept(TextChoices):
    """Why a text that is not the answer is still there for its author to read."""

    REPLACED = "replaced", _("Replaced by what was written after it")
    CONFLICT = "conflict", _("One of two versions from two tabs or devices")
    LATE = "late", _("Arrived when no more answers were taken")


class Granted(TextChoices):
    """What one participant was given beside the room's own hours."""

    EXTRA = "extra", _("Extra time")
    REOPENED = "reopened", _("Answering opened again")


class CodeEnd(TextChoices):
    """Why a code from a trainer works no more, though nobody used it."""

    REPLACED = "replaced", _("Replaced by a newer one")
    TRIES = "tries", _("Ended after too many wrong tries")


class Adjusted(TextChoices):
    """What can be done differently for somebody, so that the day is fair to them."""

    TIME = "time", _("More time")
    ROOM = "room", _("A separate room")
    READER = "reader", _("A reader, who reads aloud")
    SCRIBE = "scribe", _("A scribe, who writes what is said")
    DICTATION = "dictation", _("Dictation to a device")
    ORAL = "oral", _("Oral answers: somebody writes them down, and they are checked")
    SIGNED = "signed", _("Answers in sign language: somebody writes them down, and they are checked")
    LARGE_PRINT = "large_print", _("Larger print")
    BREAKS = "breaks", _("Breaks")
    SPLIT = "split", _("Attendance in parts, on other days or at other times")
    OTHER = "other", _("Something else")


class WhatFollows(TextChoices):
    """What The AIM Project decides about something that happened to somebody; never a mark."""

    MORE_TIME = "more_time", _("More time")
    SITTING = "sitting", _("Another sitting")
    NOTHING = "nothing", _("Nothing follows")


# How their answers are worded is then not theirs alone, and a marker knows.
NOT_OWN_HAND = (Adjusted.SCRIBE, Adjusted.DICTATION, Adjusted.ORAL, Adjusted.SIGNED)
