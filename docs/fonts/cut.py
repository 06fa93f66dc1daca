"""Cut the two fonts of the pages from the whole ones of portal/fonts: python docs/fonts/cut.py http://127.0.0.1:8000

Needs fonttools, brotli and uharfbuzz, which the portal itself does not. SITE is a portal that runs: what its pages say
decides which pairs of letters keep their kerning. Writes portal/static/portal/fonts/*.woff2.

Why: a telephone's first connection to a server carries 14.6 kB before the first answer, shared between all that is on
its way. With styles, both fonts and a picture on their way at once, a font of more than LIMIT bytes costs the first
paint one more journey of 150 ms (docs/design.md).
"""

import html
import io
import itertools
import random
import re
import sys
import urllib.request
from collections import Counter
from pathlib import Path

import uharfbuzz
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parents[2]
WHOLE, CUT = ROOT / "portal/fonts", ROOT / "portal/static/portal/fonts"
SIGNS = (
    " !\"#%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz\u00a0§©«°²·»½"
    "ÀÂÆÇÈÉÊËÎÏÔ×ÙÛÜàâæçèéêëîïñôöùûüÿŒœ\u202f–—‘’“”…€−"
)
PAGES = 250
LEAST = 6  # thousandths of the size: kerning nobody sees
# Name: signs of its own, weight (None: all), units an em, pairs kept, bytes at most.
FONTS = {
    "atkinson-ara": ("", None, 256, 150, 9_700),
    "bricolage-ara": ("′↓", 750, 320, 130, 6_950),
}


def said(site: str) -> tuple[str, str]:
    """Return what PAGES pages of the sitemap say, and what their headings say."""
    addresses = [page for part in _addresses(f"{site}/sitemap.xml") for page in _addresses(part)]
    pages, headings = [], []
    for address in random.Random(1).sample(addresses, min(PAGES, len(addresses))):
        page = re.sub(r"<(script|style|svg).*?</\1>", " ", _read(address), flags=re.S)
        headings += [_words(heading) for heading in re.findall(r"<h[1-4].*?</h[1-4]>", page, flags=re.S)]
        pages.append(_words(page))
    return "\n".join(pages), "\n".join(headings)


def cut(name: str, text: str) -> None:
    own, weight, units, pairs, limit = FONTS[name]
    font = TTFont(WHOLE / f"{name}.ttf")
    if weight:
        font = instantiateVariableFont(font, {"wght": weight})
    options = Options(layout_features=["kern"], notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(text=SIGNS + own)
    subsetter.subset(font)
    kerning = _kerning(font, text, pairs)
    # Fewer steps an em: at 16 px a step of 256 is a sixteenth of a pixel, and most of an outline's numbers fit a byte.
    scale = units / font["head"].unitsPerEm
    scale_upem(font, units)
    del font["GPOS"]  # classes of all pairs: a third of the display font
    rules = "".join(f"pos {left} {right} {round(move * scale)};\n" for (left, right), move in kerning)
    addOpenTypeFeaturesFromString(font, f"feature kern {{\n{rules}}} kern;", tables=["GPOS"])
    for table in ("HVAR", "STAT"):  # browsers find the widths in gvar, and have no menu of styles
        if table in font:
            del font[table]
    font.flavor = "woff2"
    font.save(CUT / f"{name}.woff2")
    size = (CUT / f"{name}.woff2").stat().st_size
    print(f"{name}: {size:,} bytes of {limit:,}, {len(kerning)} pairs")
    if size > limit:
        sys.exit(f"{name} is too heavy: keep fewer pairs.")


def _kerning(font: TTFont, text: str, most: int) -> list[tuple[tuple[str, str], int]]:
    """Return the pairs of glyphs that move most on these pages, each with its move in the font's units."""
    stored = io.BytesIO()
    font.save(stored)
    shaped, glyphs = uharfbuzz.Font(uharfbuzz.Face(stored.getvalue())), font.getBestCmap()
    moves = {}
    for (left, right), times in Counter(itertools.pairwise(text)).items():
        if ord(left) not in glyphs or ord(right) not in glyphs:
            continue
        run = uharfbuzz.Buffer()
        run.add_str(left + right)
        run.guess_segment_properties()
        uharfbuzz.shape(shaped, run, {"kern": True})
        alone = shaped.get_glyph_h_advance(shaped.get_nominal_glyph(ord(left)))
        move = run.glyph_positions[0].x_advance - alone
        if abs(move) * 1000 >= LEAST * font["head"].unitsPerEm:
            moves[glyphs[ord(left)], glyphs[ord(right)]] = (times * abs(move), move)
    kept = sorted(moves.items(), key=lambda pair: -pair[1][0])[:most]
    print(f"{sum(w for _, (w, _) in kept) / sum(w for w, _ in moves.values()):.0%} of what {len(moves)} pairs move")
    return sorted((pair, move) for pair, (_, move) in kept)


def _addresses(sitemap: str) -> list[str]:
    return re.findall(r"<loc>([^<]+)", _read(sitemap))


def _words(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", markup))


def _read(address: str) -> str:
    with urllib.request.urlopen(address) as answer:
        return answer.read().decode()


if __name__ == "__main__":
    pages, headings = said(sys.argv[1])
    cut("atkinson-ara", pages)
    cut("bricolage-ara", headings * 10 + pages)
