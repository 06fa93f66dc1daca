"""A mail server that keeps what it accepted, and can hold a sender at a stage of the exchange while that is killed."""

import re
import socketserver
import threading
import time
from collections import Counter
from contextlib import suppress
from random import Random

STAGES = ("greeted", "named", "accepted")  # before anything is said; once a recipient is named; the message is ours


class MailServer(socketserver.ThreadingTCPServer):
    """arrived: how often each subject was accepted. slowest: seconds that an answer takes at most."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, random: Random | None = None, slowest: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.arrived: Counter[str] = Counter()
        self.random, self.slowest = random or Random(0), slowest
        self.hold_at = ""
        self.is_held, self.goes_on = threading.Event(), threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def close(self) -> None:
        self.let_go()
        self.shutdown()
        self.server_close()

    def hold(self, stage: str) -> None:
        """Answer nobody any more who reaches this stage, until let go; `is_held` tells that somebody has."""
        self.hold_at = stage
        self.is_held.clear()
        self.goes_on.clear()

    def let_go(self) -> None:
        self.hold_at = ""
        self.goes_on.set()

    def reach(self, stage: str) -> None:
        if self.hold_at == stage:
            self.is_held.set()
            self.goes_on.wait(60)
        time.sleep(self.random.uniform(0, self.slowest))


class _Exchange(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        with suppress(OSError):  # the sender was killed
            self._converse()

    def _converse(self) -> None:
        self.server.reach("greeted")
        self._say("220 here")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"RCPT":
                self.server.reach("named")
            if word == b"DATA":
                self._say("354 go on")
                self._take_in()
            self._say("221 bye" if word == b"QUIT" else "250 fine")

    def _take_in(self) -> None:
        content = b""
        while not content.endswith(b"\r\n.\r\n"):
            line = self.rfile.readline()
            if not line:
                raise OSError("cut off")
            content += line
        subject = re.search(rb"^Subject: (.*?)\r?$", content, re.M)
        self.server.arrived[subject[1].decode() if subject else ""] += 1
        self.server.reach("accepted")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
