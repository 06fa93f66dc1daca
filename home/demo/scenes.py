"""Landscapes of the region, drawn by code in the manner of old railway posters: a few flats, a sun, no lettering."""

import math
from collections.abc import Callable
from itertools import pairwise
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1600, 900
SHARP = 2  # drawn twice as large, then reduced: smooth edges
Point = tuple[float, float]

WINE, PLUM, NIGHT = "#6b1840", "#4a1030", "#2e0a1c"
LIME, LEAF, MOSS, FOREST = "#d8e84a", "#b9cc3f", "#8ea63a", "#3f5a2a"
CREAM, SAND, PEACH, ORANGE, TILE = "#fff6e6", "#fbe3b8", "#f7d7c4", "#f0843c", "#c4532d"


class Canvas:
    """A sheet of WIDTH × HEIGHT points, painted from back to front."""

    def __init__(self, sky: str, glow: str, seed: int):
        self.image = Image.new("RGB", (WIDTH * SHARP, HEIGHT * SHARP), sky)
        self.pen = ImageDraw.Draw(self.image)
        self.random = Random(seed)
        self.pen.rectangle((0, 0, WIDTH * SHARP, HEIGHT * SHARP * 0.38), fill=glow)

    def shape(self, points: list[Point], colour: str) -> None:
        self.pen.polygon([(x * SHARP, y * SHARP) for x, y in points], fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        box = (x - radius, y - radius, x + radius, y + radius)
        self.pen.ellipse([side * SHARP for side in box], fill=colour)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.shape([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour)

    def hill(self, heights: list[float], colour: str) -> None:
        """A soft ground from edge to edge, through evenly spaced heights."""
        step, last = WIDTH / (len(heights) - 1), len(heights) - 1
        line = []
        for x in range(0, WIDTH + 1, 8):
            place = min(x / step, last - 1e-9)
            left, share = int(place), place % 1
            ease = (1 - math.cos(math.pi * share)) / 2
            line.append((x, heights[left] * (1 - ease) + heights[left + 1] * ease))
        self.shape([(0, HEIGHT), *line, (WIDTH, HEIGHT)], colour)

    def ridge(self, base: float, rise: float, colour: str) -> None:
        """Broken mountains on the horizon."""
        line = [(0.0, base - self.random.random() * rise), (float(WIDTH), base - self.random.random() * rise)]
        for _ in range(6):
            broken = []
            for (x1, y1), (x2, y2) in pairwise(line):
                broken += [(x1, y1), ((x1 + x2) / 2, (y1 + y2) / 2 + (self.random.random() - 0.6) * rise)]
            line = [*broken, line[-1]]
            rise *= 0.52
        self.shape([(0, HEIGHT), *line, (WIDTH, HEIGHT)], colour)

    def cliff(self, x: float, top: float, width: float, base: float, light: str, dark: str) -> None:
        """A limestone plateau: lit face, shaded side, scree below."""
        crest = [(x + width * share, top + self.random.uniform(-14, 14)) for share in (0.12, 0.28, 0.44, 0.6, 0.75)]
        self.shape([(x - width * 0.12, base), *crest, (x + width * 1.1, base)], light)
        for (x1, y1), (x2, _) in list(pairwise(crest))[::2]:
            self.shape([(x1, y1), (x2, y1 + 10), (x2 + 46, base), (x1 + 84, base)], dark)

    def rows(self, horizon: float, vanishing: float, colours: tuple[str, str], count: int = 19) -> None:
        """Furrows or vines running to one point."""
        for row in range(-count, count + 1):
            near, far = vanishing + row * 150, vanishing + row * 19
            colour = colours[row % 2]
            self.shape([(far - 5, horizon), (far + 5, horizon), (near + 42, HEIGHT), (near - 42, HEIGHT)], colour)

    def tree(self, x: float, y: float, size: float, crown: str, fruit: str = "") -> None:
        self.box(x - size * 0.09, y - size * 0.5, size * 0.18, size * 0.6, NIGHT)
        for dx, dy, share in ((0, -0.95, 0.6), (-0.38, -0.66, 0.44), (0.38, -0.66, 0.44)):
            self.disc(x + dx * size, y + dy * size, size * share, crown)
        for _ in range(9 if fruit else 0):
            self.disc(x + self.random.uniform(-0.6, 0.6) * size, y - self.random.uniform(0.4, 1.3) * size, 7, fruit)

    def house(self, x: float, y: float, width: float, height: float, wall: str, roof: str, floors: int = 2) -> None:
        """A façade whose foot is at y."""
        self.box(x, y - height, width, height + 90, wall)
        slope = width * 0.28
        self.shape([(x - 7, y - height), (x + width / 2, y - height - slope), (x + width + 7, y - height)], roof)
        for floor in range(floors):
            for column in (0.18, 0.58):
                self.box(x + width * column, y - height + 22 + floor * 50, width * 0.22, 30, PLUM)

    def finished(self) -> Image.Image:
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def lavender() -> Canvas:
    canvas = Canvas(SAND, "#fdf0d5", 11)
    canvas.disc(300, 230, 88, ORANGE)
    canvas.hill([520, 440, 500, 470], "#d9b7c4")
    canvas.cliff(620, 200, 760, 590, "#a98bb0", "#8d6c98")
    canvas.hill([570, 540, 590, 550], MOSS)
    canvas.hill([650, 610, 650, 630], LEAF)
    for number in range(15):
        canvas.tree(50 + number * 110, 660 + number % 2 * 12, 46, "#5d7a2f", ORANGE)
    canvas.box(0, 690, WIDTH, 210, "#e9d38b")
    canvas.rows(690, 800, ("#7a4f8f", "#92669f"))
    return canvas


def vines() -> Canvas:
    canvas = Canvas("#f7d7c4", "#fbe8d8", 5)
    canvas.disc(1180, 300, 104, ORANGE)
    canvas.ridge(440, 190, "#d795a4")
    canvas.hill([520, 460, 540, 470, 520], "#b25c7e")
    canvas.hill([640, 540, 610, 540, 590], WINE)
    canvas.hill([700, 640, 660, 640], PLUM)
    canvas.rows(655, 700, (LIME, MOSS), 14)
    canvas.house(1240, 640, 120, 84, CREAM, TILE)
    canvas.house(1350, 640, 54, 150, CREAM, NIGHT, 1)
    return canvas


def hill_town() -> Canvas:
    canvas = Canvas("#dfe6ee", "#eef2f6", 9)
    canvas.disc(1280, 190, 80, "#ffffff")
    canvas.ridge(400, 120, "#b7c3cf")
    canvas.hill([500, 400, 470, 330], MOSS)
    walls, roofs = (CREAM, PEACH, SAND, "#efe4da"), (TILE, "#a8452b", WINE, "#8f3a2a")
    for row in range(6):
        x = -40.0 + row % 2 * 40
        while x < WIDTH + 40:
            width = canvas.random.uniform(84, 140)
            foot = 540 + row * 82 - math.sin(x / 1500 * 3) * 60
            height = canvas.random.uniform(110, 160)
            canvas.house(x, foot, width, height, canvas.random.choice(walls), canvas.random.choice(roofs))
            x += width + 4
    return canvas


def market() -> Canvas:
    canvas = Canvas("#c9d8e6", "#f5d9bd", 21)
    canvas.disc(420, 260, 74, CREAM)
    canvas.hill([420, 340, 400, 360], "#8d7a9c")
    x = -30.0
    while x < WIDTH:
        width = canvas.random.uniform(120, 170)
        wall = canvas.random.choice((CREAM, PEACH, "#e8d2c4", SAND))
        canvas.house(x, 700, width, canvas.random.uniform(250, 330), wall, "#8f3a2a", 4)
        x += width + 3
    canvas.box(0, 690, WIDTH, 210, "#a58f88")
    for number, colour in enumerate((WINE, TILE, MOSS, "#35618e", ORANGE, PLUM)):
        left = 20 + number * 266
        canvas.box(left + 12, 640, 8, 190, NIGHT)
        canvas.box(left + 216, 640, 8, 190, NIGHT)
        canvas.box(left, 740, 236, 78, "#7a4a2f")
        for stripe in range(8):
            shade = colour if stripe % 2 else CREAM
            foot = left + stripe * 30
            canvas.shape([(foot + 10, 590), (foot + 34, 590), (foot + 30, 650), (foot, 650)], shade)
            canvas.disc(foot + 15, 650, 15, shade)
        for goods in range(13):
            canvas.disc(
                left + 18 + goods * 17, 738 - goods % 3 * 7, 13, (ORANGE, LEAF, TILE, LIME)[(goods + number) % 4]
            )
    return canvas


def chestnut() -> Canvas:
    canvas = Canvas("#f3d5a8", "#fae6c4", 17)
    canvas.disc(1220, 220, 84, CREAM)
    canvas.ridge(400, 130, "#c79a94")
    canvas.hill([480, 420, 500, 430, 470], "#a8694f")
    for depth, (colour, foot) in enumerate((("#8a4f35", 560), ("#a4552b", 660), ("#7a3f28", 780))):
        canvas.hill([foot, foot - 50, foot + 10, foot - 40], colour)
        for number in range(12 - depth * 2):
            x = 40 + number * (150 + depth * 30) + depth * 24
            crown = (TILE, ORANGE, "#b8722d", "#d9962f")[(number + depth) % 4]
            canvas.tree(x, foot + 6 - (number * 37 % 44), 48 + depth * 22, crown, FOREST if depth == 2 else "")
    canvas.house(980, 640, 120, 90, "#d8c8b4", "#6d4a3a")
    canvas.house(1090, 640, 76, 70, "#c9b8a2", "#6d4a3a", 1)
    canvas.hill([850, 820, 860, 830], FOREST)
    return canvas


def riverside() -> Canvas:
    canvas = Canvas("#e9b9a4", "#f6d8c0", 29)
    canvas.disc(340, 250, 78, CREAM)
    canvas.hill([380, 300, 220, 260, 400], "#9a6f8e")
    canvas.hill([520, 440, 300, 330, 560], FOREST)
    for row, foot in enumerate((470, 560, 660)):
        x = -20.0 + row * 30
        while x < WIDTH:
            width = canvas.random.uniform(70, 112)
            wall = canvas.random.choice(("#f2c9a8", "#e8a98c", CREAM, "#d9957a", SAND))
            lift = 110 * math.exp(-(((x - 860) / 420) ** 2))
            canvas.house(x, foot - lift, width, canvas.random.uniform(120, 170), wall, "#a8452b", 3)
            x += width + 2
    canvas.box(0, 700, WIDTH, 200, "#49708a")
    for number in range(46):
        left, top = canvas.random.uniform(0, WIDTH), canvas.random.uniform(716, 890)
        canvas.box(left, top, canvas.random.uniform(40, 150), 5, ("#f2c9a8", "#6b93ab", "#e8a98c")[number % 3])
    for arch in range(5):
        canvas.box(60 + arch * 330, 660, 330, 30, CREAM)
        canvas.box(48 + arch * 330, 660, 34, 130, CREAM)
    canvas.box(1698, 660, 34, 130, CREAM)
    return canvas


def orchard() -> Canvas:
    canvas = Canvas("#d4e3ea", "#eaf2f4", 33)
    canvas.disc(260, 190, 72, "#ffffff")
    canvas.cliff(-60, 230, 700, 560, "#d8c6b4", "#b49c8c")
    canvas.cliff(640, 180, 900, 580, "#e2d2c0", "#bda592")
    canvas.hill([560, 530, 570, 540], FOREST)
    canvas.hill([640, 610, 630, 610], MOSS)
    canvas.rows(640, 800, (LEAF, MOSS), 13)
    for depth, (foot, size, gap) in enumerate(((660, 36, 120), (730, 62, 230), (850, 104, 400))):
        for number in range(int(WIDTH / gap) + 2):
            canvas.tree(number * gap - depth * 40, foot, size, ("#6d8a3a", "#5d7a2f", "#4c6a29")[depth])
    return canvas


def volcanoes() -> Canvas:
    canvas = Canvas("#cfdfe6", "#e3edf0", 41)
    canvas.disc(380, 210, 86, "#ffffff")
    for x, width, top, colour, shade in (
        (180, 460, 420, "#a3b9b4", "#8ca5a2"),
        (1400, 520, 400, "#a3b9b4", "#8ca5a2"),
        (1060, 430, 370, "#7f9a7a", "#6b8768"),
        (600, 560, 240, "#6c8a4e", "#56743f"),
    ):
        flank = [(math.cos(turn / 20 * math.pi), turn) for turn in range(21)]
        curve = [(x - width * side, 720 - (720 - top) * (1 - abs(side)) ** 0.8) for side, _ in flank]
        crater = [(px, max(py, top + 34)) for px, py in curve]
        canvas.shape([(x - width, 720), *crater, (x + width, 720)], colour)
        right = [(px, py) for px, py in crater if px >= x]
        canvas.shape([(x, top + 34), *right, (x + width, 720), (x + width * 0.3, 720)], shade)
    canvas.hill([690, 660, 710, 670], MOSS)
    canvas.hill([770, 730, 790, 740], LEAF)
    for x, y in ((280, 800), (380, 824), (1180, 790), (1270, 812), (1350, 784), (760, 830)):
        canvas.box(x, y, 56, 28, WINE)
        canvas.disc(x + 56, y + 6, 14, WINE)
        for leg in (6, 18, 36, 48):
            canvas.box(x + leg, y + 26, 6, 22, WINE)
        canvas.disc(x + 22, y + 12, 9, CREAM)
    canvas.hill([872, 850, 880, 860], LIME)
    return canvas


def coast() -> Canvas:
    canvas = Canvas("#cfe3ee", "#e9f3f6", 37)
    canvas.disc(1240, 210, 82, CREAM)
    canvas.hill([470, 452, 462, 440, 455], "#9db8c4")
    canvas.box(0, 520, WIDTH, 260, "#3f7f9c")
    for number in range(60):
        left, top = canvas.random.uniform(0, WIDTH), canvas.random.uniform(530, 770)
        canvas.box(left, top, canvas.random.uniform(50, 170), 5, ("#6ba3ba", "#cfe3ee", "#2f6b88")[number % 3])
    canvas.hill([620, 560, 500, 520, 900], "#7f9a7a")
    canvas.hill([700, 640, 600, 650, 900], MOSS)
    canvas.shape([(610, 520), (624, 300), (666, 300), (680, 520)], CREAM)
    canvas.box(612, 440, 66, 44, TILE)
    canvas.box(620, 360, 50, 34, TILE)
    canvas.box(622, 262, 46, 38, NIGHT)
    canvas.shape([(614, 262), (645, 228), (676, 262)], TILE)
    canvas.house(700, 560, 150, 84, CREAM, "#4a5a68", 1)
    for x, y, size in ((1080, 640, 90), (1330, 700, 130)):
        canvas.shape(
            [(x - size, y), (x + size, y), (x + size * 0.7, y + size * 0.3), (x - size * 0.7, y + size * 0.3)], WINE
        )
        canvas.shape([(x - 6, y - 8), (x - 6, y - size * 1.5), (x - size * 0.9, y - 8)], ORANGE)
        canvas.shape([(x + 6, y - 8), (x + 6, y - size * 1.3), (x + size * 0.7, y - 8)], CREAM)
    canvas.hill([860, 840, 800, 850, 870], LEAF)
    return canvas


SCENES: dict[str, Callable[[], Canvas]] = {
    scene.__name__: scene
    for scene in (lavender, vines, hill_town, market, chestnut, riverside, orchard, volcanoes, coast)
}
