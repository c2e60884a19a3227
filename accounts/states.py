"""What is done to the security of an account, as its trace names it; the legal pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SecurityAct(models.TextChoices):
    ADDED = "added", _("A second step was added")
    REMOVED = "removed", _("A second step was removed")
    RECOVERY_CODES = "recovery_codes", _("New recovery codes were made")
    RESET = "reset", _("The second step was reset by The AIM Project")
    SIGNED_OUT = "signed_out", _("Signed out on every device by The AIM Project")
    EXPORTED = "exported", _("Everything held about them was asked for by The AIM Project")


class LegalPage(models.TextChoices):
    """A page that the law asks for, by the word in its address."""

    ACCESSIBILITY = "accessibility", _("Accessibility statement")
    PRIVACY = "privacy", _("Privacy notice")
    COMPLAINTS = "complaints", _("Complaints, and what we hold about you")
