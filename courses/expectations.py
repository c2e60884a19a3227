"""What a participant accepts before they are enrolled: each version's words are frozen under its name.

An enrolment keeps the name of the version that was accepted. To change the words, add a version and make
it the current one; tests/courses/test_expectations.py holds the fingerprint of each.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Expectation:
    """One thing that is expected, or that will happen."""

    title: Promise
    words: Promise


@dataclass(frozen=True)
class Expectations:
    """All that is accepted together."""

    version: str
    parts: tuple[Expectation, ...]


CURRENT = "1"

VERSIONS = {
    "1": Expectations(
        version="1",
        parts=(
            Expectation(
                _("Full attendance"),
                _(
                    "You attend every session, from its beginning to its end. If you come late, leave early"
                    " or miss a session, your trainer says whether it can be made up and how, and the outcome"
                    " waits until it has been. Stepping out because something distresses you is not absence."
                ),
            ),
            Expectation(
                _("An individual case study"),
                _(
                    "You train and discuss in groups. Then you answer questions about one case study on your"
                    " own, in writing unless you need another way. You may use the manual and your notes; you"
                    " may not use other people’s answers or artificial intelligence. It is marked on the day"
                    " where time allows; otherwise you are told the date."
                ),
            ),
            Expectation(
                _("Experience and interest"),
                _(
                    "You have the experience that the course asks for, and you want to work with children"
                    " and young people who display harmful sexual behaviour."
                ),
            ),
            Expectation(
                _("If you are competent"),
                _(
                    "The AIM Project approves the outcome and issues your certificate. Until then do not use"
                    " the model on your own."
                ),
            ),
            Expectation(
                _("If you are not yet competent"),
                _(
                    "Your trainer speaks to you first. You then read what your sponsor will be told before"
                    " it goes, and can add a comment. Your sponsor follows it up with you: for example with"
                    " more experience, or another attempt."
                ),
            ),
            Expectation(
                _("Who sees what"),
                _(
                    "Your trainers and The AIM Project read your answers. Your sponsor is told the outcome"
                    " and what to follow up, and never reads your answers. Anyone who has a certificate’s"
                    " code can check that it is genuine."
                ),
            ),
            Expectation(
                _("If you need something different"),
                _(
                    "You can ask The AIM Project directly for an adjustment, up to and on the day: more"
                    " time, a room, a scribe, dictation, spoken or signed answers, attendance split over"
                    " several days. Your employer is not told."
                ),
            ),
        ),
    )
}


def current() -> Expectations:
    """What somebody who accepts today accepts."""
    return VERSIONS[CURRENT]
