"""Believable opening hours by kind of trade, as OpenStreetMap writes them.

Drawn evenly from each list. Over all trades about a third close on Mondays, half at noon, one in eight opens on
Sunday mornings, and one in twelve says nothing.
"""

from random import Random

UNSAID = 0.08

SCHEDULES = {
    "bakery": [
        "Tu-Sa 06:30-13:00,15:30-19:00; Su 07:00-12:30; PH 07:00-12:30",
        "Mo-Tu,Th-Sa 06:30-12:45,15:30-19:15; Su 06:30-12:30",
        "Mo,We-Sa 06:00-13:00,15:00-19:00; Su 06:30-13:00",
        "Tu-Sa 07:00-19:30; Su 07:30-12:30; PH off",
    ],
    "food": [
        "Tu-Fr 08:00-12:30,15:00-19:00; Sa 07:30-13:00; Su 09:00-12:00; PH off",
        "Tu-Sa 08:00-12:30,15:30-19:00; PH off",
        "Tu-Th 08:30-12:30,15:00-19:00; Fr-Sa 08:00-19:00; PH off",
        "Tu-Sa 08:30-12:30,15:00-19:15; Su 08:30-12:30",
    ],
    "grocery": [
        "Mo-Sa 07:30-12:30,15:30-19:30; Su 08:00-12:30",
        "Mo-Sa 08:00-20:00; Su 09:00-12:30",
        "Tu-Sa 07:30-12:30,16:00-19:30; Su 08:00-12:00",
    ],
    "shop": [
        "Tu-Sa 09:30-12:00,14:00-19:00; PH off",
        "Mo 14:00-19:00; Tu-Sa 10:00-19:00; PH off",
        "Tu-Sa 10:00-12:30,14:30-19:00; PH off",
        "Mo-Sa 09:30-12:15,14:15-19:00; PH off",
        "Tu-Fr 10:00-13:00,14:00-18:30; Sa 10:00-18:30; PH off",
        "Tu-Sa 09:00-19:00; PH off",
    ],
    "afternoon": [
        "We-Su 13:30-19:00",
        "Tu-Sa 13:00-19:00; PH off",
        "We-Sa 11:00-19:00; Su 14:00-18:00",
    ],
    "workshop": [
        "Tu-Sa 10:00-12:00,14:00-18:30; PH off",
        "We-Sa 14:00-19:00; Su 15:00-18:00",
        "Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-12:00; PH off",
    ],
    "farm": [
        "We,Fr 16:30-19:00; Sa 09:00-12:00",
        "Mo-Sa 17:00-19:00; PH off",
        "Tu,Fr 16:00-19:00; Sa 09:30-12:30,14:30-18:00",
        "Fr 15:00-19:00; Sa 09:00-12:30",
    ],
    "cellar": [
        "Mo-Sa 10:00-12:00,14:00-18:30; PH off",
        "We-Sa 14:00-18:30; PH off",
        "Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-18:00; PH off",
    ],
    "appointment": [
        'Mo-Sa 09:00-18:00 "sur rendez-vous"',
        "We,Sa 14:00-18:00; PH off",
        "Fr 16:00-19:00; Sa 10:00-12:00",
    ],
    "evening-pickup": ["Tu 18:00-19:30", "Th 18:00-19:30", "We 17:30-19:30"],
    "market": ["Sa 07:00-12:30", "We 07:30-12:30", "Tu,Sa 07:00-13:00", "Su 07:30-12:30", "Th 07:00-12:30"],
    "restaurant": [
        "Tu-Sa 12:00-14:00,19:00-21:30",
        "Th-Mo 12:00-14:00,19:00-22:00",
        "Mo-Fr 12:00-14:00; Fr-Sa 19:30-21:30; PH off",
        "We-Su 12:00-13:45,19:00-21:15",
    ],
    "evening": ["Tu-Su 18:00-22:00", "We-Su 11:30-13:30,18:00-22:00", "Mo-Sa 18:00-21:30; PH off"],
    "all-day": ["Mo-Sa 09:00-19:00; PH off", "Mo-Fr 08:30-19:00; Sa 09:00-17:00; PH off", "Mo-Sa 11:00-21:30"],
    "cafe": ["Mo-Sa 07:00-20:00", "Tu-Sa 07:30-24:00; Su 08:00-13:00", "Tu-Su 08:00-19:00", "Mo-Sa 06:30-01:00"],
    "salon": [
        "Tu-Fr 09:00-12:00,14:00-18:30; Sa 08:30-16:00; PH off",
        "Tu-Fr 09:00-18:30; Sa 09:00-17:00; PH off",
        "Mo,We-Fr 09:00-12:00,13:30-18:30; Sa 08:30-13:00; PH off",
    ],
    "pharmacy": [
        "Mo-Fr 08:30-12:30,14:00-19:30; Sa 08:30-12:30; PH off",
        "Mo-Sa 08:30-19:30; PH off",
        "Mo-Fr 09:00-12:15,14:00-19:00; Sa 09:00-12:30,14:00-18:00; PH off",
    ],
    "office": [
        "Mo-Fr 08:30-12:00,14:00-18:00; PH off",
        "Mo-Fr 09:00-12:00,13:30-18:00; Sa 09:00-12:00; PH off",
        "Mo-Th 08:00-12:00,13:30-18:00; Fr 08:00-12:00; PH off",
    ],
    "garage": ["Mo-Fr 08:00-12:00,14:00-18:30; PH off", "Mo-Fr 07:30-12:00,13:30-18:00; Sa 08:00-12:00; PH off"],
    "news": ["Mo-Sa 06:15-19:30; Su 07:00-12:30", "Mo-Sa 06:30-12:30,14:30-19:15; Su 07:30-12:00"],
    "flowers": [
        "Tu-Sa 09:00-12:30,14:30-19:00; Su 09:00-12:30",
        "Mo-Sa 09:00-19:00; Su 09:00-13:00",
        "Tu-Sa 08:30-12:15,14:30-19:15; Su 09:00-12:30; PH 09:00-12:30",
    ],
}  # fmt: skip


def draw(trade_hours: str, random: Random) -> str:
    """Return opening hours for a key of SCHEDULES, or "" for the few who don't say."""
    return "" if random.random() < UNSAID else random.choice(SCHEDULES[trade_hours])


def usual(trade_hours: str) -> str:
    """Return opening hours for who must tell them, since they sell online."""
    return SCHEDULES[trade_hours][0]
