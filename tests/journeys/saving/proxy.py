"""A line between browser and server that can be cut: the TCP connections, not a browser's switch."""

from __future__ import annotations

import contextlib
import socket
import threading
import time


class Line:
    """Passes bytes on to the server, until it is cut.

    Attributes:
        url: where the browser goes.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._is_cut = self._loses_replies = False
        self._refused = 0
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection in the middle of whatever it does, and refuse new ones."""
        self._is_cut = True
        for each in list(self._open):
            self._end(each)

    def lose_replies(self) -> None:
        """Let what is sent through, and cut the line before the reply comes back."""
        self._loses_replies = True

    def rest(self, seconds: float = 0.5) -> None:
        """Wait until so long nobody tried to come through: what a page sends as it is left comes after it."""
        before = -1
        while before != self._refused:
            before = self._refused
            time.sleep(seconds)

    def mend(self) -> None:
        self._is_cut = self._loses_replies = False

    def close(self) -> None:
        self.cut()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _address = self._listening.accept()
            except OSError:
                return
            if self._is_cut:
                self._refused += 1
                self._end(browser)
                continue
            threading.Thread(target=self._carry, args=(browser,), daemon=True).start()

    def _carry(self, browser: socket.socket) -> None:
        """Reach the server once the browser says something: it also opens lines in advance, for nothing."""
        self._open.add(browser)
        with contextlib.suppress(OSError):
            first = browser.recv(65536)
            if first and not self._is_cut:
                server = socket.create_connection(("127.0.0.1", self.port), timeout=30)
                server.settimeout(None)
                self._open.add(server)
                server.sendall(first)
                threading.Thread(target=self._pass, args=(browser, server, False), daemon=True).start()
                self._pass(server, browser, True)
        self._end(browser)

    def _pass(self, source: socket.socket, target: socket.socket, is_reply: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self._is_cut or (is_reply and self._loses_replies):
                    break
                target.sendall(data)
        self._end(source)
        self._end(target)

    def _end(self, one: socket.socket) -> None:
        self._open.discard(one)
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            one.close()
