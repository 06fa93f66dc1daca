"""Draws the poster (A4) and the sticker (A6) as PDF, in the portal's fonts and colours."""

import io
from dataclasses import dataclass
from typing import Any

import segno
from fpdf import FPDF, Align

from portal.fonts import ATKINSON, BRICOLAGE, printable

INK, GROUND, BRIGHT, CREAM = (36, 28, 33), (74, 16, 48), (216, 232, 74), (255, 246, 238)
MILLIMETRES = {"a4": (210, 297), "a6": (105, 148)}
POINTS_A_MILLIMETRE = 72 / 25.4
SMALLEST = 9  # points, of a name that is very long


@dataclass(frozen=True)
class Poster:
    """What is printed. url: what the QR code opens. address: the same as people read and type it."""

    name: str
    town: str
    url: str
    address: str


def draw(poster: Poster, size: str) -> bytes:
    """Return the PDF. size: a key of MILLIMETRES."""
    width, height = MILLIMETRES[size]
    unit = width / 105  # all lengths are those of the sticker
    pdf = FPDF(format=(width, height))
    pdf.set_auto_page_break(False)
    pdf.set_margin(9 * unit)
    pdf.add_font("bricolage", fname=BRICOLAGE)
    pdf.add_font("atkinson", fname=ATKINSON)
    pdf.set_title(printable(f"{poster.name}, {poster.town}"))
    pdf.set_lang("fr-FR")
    pdf.set_creator("J’achète dans ma région")
    pdf.add_page()
    pdf.set_fill_color(*GROUND)
    pdf.rect(0, 0, width, 46 * unit, style="F")
    pdf.set_fill_color(*BRIGHT)
    pdf.rect(0, 46 * unit, width, 2 * unit, style="F")
    pdf.set_text_color(*CREAM)
    _fitted(pdf, printable(poster.name), 21 * unit, top=4 * unit, room=31 * unit)
    _line(pdf, printable(poster.town), 11 * unit)
    pdf.set_text_color(*INK)
    pdf.set_y(53 * unit)
    _line(pdf, "Nos horaires, nos nouvelles, nos produits :", 11.5 * unit)
    code = segno.make(poster.url, error="m")
    drawn = io.BytesIO()
    code.save(drawn, kind="png", scale=12, border=4)
    side = 56 * unit
    pdf.image(drawn, x=(width - side) / 2, y=62 * unit, w=side, alt_text=printable(f"Code QR de {poster.address}"))
    pdf.set_y(119 * unit)
    pdf.set_font("bricolage", size=13 * unit)
    pdf.cell(0, 7 * unit, poster.address, align=Align.C, new_x="LMARGIN", new_y="NEXT")
    pdf.set_y(height - 13 * unit)
    _line(pdf, "J’achète dans ma région", 9.5 * unit)
    return bytes(pdf.output())


def _line(pdf: Any, text: str, points: float) -> None:
    pdf.set_font("atkinson", size=points)
    pdf.cell(0, points * 1.3 / POINTS_A_MILLIMETRE, text, align=Align.C, new_x="LMARGIN", new_y="NEXT")


def _fitted(pdf: Any, text: str, largest: float, top: float, room: float) -> None:
    """Write a name in the middle of ``room`` millimetres, on as many lines as fit, smaller where it must."""
    points = largest
    while True:
        pdf.set_font("bricolage", size=points)
        line = points * 1.15 / POINTS_A_MILLIMETRE
        lines = pdf.multi_cell(0, line, text, align=Align.C, dry_run=True, output="LINES")
        widest = max(pdf.get_string_width(word) for word in text.split())
        if points <= SMALLEST or (len(lines) * line <= room and widest < pdf.epw):
            break
        points -= 1
    pdf.set_y(top + max(0, room - len(lines) * line) / 2)
    pdf.multi_cell(0, line, text, align=Align.C, new_x="LMARGIN", new_y="NEXT")
