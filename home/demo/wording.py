"""Names, addresses and stories of fictional merchants, so that no two in one town read alike."""

import tomllib
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from directory.models import Town
from home.demo import DATA, OF_REGION, french
from home.demo.trades import Trade
from portal import grammar

LONGEST_TOWN_IN_A_NAME = 16  # letters


@dataclass(frozen=True)
class ShopSign:
    """What hangs over a shop's door: its name, its street with number, and who keeps it."""

    title: str
    street: str
    keeper: str


@dataclass
class TownWriter:
    """Writes for one town, and remembers what it wrote: a sentence serves again once all others have served."""

    town: Town
    titles: set[str] = field(default_factory=set)
    uses: Counter = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.name = french.spoken(self.town.name)

    def sign(self, trade: Trade, random: Random) -> ShopSign:
        """Return a name not yet seen in town, and an address that fits it."""
        for attempt in range(60):
            sign = self._sign(trade, random)
            if sign.title not in self.titles:
                break
            if attempt > 30:  # a big town has used up all the names of this trade
                sign = ShopSign(f"{sign.title} {random.choice(list(names()['places']))}", sign.street, sign.keeper)
        self.titles.add(sign.title)
        return sign

    def story(self, trade: Trade, sign: ShopSign, random: Random) -> str:
        """Return two or three paragraphs of rich text about a merchant."""
        group = writing()[trade.group]
        facts = [self._least_used(trade.says, random), self._least_used(trade.says, random)]
        if len(trade.says) > 3 and random.random() < 0.4:
            facts.append(self._least_used(trade.says, random))
        sentences = [self._least_used(group["opens"], random), *facts, self._least_used(group["closes"], random)]
        words = {
            "nom": sign.title, "a_ville": grammar.at(self.name),
            "a_ville_maj": grammar.sentence(grammar.at(self.name)), "de_ville": grammar.of(self.name),
            "rue": sign.street.lstrip("0123456789 "), "annee": random.randint(1948, 2023), "prenom": sign.keeper,
        }  # fmt: skip
        told = [sentence.format(**words) for sentence in sentences]
        cut = random.choice((1, 2, 3)) if len(told) > 4 else random.choice((2, 2, 3))
        return "".join(f"<p>{' '.join(part)}</p>" for part in (told[:cut], told[cut:]))

    def _sign(self, trade: Trade, random: Random) -> ShopSign:
        words = names()
        place, street = random.choice(list(words["places"].items()))
        hamlet, hamlet_name = random.choice(list(words["hamlets"].items()))
        saint, keeper = random.choice(words["saints"]), random.choice(words["first_names"])
        pattern = random.choice(self._patterns(trade))
        title = pattern.replace("de {prenom}", grammar.of(keeper)).format(
            lieu=place, lieudit=hamlet, saint=saint, prenom=keeper, pays=words["countries"][self.town.department_code],
            de_ville=grammar.of(self.name.partition(" ")[0] if self.town.parent_id else self.name),
        )  # fmt: skip
        if trade.is_rural or "{lieudit}" in pattern:
            return ShopSign(title, f"lieu-dit {hamlet_name}", keeper)
        if "{saint}" in pattern:
            street = f"rue {saint}"
        elif "{lieu}" not in pattern:
            street = random.choice(words["streets"])
        return ShopSign(title, f"{random.randint(1, 64)} {street}", keeper)

    def _patterns(self, trade: Trade) -> list[str]:
        if len(self.name) <= LONGEST_TOWN_IN_A_NAME:
            return list(trade.names)
        return [name for name in trade.names if "{de_ville}" not in name]

    def _least_used(self, sentences: Any, random: Random) -> str:
        fewest = min(self.uses[sentence] for sentence in sentences)
        chosen = random.choice([sentence for sentence in sentences if self.uses[sentence] == fewest])
        self.uses[chosen] += 1
        return chosen


@cache
def names() -> dict:
    """Return what names and addresses are made of (demo/names.toml)."""
    return tomllib.loads((OF_REGION / "names.toml").read_text())


@cache
def writing() -> dict[str, dict[str, list[str]]]:
    """Return first and last sentences by group of trades."""
    return tomllib.loads((DATA / "writing.toml").read_text())
