"""Uploads stay in memory under one cap: Django's default would write large ones to disk in clear."""

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler

LARGEST_UPLOAD: Final = 16 * 1024 * 1024


class CappedMemoryUpload(MemoryFileUploadHandler):
    """Refuses a body beyond the cap before reading it, where Django would drop the file without a word."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *rest: Any) -> None:  # noqa: ARG002, N803  # Django's signature
        if content_length > LARGEST_UPLOAD:
            raise RequestDataTooBig("the upload is larger than the cap")
        self.activated = True
