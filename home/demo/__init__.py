"""A whole fictional region: merchants, products, stories, people and orders, the same at each run.

Nothing here is real but the towns. What any region may tell stands in data/, what only this one tells in the demo/ of
the region's folder. `merchants` and `sample_products` draw plans from a seed, and store nothing;
`region.settle` stores what is missing. data/README.md says where texts and pictures come from.
"""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings

SEED = 20261123
DATA = Path(__file__).parent / "data"
OF_REGION = settings.REGION.demo_data


@cache
def told() -> dict:
    """Return what else is told of the region: in reviews, on the front page, at the desk (demo/told.toml)."""
    return tomllib.loads((OF_REGION / "told.toml").read_text())
