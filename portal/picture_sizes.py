"""The sizes in which pages show pictures of the media library, in Wagtail's words; made when one is stored."""

MERCHANT_CARD = "fill-480x270|format-webp"
MERCHANT_PAGE = "fill-640x480|format-webp"
STORY_CARD = "fill-720x504|format-webp"  # a telephone of 360 points, two pixels each
STORY_ROW = "fill-240x240|format-webp"  # shown at 120, on dense screens too
# As wide as the text of a telephone of 360 points and two pixels each, or of 412 and 1.75; and of a desktop.
STORY_HEAD = ("fill-672x288|format-webp", "fill-1260x540|format-webp")
SEARCH_RESULT = "fill-144x144|format-webp"  # shown at 72, on dense screens too
IN_TEXT = ("width-672|format-webp", "width-1200|format-webp")
SOCIAL = "fill-1200x630|format-jpeg"  # of the editors' own social picture; made when they choose it
LOGO = "max-240x96|format-webp"

ALL = (MERCHANT_CARD, MERCHANT_PAGE, STORY_CARD, STORY_ROW, SEARCH_RESULT, LOGO, *STORY_HEAD, *IN_TEXT)
