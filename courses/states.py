"""The values that walk or are chosen in courses; every other stage is derived from dates."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Delivery(TextChoices):
    """Where a course meets."""

    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")


class Presence(TextChoices):
    """What the trainer saw at one session."""

    PRESENT = "present", _("Present")
    LATE = "late", _("Came late")
    LEFT_EARLY = "left_early", _("Left early")
    ABSENT = "absent", _("Absent")


# Those of whom it is said how long they were not there, and what that means.
PARTLY_THERE = (Presence.LATE, Presence.LEFT_EARLY)


class Judgement(TextChoices):
    """The trainer's judgement of what someone late or gone early missed."""

    NOTHING_MISSED = "nothing_missed", _("Nothing material was missed")
    COVERED = "covered", _("What was missed has been covered")
    MAKE_UP = "make_up", _("It must be made up at an equivalent session")


class Stage(TextChoices):
    """Where a course stands, derived from what was decided and from its sessions' times."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RUNNING = "running", _("Running")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


STAGE_TONES = {
    Stage.DRAFT: "neutral",
    Stage.PUBLISHED: "info",
    Stage.RUNNING: "good",
    Stage.HELD: "neutral",
    Stage.CANCELLED: "attention",
}


class NominationStage(TextChoices):
    """How far a nomination has come, derived from what was done with it and from the link's end."""

    INVITED = "invited", _("Invited, has not answered")
    EXPIRED = "expired", _("The link has expired")
    ACCEPTED = "accepted", _("Accepted and enrolled")
    LEFT = "left", _("Accepted, then withdrew")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Invitation withdrawn")
