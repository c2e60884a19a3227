"""Rows that keep the machinery honest: who is alive, and which irreversible form was already sent."""

from django.conf import settings
from django.db import models


class Heartbeat(models.Model):
    """The last sign of life of one kind of process: web, worker or beat."""

    name = models.CharField(max_length=20, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class SentForm(models.Model):
    """An irreversible form that was sent, so that sending it again answers as the first time did."""

    key = models.UUIDField(primary_key=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=300)
    answer = models.CharField(max_length=300, help_text="Where the first sending led.")
    sent_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.key)


class Counter(models.Model):
    """The last number given out for one purpose; the row is locked while the next is taken."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"

    @classmethod
    def next(cls, name: str) -> int:
        """The next whole number for `name`, without gaps: a rolled-back transaction gives it back."""
        cls.objects.get_or_create(name=name)
        counter = cls.objects.select_for_update().get(name=name)
        counter.last += 1
        counter.save(update_fields=["last"])
        return counter.last
