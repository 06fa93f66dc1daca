"""What an editor can put in a story."""

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock


class StoryBlocks(blocks.StreamBlock):
    """The body of a story."""

    heading = blocks.CharBlock(label="Intertitre", icon="title", form_classname="title")
    text = blocks.RichTextBlock(label="Texte", features=["h3", "bold", "italic", "ol", "ul", "link"])
    picture = ImageChooserBlock(label="Image")
