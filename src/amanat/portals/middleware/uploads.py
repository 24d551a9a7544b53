"""Uploads stay in memory under one cap: Django's default would write large ones to disk in clear."""

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler

LARGEST_FILE: Final = 16 * 1024 * 1024  # as errors/413.html says
LARGEST_UPLOAD: Final = LARGEST_FILE + 64 * 1024  # the form round the file: who sends a bit more is told at its field


class CappedMemoryUpload(MemoryFileUploadHandler):
    """Refuses a body beyond the cap before reading it, where Django would drop the file without a word."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *rest: Any) -> None:  # noqa: ARG002, N803  # Django's signature
        if content_length > LARGEST_UPLOAD:
            raise RequestDataTooBig("the upload is larger than the cap")
        self.activated = True
