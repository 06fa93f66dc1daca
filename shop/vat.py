"""French VAT, worked out from prices that include it.

A merchant writes the price a shopper pays; the law wants that price shown (C. conso. art. L112-1, arrêté du
3 décembre 1987). The tax is found inside it:

    excluding tax = price / (1 + rate), to the cent, halves up;   tax = price − excluding tax

so the two always add up to the price on the label.

| price  | rate  | excluding tax | tax  |
|--------|-------|---------------|------|
| 9,99 € | 20 %  | 8,33 €        | 1,66 |
| 9,99 € | 10 %  | 9,08 €        | 0,91 |
| 2,40 € | 5,5 % | 2,27 €        | 0,13 |
| 3,00 € | 2,1 % | 2,94 €        | 0,06 |

The VAT of an order is computed once a rate, from the sum of its lines, never by adding up the tax of each article:
three articles at 9,99 € and 10 % make 29,97 €, of which 27,25 € excluding tax; thrice 9,08 € would make 27,24 €.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portal.typography import NO_BREAK_SPACE

CENT = Decimal("0.01")
EXEMPT = "0"  # the rate of what a merchant in "franchise en base" sells (CGI art. 293 B): its price holds no tax
NOT_APPLICABLE = "TVA non applicable, art. 293 B du CGI"  # what the law wants written there


@dataclass(frozen=True)
class Share:
    """What one rate weighs in an amount. Euros; rate as in ProductDetails.VatRate ("5.5"), or EXEMPT.

    incl_tax is what is paid.
    """

    rate: str
    incl_tax: Decimal
    excl_tax: Decimal
    tax: Decimal

    @property
    def label(self) -> str:
        """What stands before its amount."""
        return NOT_APPLICABLE if self.rate == EXEMPT else f"dont TVA {self.percent}"

    @property
    def amount(self) -> Decimal:
        """Its tax; of what bears none, what is paid."""
        return self.incl_tax if self.rate == EXEMPT else self.tax

    @property
    def percent(self) -> str:
        """The rate as one reads it: "5,5 %"."""
        return f"{self.rate.replace('.', ',')}{NO_BREAK_SPACE}%"


def excl_tax(price: Decimal, rate: str) -> Decimal:
    """Return the part of ``price`` that is not tax. Euros; rate in per cent: "20", "5.5"."""
    return (price / (1 + Decimal(rate) / 100)).quantize(CENT, ROUND_HALF_UP)


def shares(lines: Iterable[tuple[str, Decimal]]) -> list[Share]:
    """Return the VAT of an order, a share for each rate, highest rate first.

    lines: (rate, line total in euros VAT included).
    """
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for rate, incl_tax in lines:
        totals[rate] += incl_tax
    return [
        Share(rate, total, excl_tax(total, rate), total - excl_tax(total, rate))
        for rate, total in sorted(totals.items(), key=lambda item: Decimal(item[0]), reverse=True)
    ]
