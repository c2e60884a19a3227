"""What answering holds about somebody: their answers, their paper, the day."""

from assessments.answering.holdings import answers, day, paper

__all__ = ["answers", "day", "paper"]
