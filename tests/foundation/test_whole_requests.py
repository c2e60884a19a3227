"""A form whose sending broke off is no form: nothing of it is done, and half a text is never kept."""

from __future__ import annotations

import socket
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from assessments.answering import actions
from assessments.models import Answer
from tests import factories
from tests.stack import Stack


@pytest.mark.parametrize("share", [0.4, 0.7, 0.99])
def test_a_form_cut_in_half_is_refused_and_nothing_is_kept(live_stack: Stack, share: float) -> None:
    course = factories.course()
    factories.sitting(course)
    enrolment = factories.enrolment(course)
    actions.start_submission(enrolment=enrolment, by=enrolment.person)
    client = Client()
    client.force_login(enrolment.person)
    token = "b" * 32
    text = "The whole text. " * 20
    form = {"csrfmiddlewaretoken": token, "base_revision": "0", "then": "next", "text": text}
    body = urlencode(form).encode()
    where = urlsplit(live_stack.url)
    head = (
        f"POST /my/{enrolment.uuid}/questions/1/ HTTP/1.1\r\nHost: {where.netloc}\r\nConnection: close\r\n"
        f"Cookie: sessionid={client.cookies['sessionid'].value}; csrftoken={token}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )

    def status_of(sent: bytes) -> int:
        with socket.create_connection((where.hostname, where.port or 80), timeout=30) as connection:
            connection.sendall(head.encode() + sent)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while more := connection.recv(65536):
                answer += more
        return int(answer[9:12])

    assert status_of(body[: int(len(body) * share)]) == 400
    assert not Answer.objects.exists()
    assert status_of(body) == 302
    assert Answer.objects.get().text == text
