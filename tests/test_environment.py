"""What the tests stand on is what tests/conftest.py says: the role, the network, the real processes."""

import smtplib
import socket
import threading
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, connections
from pytest_socket import SocketConnectBlockedError

from tests.letters import text_of


def current_role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_connection_is_the_applications(db):
    assert current_role() == settings.DATABASE_APP_ROLE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_connection_is_the_applications_also_after_the_tables_were_emptied(time):
    assert current_role() == settings.DATABASE_APP_ROLE


@pytest.mark.django_db(transaction=True)
def test_connection_of_another_thread_is_the_applications():
    roles = []

    def ask():
        roles.append(current_role())
        connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert roles == [settings.DATABASE_APP_ROLE]


def test_network_is_refused():
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_mail_server_keeps_a_letter(mail_server):
    send_mail("Grüße", "Zoë O’Neill & <Sons>", None, ["zoe@example.org"])
    letter = mail_server.wait_for("zoe@example.org", subject="Grüße")
    assert "Zoë O’Neill & <Sons>" in text_of(letter)


def test_mail_server_that_is_stopped_refuses_and_comes_back(mail_server):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@example.org", "b@example.org", "Again"
    mail_server.stop()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", mail_server.port, timeout=2)
    mail_server.start()
    with smtplib.SMTP("127.0.0.1", mail_server.port, timeout=2) as client:
        client.send_message(letter)
    assert len(mail_server.to("b@example.org")) == 1


def test_celery_worker_that_was_killed_starts_again(celery_worker):
    celery_worker.kill()
    assert not celery_worker.running
    celery_worker.start()
    assert celery_worker.ready()
