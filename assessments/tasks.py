"""What the worker does for assessments: reading a scan of paper."""

from celery import shared_task

from assessments.answering.actions import read_upload


@shared_task(name="assessments.read_scan")
def read_scan(upload_id: int) -> bool:
    """Read the uploaded scan with this primary key, if it was not read."""
    return read_upload(upload_id=upload_id)
