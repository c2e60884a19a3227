"""What the workers do for accounts: sending one letter, making one export."""

from celery import shared_task

from accounts.actions import deliver_email
from accounts.actions import make_export as write_export


@shared_task(name="accounts.send_email")
def send_email(letter_id: int) -> bool:
    """Send the letter with this primary key, if it still waits."""
    return deliver_email(letter_id=letter_id)


@shared_task(name="accounts.send_urgent_email")
def send_urgent_email(letter_id: int) -> bool:
    """The same, for a letter that somebody waits for: done by a worker of its own."""
    return deliver_email(letter_id=letter_id)


@shared_task(name="accounts.make_export")
def make_export(export_id: int) -> bool:
    """Make the export with this primary key, if it is not made."""
    return write_export(export_id=export_id)
