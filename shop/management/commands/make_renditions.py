"""Make the sizes of pictures that are missing: after a size was added, or files were brought from elsewhere."""

from typing import Any

from django.core.management import BaseCommand
from oscar.core.loading import get_model
from tqdm import tqdm

from portal import picture_names
from portal.models import Picture
from shop import picture_job, thumbnails

ProductImage = get_model("catalogue", "ProductImage")


class Command(BaseCommand):
    help = "Make the missing sizes of all pictures, of the media library and of products; tell those that cannot be."

    def handle(self, **options: Any) -> None:
        pictures = Picture.objects.order_by("pk")
        for picture in tqdm(pictures.iterator(), total=pictures.count(), unit="image", disable=None):
            if self.attempt(picture.file.name, picture.make_renditions):
                Picture.objects.filter(pk=picture.pk).update(sizes_due_at=None)
        names = ProductImage.objects.order_by("original").values_list("original", flat=True).distinct()
        for name in tqdm(names.iterator(), total=names.count(), unit="article", disable=None):
            make = picture_job.size if picture_names.is_waiting(name) else thumbnails.make
            self.attempt(name, make, name)

    def attempt(self, name: str, make: Any, *arguments: Any) -> bool:
        try:
            make(*arguments)
        except OSError as error:
            self.stderr.write(f"{name} : {error}")
            return False
        return True
