"""Draws a receipt or credit note as PDF, from what was stored when it was made: the same bytes each time."""

from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime
from fpdf import FPDF, XPos, YPos

from portal.dates import date_format
from portal.fonts import ATKINSON, BRICOLAGE, printable
from portal.templatetags.portal import euros
from portal.typography import no_break
from shop import vat
from shop.models import Receipt

INK, SOFT, GROUND = (36, 28, 33), (92, 70, 82), (74, 16, 48)
WIDTHS = (20, 88, 30, 32)  # millimetres: how many, of what, each, in all
HEADS = ("Quantité", "Article", "Prix TTC", "Total TTC")
LINE = 6  # millimetres


def draw(receipt: Receipt) -> bytes:
    pdf = FPDF(format="A4")
    pdf.set_margin(20)
    pdf.set_auto_page_break(True, 20)
    pdf.add_font("bricolage", fname=BRICOLAGE)
    pdf.add_font("atkinson", fname=ATKINSON)
    pdf.set_creation_date(receipt.issued_at)
    pdf.set_lang("fr-FR")
    pdf.set_creator("J’achète dans ma région")
    name = "Avoir" if receipt.kind == Receipt.Kind.CREDIT_NOTE else "Reçu"
    pdf.set_title(f"{name} {receipt.number}")
    pdf.add_page()
    _head(pdf, receipt, name)
    _table(pdf, receipt)
    _totals(pdf, receipt)
    _foot(pdf, receipt)
    return bytes(pdf.output())


def _head(pdf: Any, receipt: Receipt, name: str) -> None:
    pdf.set_text_color(*GROUND)
    pdf.set_font("bricolage", size=24)
    _write(pdf, f"{name} {receipt.number}", 12)
    pdf.set_text_color(*INK)
    pdf.set_font("atkinson", size=11)
    order = receipt.merchant_order.order
    _write(pdf, f"Établi le {date_format(localtime(receipt.issued_at), 'j F Y')}, commande {order.number}")
    pdf.ln(4)
    pdf.set_font("bricolage", size=14)
    _write(pdf, receipt.seller["name"], 8)
    pdf.set_font("atkinson", size=11)
    _write(pdf, receipt.seller["address"])
    if receipt.seller["siret"]:
        _write(pdf, f"SIRET {receipt.seller['siret']}")
    pdf.ln(6)


def _table(pdf: Any, receipt: Receipt) -> None:
    pdf.set_text_color(*SOFT)
    _row(pdf, HEADS)
    pdf.set_text_color(*INK)
    pdf.line(pdf.l_margin, pdf.get_y(), pdf.w - pdf.r_margin, pdf.get_y())
    for line in receipt.lines:
        price = euros(Decimal(line["unit_price"])) if line["unit_price"] else ""
        title = f"{line['title']}, {line['weighed']}" if line["weighed"] else line["title"]
        _row(pdf, (line["quantity"], title, price, euros(Decimal(line["total"]))))
    pdf.line(pdf.l_margin, pdf.get_y(), pdf.w - pdf.r_margin, pdf.get_y())
    pdf.ln(3)


def _row(pdf: Any, cells: tuple[str, ...]) -> None:
    """Write one row, as high as its longest cell; the title alone breaks into lines."""
    texts = [printable(no_break(cell)) for cell in cells]
    lines = pdf.multi_cell(WIDTHS[1], LINE, texts[1], dry_run=True, output="LINES")
    height = LINE * len(lines)
    if pdf.get_y() + height > pdf.page_break_trigger:
        pdf.add_page()
    x, y = pdf.get_x(), pdf.get_y()
    for position, (width, text) in enumerate(zip(WIDTHS, texts, strict=True)):
        pdf.set_xy(x + sum(WIDTHS[:position]), y)
        pdf.multi_cell(width, LINE, text, align="L" if position == 1 else "R" if position else "C")
    pdf.set_xy(x, y + height)


def _totals(pdf: Any, receipt: Receipt) -> None:
    given_back = receipt.kind == Receipt.Kind.CREDIT_NOTE
    pdf.set_font("bricolage", size=13)
    _write(pdf, f"{'Remboursé' if given_back else 'Payé'} : {euros(receipt.total)} TTC", 9)
    pdf.set_font("atkinson", size=11)
    for share in vat.shares(receipt.vat_lines()):
        if share.rate == vat.EXEMPT:
            _write(pdf, f"{vat.NOT_APPLICABLE} : {euros(share.incl_tax)}")
        else:
            _write(pdf, f"TVA {share.percent} : {euros(share.excl_tax)} HT, {euros(share.tax)} de TVA")
    pdf.ln(6)


def _foot(pdf: Any, receipt: Receipt) -> None:
    pdf.set_text_color(*SOFT)
    pdf.set_font("atkinson", size=9)
    if receipt.withdrawal_id:
        whole = receipt.merchant_order.receipts.filter(kind=Receipt.Kind.RECEIPT).first()
        of = f"sur le reçu {whole.number}, " if whole else ""
        _write(pdf, f"Avoir {of}rétractation {receipt.withdrawal}.", 5)
    _write(
        pdf,
        f"Établi par le portail J’achète dans ma région au nom et pour le compte de {receipt.seller['name']}, qui "
        "lui en a donné mandat (CGI, art. 289 I-2). Le vendeur est le commerçant, pas la Région.",
        5,
    )


def _write(pdf: Any, text: str, height: float = LINE) -> None:
    pdf.multi_cell(0, height, printable(no_break(text)), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
