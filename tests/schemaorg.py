"""Checks a node of structured data against schema.org's own vocabulary (tests/schemaorg.json)."""

import json
from pathlib import Path

TYPES = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))["types"]


def faults(node, root="Thing", path="$"):
    """Return what is wrong with a node and the nodes in it, as sentences; [] when all is well.

    root: the type it must be or descend from.
    """
    types = _types(node)
    unknown = [name for name in types if name not in TYPES]
    if unknown or not types:
        return [f"{path}: unknown type {unknown or node}"]
    found = []
    lineage = set().union(*map(_ancestors, types))
    if root not in lineage:
        found.append(f"{path}: {types} is no {root}")
    known = {name for ancestor in lineage for name in TYPES[ancestor]["properties"]}
    for name, value in node.items():
        if name.startswith("@"):
            continue
        if name.removesuffix("-input") == name and name not in known:
            found.append(f"{path}: {types} has no property {name}")
        for item in value if isinstance(value, list) else [value]:
            if item in ("", None, [], {}):
                found.append(f"{path}.{name}: empty")
            if isinstance(item, dict) and set(item) != {"@id"}:
                found += faults(item, path=f"{path}.{name}")
    return found


def _types(node):
    named = node.get("@type", [])
    return named if isinstance(named, list) else [named]


def _ancestors(name):
    return {name}.union(*(_ancestors(parent) for parent in TYPES[name]["parents"]))
