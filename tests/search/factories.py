"""What the search tests put in the region, beside merchants and products."""

from home.models import StoryIndexPage, StoryPage


def make_story(title, intro="Deux lignes.", text="", live=True):
    """Return a story, published unless ``live`` is false."""
    story = StoryPage(title=title, intro=intro, body=[("text", f"<p>{text}</p>")], live=live)
    StoryIndexPage.objects.get().add_child(instance=story)
    return story


def titles(results):
    return [hit.entry.title for hit in results.hits]
