"""Make the sizes of pictures that are missing: after a size was added, or files were brought from elsewhere."""

from django.core.management import BaseCommand
from tqdm import tqdm

from portal.models import Picture


class Command(BaseCommand):
    help = "Make the missing sizes of all pictures of the media library."

    def handle(self, **options):
        pictures = Picture.objects.order_by("pk")
        for picture in tqdm(pictures.iterator(), total=pictures.count(), unit="image", disable=None):
            picture.make_renditions()
