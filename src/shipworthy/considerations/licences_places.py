"""Where the chart of data licences draws what: which assets, in which rows, and which words find room."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shipworthy.calculators.licence_flow import Asset, Flow, Issue

MOST = 12
"""Assets that are drawn; those on the way of something that blocks come first."""
ABREAST = 2
"""Assets side by side in a row: their names stand below them."""
ROW, WIDTH = 64, 290
"""Height of a row, and width of the chart on a narrow screen [px]."""
ALONE, PAIRED = 30, 18
"""Letters that have room beside an asset that stands alone in its row, and below one that does not."""
LEFT = 0.22
"""Where what stands alone in its row stands: its name is at its right."""
_LETTER, _SMALL, _LINE, _MARK = 7, 6, 15, 10
"""Width of a letter at an asset and at a line, height of a line of text, half of a mark [px]."""

Places = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Box:
    """Room that a text takes [px]."""

    left: float
    right: float
    low: float
    high: float

    def meets(self, other: "Box") -> bool:
        """Whether two texts would stand on each other."""
        return self.left < other.right and other.left < self.right and self.low < other.high and other.low < self.high


@dataclass(frozen=True)
class Word:
    """What is written at a line: how far along it, and on which side."""

    along: float
    side: str


def shown(assets: Sequence[Asset], flows: Sequence[Flow], issues: Sequence[Issue]) -> list[str]:
    """Assets that are drawn: whole ways of what stands in the way, the worst first, then what goes into those."""
    found: dict[str, None] = {}
    for issue in issues:
        way = [key for key in issue.path[::2] if key != "product"]
        if len(found.keys() | set(way)) <= MOST:
            found.update(dict.fromkeys(way))
    onward: dict[str, set[str]] = {}
    for each in flows:
        onward.setdefault(each.source, set()).add(each.target)
    more = True
    while more and len(found) < MOST:
        more = False
        for asset in assets:
            near = asset.id not in found and onward.get(asset.id, set()) & {"product", *found}
            if near and len(found) < MOST:
                found[asset.id] = None
                more = True
    if len(found) < MOST:
        found.update(dict.fromkeys([each.id for each in assets if each.id not in found][: MOST - len(found)]))
    return list(found)


def places(drawn: Sequence[str], flows: Iterable[Flow]) -> dict[str, tuple[float, float]]:
    """Rows by the longest way to the product, a few assets in each; the product is at the bottom."""
    inside = {*drawn, "product"}
    onward: dict[str, list[str]] = {}
    for each in flows:
        if each.source in inside and each.target in inside:
            onward.setdefault(each.source, []).append(each.target)
    depths: dict[str, int] = {"product": 0}

    def depth(key: str) -> int:
        if key not in depths:
            depths[key] = 1 + max((depth(target) for target in onward.get(key, ())), default=0)
        return depths[key]

    levels: dict[int, list[str]] = {}
    for key in ["product", *drawn]:
        levels.setdefault(depth(key), []).append(key)
    found: dict[str, tuple[float, float]] = {}
    row = 0
    for level in sorted(levels):
        for start in range(0, len(levels[level]), ABREAST):
            part = levels[level][start : start + ABREAST]
            for at, key in enumerate(part):
                found[key] = ((at + 0.5) / len(part) if len(part) > 1 else LEFT, float(row))
            row += 1
    return found


def alone(where: Places, key: str) -> bool:
    """Whether nothing else stands in the row."""
    return sum(y == where[key][1] for _, y in where.values()) == 1


def name_box(where: Places, key: str, text: str) -> Box:
    """The room of a name: at the right of what stands alone, else below it."""
    x, y = where[key][0] * WIDTH, where[key][1] * ROW
    wide = _LETTER * len(text)
    if alone(where, key):
        return Box(x + _MARK, x + _MARK + wide, y - _LINE / 2, y + _LINE / 2)
    return Box(x - wide / 2, x + wide / 2, y - _MARK - _LINE, y - _MARK)


def words(
    where: Places, names: Mapping[str, str], lines: Sequence[tuple[str, str, str]]
) -> dict[tuple[str, str], Word]:
    """Where the word of a line stands free of names and of other words; a line whose word has no room has none.

    ``lines``: from, to, and the word, those that matter first.
    """
    taken = [name_box(where, key, text) for key, text in names.items()]
    taken += [Box(x * WIDTH - _MARK, x * WIDTH + _MARK, y * ROW - _MARK, y * ROW + _MARK) for x, y in where.values()]
    found: dict[tuple[str, str], Word] = {}
    for source, target, text in lines:
        for along in (0.5, 0.4, 0.6, 0.3, 0.7):
            for side in ("right", "left"):
                box = word_box(where, source, target, text, Word(along, side))
                if box.left >= 0 and box.right <= WIDTH and not any(box.meets(each) for each in taken):
                    found[source, target] = Word(along, side)
                    taken.append(box)
                    break
            if (source, target) in found:
                break
    return found


def word_box(where: Places, source: str, target: str, text: str, word: Word) -> Box:
    """The room of the word at a line."""
    (x0, y0), (x1, y1) = where[source], where[target]
    x, y = (x0 + word.along * (x1 - x0)) * WIDTH, (y0 + word.along * (y1 - y0)) * ROW
    wide = _SMALL * len(text)
    left = x if word.side == "right" else x - wide
    return Box(left, left + wide, y - _LINE / 2, y + _LINE / 2)
