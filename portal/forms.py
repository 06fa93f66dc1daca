"""What the portal changes in the forms of Wagtail's admin."""

from wagtail.images.forms import BaseImageForm

from portal.models import Picture


class PictureForm(BaseImageForm):
    """The form of a picture of the media library."""

    def save(self, commit: bool = True) -> Picture:
        """Wagtail deletes all sizes of a replaced file after saving, those of the new one too: make them again."""
        picture = super().save(commit)
        if commit:
            picture.make_renditions()
        return picture
