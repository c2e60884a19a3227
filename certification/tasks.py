"""What the worker does for certification: writing a certificate's PDF, and a report."""

from celery import shared_task

from certification.actions import build_document as write_document
from certification.actions import build_report as write_report
from certification.actions import draw_picture as write_picture
from certification.actions import restore_document as write_document_again


@shared_task(name="certification.build_document")
def build_document(document_id: int) -> bool:
    """Write the PDF of the certificate document with this primary key, if it is not written."""
    return write_document(document_id=document_id)


@shared_task(name="certification.restore_document")
def restore_document(document_id: int) -> bool:
    """Make the file of the certificate document with this primary key again, if it is gone."""
    return write_document_again(document_id=document_id)


@shared_task(name="certification.draw_picture")
def draw_picture(document_id: int) -> bool:
    """Make the picture of the certificate document with this primary key, if it is not there."""
    return write_picture(document_id=document_id)


@shared_task(name="certification.build_report")
def build_report(report_id: int) -> bool:
    """Build the report with this primary key, if it is not built."""
    return write_report(report_id=report_id)
