"""One folder a region: data, no code but ``make``, which writes a region's places from public sources."""
