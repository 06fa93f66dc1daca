"""The one list of sizes in which pages show pictures; made by the worker once one is stored, never for a visitor.

Those of the media library in Wagtail's words, then the widths of product pictures.
"""

MERCHANT_CARD = "fill-480x270|format-webp"
MERCHANT_PAGE = "fill-640x480|format-webp"
STORY_CARD = "fill-720x504|format-webp"  # a telephone of 360 points, two pixels each
STORY_ROW = "fill-240x240|format-webp"  # shown at 120, on dense screens too
# As wide as the text of a telephone of 360 points and two pixels each, or of 412 and 1.75; and of a desktop.
STORY_HEAD = ("fill-672x288|format-webp", "fill-1260x540|format-webp")
SEARCH_RESULT = "fill-144x144|format-webp"  # shown at 72, on dense screens too
IN_TEXT = ("width-672|format-webp", "width-1200|format-webp")
SOCIAL = "fill-1200x630|format-jpeg"  # of the editors' own social picture
LOGO = "max-240x96|format-webp"
# What Wagtail's own library, choosers and forms show.
ADMIN = ("max-165x165", "max-800x600", "fill-600x338")

ALL = (MERCHANT_CARD, MERCHANT_PAGE, STORY_CARD, STORY_ROW, SEARCH_RESULT, SOCIAL, LOGO, *STORY_HEAD, *IN_TEXT, *ADMIN)

PRODUCT = (160, 320, 640, 1280)  # pixels, the longer side of product pictures
# How wide pages draw a product picture, as HTML's ``sizes``: a photograph, which fills its card, and a drawing.
SHOWN_AT = {
    "CARD": ("(width >= 60rem) 15rem, min(72vw, 15rem)", "(width >= 60rem) 9.5rem, min(45vw, 9.5rem)"),
    "HEAD": ("(width >= 60rem) 36rem, calc(100vw - 2rem)", "(width >= 60rem) 22rem, 62vw"),
    "THUMB": ("4.5rem", "3.5rem"),
    "COUNTER": ("(width >= 60rem) 10rem, 6rem", "(width >= 60rem) 10rem, 6rem"),
}
