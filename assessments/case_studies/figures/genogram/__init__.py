"""A genogram: the people of a family, who is or was whose partner, and whose children they are."""

from assessments.case_studies.figures.genogram.drawing import KEY, drawn
from assessments.case_studies.figures.genogram.people import COLUMNS, problems_of, rows
from assessments.case_studies.figures.genogram.typed import data_from, typed_of

__all__ = ["COLUMNS", "KEY", "data_from", "drawn", "problems_of", "rows", "typed_of"]
