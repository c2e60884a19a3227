"""Files that a form sends: held in memory and bounded, so that nothing of one is ever left on a disk."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

# What stands around a file in a request.
_AROUND = 64 * 1024


class BoundedUploads(FileUploadHandler):
    """Takes files of at most `AIM["SCAN_MB"]` altogether; more is answered with 413.

    Django's own writes larger files into a temporary folder, without a bound, whoever sends them, and
    a worker that is killed leaves them there.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._most = settings.AIM["SCAN_MB"] * 1024 * 1024
        self._taken = 0
        self._file = BytesIO()

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        # Before anything of it is read.
        if content_length > self._most + settings.DATA_UPLOAD_MAX_MEMORY_SIZE + _AROUND:
            raise RequestDataTooBig("More than all files together may have.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._taken += len(raw_data)
        if self._taken > self._most:
            raise RequestDataTooBig("More than all files together may have.")
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._file.seek(0)
        return InMemoryUploadedFile(
            file=self._file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
