"""Two Elasticsearch servers in one cluster, for tests and drills: they may be killed, and keep their data.

Java processes always: what a killed container held would go with it.
"""

import json
import shutil
import urllib.request
from functools import cached_property

from .elasticsearch import Elasticsearch


class Node(Elasticsearch):
    """One server of a cluster.

    directory: the cluster's. leader: the Node that elects itself; None for that one itself.
    """

    heap = "256m"
    may_use_docker = False

    def __init__(self, directory, port, name, leader=None):
        super().__init__(directory / name, port)
        self.name = name
        self.leader = leader
        if leader:
            self.cluster = leader.cluster

    @property
    def discovery(self):
        """Who finds whom. Only the leader may be elected: of two equals, neither survives the other."""
        if self.leader is None:
            return {"node.name": self.name, "cluster.initial_master_nodes": self.name}
        port = int(self.leader.url.rpartition(":")[2]) + 100
        return {
            "node.name": self.name,
            "node.roles": "[data, ingest]",
            "discovery.seed_hosts": f"127.0.0.1:{port}",
        }


class Cluster:
    """A leader and a follower, both with data. Without the leader, searches go on and writes wait."""

    def __init__(self, directory, port):
        self.directory = directory
        self.leader = Node(directory, port, "leader")
        self.port = port

    @cached_property
    def follower(self):
        return Node(self.directory, self.port + 1, "follower", self.leader)

    @property
    def urls(self):
        return [self.leader.url, self.follower.url]

    def start(self):
        """Start both and wait until they have found each other. Raises Unavailable."""
        self.leader.begin()
        self.follower.begin()
        self.leader.wait()
        self.follower.wait()
        self.ask("GET", "/_cluster/health?wait_for_nodes=2&timeout=60s")

    def ask(self, method, path, body=None):
        """Return the leader's answer to a request of its REST interface. Raises OSError."""
        request = urllib.request.Request(
            self.leader.url + path,
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=90) as answer:
            return json.load(answer)

    def throw_away(self):
        """Kill both, and delete their data."""
        self.follower.kill()
        self.leader.kill()
        shutil.rmtree(self.directory, ignore_errors=True)
