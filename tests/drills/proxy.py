"""A way to Elasticsearch that can be cut, held up or slowed down."""

import contextlib
import socket
import threading
import time

SLOW = 0.4  # seconds that each way takes when slow: more than a visitor waits


class Proxy:
    """A way to Elasticsearch that can be cut in the middle of everything, as if the server had stopped."""

    def __init__(self, address):
        host, _, port = address.removeprefix("http://").partition(":")
        self.target = (host, int(port))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.mode = "open"
        self.pipes = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.mode == "refuse":
                client.close()
                continue
            server = socket.create_connection(self.target)
            self.pipes += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source, sink):
        try:
            while data := source.recv(65_536):
                if self.mode == "slow":
                    time.sleep(SLOW)
                if self.mode != "hang":
                    sink.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, sink):
                end.close()

    def set(self, mode):
        """mode: "open"; "refuse": connections are cut; "hang": nothing comes back; "slow": all comes late."""
        self.mode = mode
        if mode == "refuse":
            for pipe in self.pipes:
                with contextlib.suppress(OSError):
                    pipe.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.set("refuse")
        self.listener.close()
