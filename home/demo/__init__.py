"""A whole fictional region: merchants, products, stories, people and orders, the same at each run.

Nothing here is real but the towns. `merchants` and `sample_products` draw plans from a seed, and store nothing;
`region.settle` stores what is missing. data/README.md says where texts and pictures come from.
"""

from pathlib import Path

SEED = 20261123
DATA = Path(__file__).parent / "data"
