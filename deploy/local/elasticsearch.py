"""A private Elasticsearch on 127.0.0.1: Docker's official image where Docker runs, else a Java process.

Security is off, so it must never listen on another address. It never runs as root.
"""

import hashlib
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from . import Unavailable, elasticsearch_archive, places
from .java import find_java
from .processes import end, kill, locked, port_is_free, resident_megabytes, running_pid, was_moved, write_pid

DOCKER_IMAGE = f"docker.elastic.co/elasticsearch/elasticsearch:{elasticsearch_archive.VERSION}"
JAVA_OPTIONS = "-XX:+UseSerialGC"  # a small server never pays back the large collector (170 MB)
# Nor does one that lives a few minutes the JVM's best compiler: half the CPU time of a start. One that stays indexes
# and searches for half the CPU time with it.
QUICK_COMPILER = "-XX:TieredStopAtLevel=1"
SPACE_MB = 500
START_SECONDS = 180
PORTS_TRIED = 20
LAUNCHER = "org.elasticsearch.server.launcher.ServerLauncher"
# Left out of the server's own options: its collector, and paths in its own folder, where it may not write.
UNWANTED_OPTIONS = ("UseG1GC", "Xlog:gc", "ErrorFile", "ReplayDataFile", "HeapDump")

SETTINGS = {
    "xpack.security.enabled": "false",
    # This collector lets garbage pile up, which the server would take for a full memory, and refuse to work.
    "indices.breaker.total.use_real_memory": "false",
    # A nearly full laptop must not turn its indexes read-only.
    "cluster.routing.allocation.disk.threshold_enabled": "false",
}


class Elasticsearch:
    """One server and its data, under ``directory``.

    port: the one to try first; when a stranger holds it, the next free one is taken.
    throwaway: begin each start with empty data.
    """

    heap = "512m"
    may_use_docker = True
    discovery = {"discovery.type": "single-node"}

    def __init__(self, directory, port, throwaway=False):
        directory = directory.resolve()  # its process is known by this path, whichever way one came
        self.home = directory / "elasticsearch"
        self.lock = directory / "elasticsearch.lock"
        self.first_port = port
        self.throwaway = throwaway
        self.cluster = f"portal-{hashlib.sha256(str(self.home).encode()).hexdigest()[:12]}"

    @property
    def config(self):
        return self.home / "config"

    @property
    def url(self):
        """Address of the running server, or the one it will try first."""
        try:
            return f"http://127.0.0.1:{int((self.home / 'port').read_text())}"
        except (OSError, ValueError):
            return f"http://127.0.0.1:{self.first_port}"

    @property
    def java_options(self):
        compiler = f" {QUICK_COMPILER}" if self.throwaway else ""
        return f"-Xms{self.heap} -Xmx{self.heap} {JAVA_OPTIONS}{compiler}"

    @property
    def pid_file(self):
        return self.home / "pid"

    def pid(self):
        return running_pid(self.pid_file, str(self.config))

    def version(self):
        """Return the server's version number once it can serve requests, else None."""
        root = self._get("/")
        if not root or root.get("cluster_name") != self.cluster:
            return None
        health = self._get("/_cluster/health?wait_for_status=yellow&timeout=2s")
        return root["version"]["number"] if health and health["status"] != "red" else None

    def status(self):
        """Return one line for a person: whether it runs, and where."""
        version = self.version()
        pid = self.pid()
        if version is None:
            return f"starting (pid {pid})" if pid else "stopped"
        place = f"pid {pid}, {resident_megabytes(pid)} MB" if pid else f"Docker container {self.cluster}"
        return f"{version} running ({place}) at {self.url}"

    def start(self):
        """Start the server unless it runs, and wait until it answers. Return True if this call started it.

        Raises Unavailable as begin() and wait() do.
        """
        begun = self.begin()
        self.wait()
        return begun

    def plan(self):
        """Return the address that begin() will give the server, before anything is fetched.

        Raises Unavailable when this machine cannot run one.
        """
        with locked(self.lock):
            if not (self.pid() or self._container() == "running"):
                if not (self.may_use_docker and docker_runs()):
                    find_java(places.account())
                    elasticsearch_archive.need_source()
                self._take_port()
            return self.url

    def is_fetched(self):
        """True if the server's files are here: begin() then takes seconds, not the time of a download."""
        if not (self.may_use_docker and docker_runs()):
            return elasticsearch_archive.folder().exists()
        return subprocess.run(["docker", "image", "inspect", DOCKER_IMAGE], capture_output=True).returncode == 0

    def _take_port(self):
        port = self.free_port()
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "port").write_text(str(port))
        return port

    def begin(self):
        """Start the server unless it runs or is starting, without waiting. Return True if this call did.

        Raises Unavailable when there is neither Docker nor Java, or no room on the disk.
        """
        with locked(self.lock):
            if was_moved(self.pid_file, str(self.config)):
                self._stop()
            if self.pid() or self._container() == "running":
                return False
            places.need_space(self.home, SPACE_MB, "Elasticsearch")
            port = self._take_port()
            if not (self.may_use_docker and docker_runs() and self._start_container(port)):
                self._start_process(port)
            return True

    def wait(self):
        """Return the version number of the server begun, once it answers. Raises Unavailable if it never does."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if version := self.version():
                return version
            if self.pid() is None and self._container() != "running":
                raise Unavailable(f"Elasticsearch ended while starting. {self._last_words()}")
            time.sleep(0.2)
        raise Unavailable(f"Elasticsearch did not answer within {START_SECONDS} s. {self._last_words()}")

    def stop(self):
        """Stop the server if it runs. Return True if it ran."""
        with locked(self.lock):
            if self.pid():
                self._stop()
            elif self._container():
                subprocess.run(["docker", "rm", "--force", self.cluster], capture_output=True, check=False)
            else:
                return False
            return True

    def _stop(self):
        pid, port = self.pid(), int((self.home / "port").read_text())
        end(pid, lambda: self.pid() is not None or not port_is_free(port))
        self.pid_file.unlink(missing_ok=True)

    def kill(self):
        """End the server's processes at once, as a power cut would; its data stay. Not for Docker."""
        with locked(self.lock):
            if pid := self.pid():
                port = int((self.home / "port").read_text())
                kill(pid, lambda: not port_is_free(port))

    def free_port(self):
        """Return the first port that nobody holds, nor its transport port 100 above. Raises Unavailable."""
        for port in range(self.first_port, self.first_port + PORTS_TRIED):
            if port_is_free(port) and port_is_free(port + 100):
                return port
        raise Unavailable(
            f"No free port for Elasticsearch between {self.first_port} and {self.first_port + PORTS_TRIED - 1}: "
            "stop what listens there."
        )

    def _get(self, path):
        try:
            with urllib.request.urlopen(self.url + path, timeout=3) as answer:
                return json.load(answer)
        except (OSError, ValueError):
            return None

    def _last_words(self):
        console = self.home / "console.log"
        lines = console.read_text(errors="replace").splitlines() if console.exists() else []
        errors = [line for line in lines if "ERROR" in line or "fatal" in line or "Exception" in line]
        return f"It said: {(errors or lines or ['nothing'])[-1][:300]} (all of it in {console})"

    # Docker

    def _container(self):
        """Return the state of our container (running, exited…), or None without one."""
        if not (self.may_use_docker and shutil.which("docker")):
            return None
        asked = subprocess.run(
            ["docker", "inspect", "--format", "{{.State.Status}}", self.cluster], capture_output=True, text=True
        )
        return asked.stdout.strip() or None

    def _start_container(self, port):
        """Run the official image; return False if Docker could not."""
        subprocess.run(["docker", "rm", "--force", self.cluster], capture_output=True, check=False)
        settings = {
            **SETTINGS,
            **self.discovery,
            "cluster.name": self.cluster,
            "ES_JAVA_OPTS": self.java_options,
        }
        environment = [part for name, value in settings.items() for part in ("--env", f"{name}={value}")]
        command = ["docker", "run", "--detach", "--name", self.cluster, "--publish", f"127.0.0.1:{port}:9200"]
        return subprocess.run([*command, *environment, DOCKER_IMAGE], stdout=subprocess.DEVNULL).returncode == 0

    # A Java process

    def _start_process(self, port):
        who = places.account()
        java = find_java(who)
        server = elasticsearch_archive.installed()
        data, logs, temporary = (self.home / name for name in ("data", "logs", "tmp"))
        if self.throwaway:
            shutil.rmtree(data, ignore_errors=True)
        who.own(self.home, self.config, data, logs, temporary)
        self._write_config(server, port, data, logs)
        environment = {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOSTNAME": socket.gethostname(),
            "HOME": str(self.home),
            "ES_HOME": str(server),
            "ES_PATH_CONF": str(self.config),
            "ES_DISTRIBUTION_TYPE": "zip",
            "ES_JAVA_HOME": str(java),
            "JAVA": f"{java}/bin/java",
            "JAVA_TYPE": "ES_JAVA_HOME",
            "ES_TMPDIR": str(temporary),
            "LIBFFI_TMPDIR": str(temporary),
            "ES_JAVA_OPTS": f"{self.java_options} -XX:-AlwaysPreTouch",
        }
        command = [java / "bin/java", "-Xmx64m", "-XX:+UseSerialGC", "-cp", server / "lib/tools/server-launcher/*",
                   LAUNCHER]  # fmt: skip
        with open(self.home / "console.log", "w") as console:
            process = subprocess.Popen(
                command, cwd=server, env=environment, stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                start_new_session=True, **who.popen,
            )  # fmt: skip
        write_pid(self.pid_file, process.pid, self.config)
        process.returncode = 0  # it outlives this object, which would warn of it

    def _write_config(self, server, port, data, logs):
        for source in Path(server / "config").iterdir():
            if source.is_file():
                shutil.copyfile(source, self.config / source.name)
        options = (server / "config/jvm.options").read_text().splitlines()
        options = [line for line in options if not any(option in line for option in UNWANTED_OPTIONS)]
        options.append(f"-XX:ErrorFile={logs}/hs_err_pid%p.log")
        (self.config / "jvm.options").write_text("\n".join(options) + "\n")
        settings = {
            **SETTINGS,
            "node.name": "local",
            **self.discovery,
            "cluster.name": self.cluster,
            "network.host": "127.0.0.1",
            "http.port": port,
            "transport.port": port + 100,
            "path.data": data,
            "path.logs": logs,
            # The tests create many short-lived indexes, each with its own analysers.
            "cluster.max_shards_per_node": 5000,
            "script.max_compilations_rate": "5000/1m",
        }
        text = "".join(f"{name}: {value}\n" for name, value in settings.items())
        (self.config / "elasticsearch.yml").write_text(text)


def docker_runs():
    """True if a Docker daemon answers; the command alone is not enough."""
    if not shutil.which("docker"):
        return False
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=20).returncode == 0
    except subprocess.TimeoutExpired:
        return False
