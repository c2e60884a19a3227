"""Whatever dies between an approval and its PDF, there is one certificate and one PDF in the end."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from aimcert import embedded
from certification.actions import approve
from certification.models import Certificate, CertificateDocument
from courses.models import Course
from tests import factories
from tests.environment import free_port
from tests.letters import MailServer
from tests.stack import Stack, empty_broker, wait_until


def all_built(count: int) -> Callable[[], bool]:
    return lambda: CertificateDocument.objects.filter(built_at__isnull=False).count() == count


def check_one_of_each(course: Course, count: int) -> None:
    """One certificate and one readable PDF for each of `count` people, and nothing beside."""
    assert Certificate.objects.filter(enrolment__course=course).count() == count
    assert CertificateDocument.objects.count() == count
    assert Certificate.objects.values("enrolment").distinct().count() == count
    for document in CertificateDocument.objects.select_related("certificate"):
        with default_storage.open(document.file) as file:
            text = PdfReader(BytesIO(file.read())).pages[0].extract_text()
        assert document.certificate.name in text


def a_course_with(count: int) -> Course:
    course = factories.course()
    for _ in range(count):
        factories.recommended(course)
    return course


def test_worker_killed_while_it_renders_loses_nothing(live_stack: Stack) -> None:
    course, admin, count = a_course_with(12), factories.admin(), 12
    live_stack.worker.stop()
    for enrolment in course.enrolments.all():
        approve(enrolment=enrolment, by=admin)
    live_stack.worker.start()
    # Counted before it renders, so some are begun and not all are done.
    wait_until(lambda: CertificateDocument.objects.filter(attempts__gt=0).exists())
    live_stack.worker.kill()
    unfinished = CertificateDocument.objects.filter(built_at__isnull=True).count()
    assert unfinished, "it was killed too late to show anything"
    live_stack.worker.start()
    wait_until(all_built(count))
    check_one_of_each(course, count)


def test_broker_wiped_before_the_worker_starts_loses_nothing(live_stack: Stack) -> None:
    course, admin = a_course_with(3), factories.admin()
    live_stack.worker.stop()
    live_stack.beat.stop()
    for enrolment in course.enrolments.all():
        approve(enrolment=enrolment, by=admin)
    empty_broker()
    live_stack.worker.start()
    live_stack.beat.start()
    wait_until(all_built(3))
    check_one_of_each(course, 3)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[embedded.Server]:
    """A Redis of this test's own, which it may stop."""
    server = embedded.redis_server(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def stack_on_its_own_broker(
    broker: embedded.Server, tmp_path: Path, transactional_db: None, mail_server: MailServer, _stack: Stack
) -> Iterator[Stack]:
    # Another stack of this test worker would build the documents on its own broker.
    _stack.stop()
    port = free_port()
    stack = Stack({"REDIS_URL": embedded.redis_url(tmp_path), "SITE_URL": f"http://127.0.0.1:{port}"})
    for process in stack.processes:
        process.start()
    yield stack
    stack.stop()


@pytest.mark.whole_run
def test_broker_stopped_during_an_approval_shows_no_error(
    stack_on_its_own_broker: Stack, broker: embedded.Server
) -> None:
    course, admin = a_course_with(2), factories.admin()
    client = Client()
    client.force_login(admin)
    stack = stack_on_its_own_broker
    page = reverse("certification:approve_all", args=[course.uuid])

    def ask(form: list[tuple[str, str]] | None = None) -> tuple[int, str]:
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(stack.url + page, data=data)
        request.add_header("Cookie", f"sessionid={client.cookies['sessionid'].value}; csrftoken={'c' * 32}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()

    status, shown = ask()
    assert status == 200
    form = [
        (name, value)
        for name, value in re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', shown)
        if name != "csrfmiddlewaretoken"
    ]
    form.append(("csrfmiddlewaretoken", "c" * 32))
    broker.kill()
    status, shown = ask(form)
    assert status == 200
    assert Certificate.objects.filter(enrolment__course=course).count() == 2
    assert not CertificateDocument.objects.filter(built_at__isnull=False).exists()
    broker.start()
    wait_until(all_built(2))
    check_one_of_each(course, 2)
