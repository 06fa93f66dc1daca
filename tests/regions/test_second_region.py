"""The portal of another region than the first: the tests of tests/regions/bretagne/, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.database import database_url

PROJECT = Path(__file__).parents[2]


@pytest.mark.process
@pytest.mark.django_db
def test_the_portal_of_a_second_region_stands():
    """REGION is read once a process, so that another region is another process, with a database of its own."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "tests/regions/bretagne",
    ]
    told = subprocess.run(
        command,
        cwd=PROJECT,
        env={**os.environ, "REGION": "bretagne", "DATABASE_URL": database_url()},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert told.returncode == 0, told.stdout[-4000:] + told.stderr[-2000:]
    assert "skipped" not in told.stdout


@pytest.mark.process
def test_a_region_that_no_folder_tells_of_stops_the_start_in_one_sentence():
    told = subprocess.run(
        [sys.executable, "-c", "import portal.settings"],
        cwd=PROJECT,
        env={**os.environ, "REGION": "corse"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert told.returncode != 0
    assert "No region 'corse': choose one of auvergne-rhone-alpes, bretagne, the folders of regions/." in told.stderr
