"""Oscar's thumbnails made by Pillow, as WebP."""
