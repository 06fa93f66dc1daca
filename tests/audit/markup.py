"""The Nu HTML checker's errors, of all pages in one run of Java."""

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.audit.findings import Finding

JAR = Path(__file__).parent / "node_modules/vnu-jar/build/dist/vnu.jar"


def check(sources):
    """Return the errors of pages' HTML, given as {name: source}."""
    names = list(sources)
    with TemporaryDirectory() as directory:
        files = [Path(directory) / f"{number}.html" for number in range(len(names))]
        for file, name in zip(files, names, strict=True):
            file.write_text(sources[name], encoding="utf-8")
        done = subprocess.run(
            ["java", "-Xss1m", "-jar", JAR, "--format", "json", "--stdout", "--exit-zero-always", *files],
            capture_output=True,
            text=True,
            timeout=300,
        )
    if done.returncode:
        raise RuntimeError(f"The Nu HTML checker failed: {done.stderr.strip()[-400:]}")
    return [
        Finding(
            "markup",
            names[int(Path(message["url"]).stem)],
            f"line {message.get('lastLine')}: {message['message']} {message.get('extract', '')[:80]!r}",
            ("8.2",),
        )
        for message in json.loads(done.stdout)["messages"]
        if message["type"] in ("error", "non-document-error")
    ]
