"""A version as one JSON file, written and read; docs/version-file.md says what stands in it."""

from assessments.case_studies.exchange.faults import Fault, Path, path_of, place_of
from assessments.case_studies.exchange.files import LARGEST, LARGEST_CONTENT, ReadFile, file_of, read_file

__all__ = [
    "LARGEST",
    "LARGEST_CONTENT",
    "Fault",
    "Path",
    "ReadFile",
    "file_of",
    "path_of",
    "place_of",
    "read_file",
]
