from oscar.apps.catalogue.abstract_models import AbstractProductImage

from shop import thumbnails


class ProductImage(AbstractProductImage):
    def save(self, *args, **kwargs):
        """Store the picture and its smaller sizes, so that no visitor waits for them."""
        super().save(*args, **kwargs)
        thumbnails.make(self.original)


from oscar.apps.catalogue.models import *  # noqa: E402, F403
