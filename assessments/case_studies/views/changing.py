"""What changed: between two versions, since an Associate agreed, between two wordings of one passage."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from aimcert.foundation.name_order import InOrder
from aimcert.foundation.refusals import must
from assessments.case_studies.canonical import passages_of, passages_of_all
from assessments.case_studies.changes import Changes, changes_between, text_then, title_of
from assessments.case_studies.models import Agreement, Version, Wording
from assessments.case_studies.views.agreeing import page
from assessments.permissions import Assessments


@require_safe
def changes(request: SignedInRequest, version: UUID) -> HttpResponse:
    """Side by side and word by word, beside one other text of the same case study.

    `?passage=` with `before` and `after` compares two wordings of that passage; `?since=` an Associate's
    UUID: the text that they agreed to last; `?from=` the UUID of another version. Without any, one's own
    lapsed agreement, else the version in use before this one.
    """
    # The version and what it can be compared with, in one query.
    rows = (
        Version.objects.visible_to(request.user)
        .with_reader(request.user)
        .filter(case_study__versions__uuid=version)
    )
    others = list(rows.select_related("case_study__programme").order_by("-number"))
    found = next((one for one in others if one.uuid == version), None)
    if found is None:
        raise Http404
    must(request.user, Assessments.READ_MODEL_ANSWERS, found)
    others.remove(found)
    agreements = list(found.agreements.select_related("associate").order_by(InOrder("associate__name"), "pk"))
    latest = {agreement.associate_id: agreement for agreement in agreements}
    if passage := request.GET.get("passage"):
        compared = _wordings(request, found, passage)
    elif since := request.GET.get("since"):
        compared = _since(
            found, next((one for one in latest.values() if str(one.associate.uuid) == since), None)
        )
    elif request.GET.get("from") or found.proposed_at is None or not _lapsed(latest, request.user.pk, found):
        compared = _between(request, found, others)
    else:
        compared = _since(found, latest[request.user.pk])
    return page(
        request,
        "changes",
        found,
        others=others,
        agreements=[one for one in latest.values() if one.fingerprint != found.fingerprint],
        **compared,
    )


def _lapsed(latest: dict[int, Agreement], pk: int, version: Version) -> bool:
    return pk in latest and latest[pk].fingerprint != version.fingerprint


def _between(request: HttpRequest, version: Version, others: list[Version]) -> dict[str, Any]:
    older: Version | None
    if chosen := request.GET.get("from"):
        older = next((one for one in others if str(one.uuid) == chosen), None)
        if older is None:
            raise Http404
    else:
        # The last that was in force before it.
        before = [one for one in others if one.number < version.number and one.frozen_at is not None]
        older = before[0] if before else None
    if older is None:
        return {"mode": "version", "older": None, "changes": None}
    texts = passages_of_all([older, version])
    return {
        "mode": "version",
        "older": older,
        "changes": changes_between(texts[older.pk], texts[version.pk]),
    }


def _since(version: Version, agreement: Agreement | None) -> dict[str, Any]:
    if agreement is None:
        raise Http404
    now = passages_of(version)
    then = text_then(version, agreement.passages, now)
    return {"mode": "since", "agreement": agreement, "changes": changes_between(then, now)}


def _wordings(request: HttpRequest, version: Version, passage: str) -> dict[str, Any]:
    rows = version.wordings.filter(passage=passage, set_aside=False).select_related("saved_by")
    wordings = list(rows.order_by("revision"))
    if not wordings:
        raise Http404
    before = _revision(wordings, request.GET.get("before"), wordings[max(len(wordings) - 2, 0)])
    after = _revision(wordings, request.GET.get("after"), wordings[-1])
    changes: Changes = changes_between({passage: before.content}, {passage: after.content})
    return {
        "mode": "passage",
        "passage": passage,
        "passage_title": title_of(passage, {passage: after.content}),
        "wordings": wordings,
        "before": before,
        "after": after,
        "changes": changes,
    }


def _revision(wordings: list[Wording], asked: str | None, default: Wording) -> Wording:
    if not asked:
        return default
    found = next((one for one in wordings if str(one.revision) == asked), None)
    if found is None:
        raise Http404
    return found
