"""The graph of a product's assets: checked, put in order, and walked with what becomes of an asset on the way."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple, get_args

from shipworthy.calculators.licence_terms import Terms
from shipworthy.errors import InputError
from shipworthy.words import join, one_line

Kind = Literal["data", "source", "model", "outputs", "code", "service"]
How = Literal["trains", "tunes", "distils", "evaluates", "ships", "generates", "collected"]
KINDS, HOWS = get_args(Kind), get_args(How)
LEARNS = ("trains", "tunes", "distils")
PRODUCT = "product"

WAYS: Mapping[str, str] = {"trains": "trains", "tunes": "tunes", "distils": "is distilled into", "evaluates": "tests",
                           "ships": "ships in", "generates": "generates", "collected": "is collected into"}  # fmt: skip
"""How a flow reads between two names."""

BASE = "is the base of"
"""How a model reads that is tuned into another."""


@dataclass(frozen=True)
class Asset:
    """Something that a product is made with.

    Parameters
    ----------
    id : str
        What flows call it.
    name : str
        What people call it.
    kind : str
        data, source (where data came from), model, outputs (of a model or a service), code (a program: one that trains
        is a tool, while code that is learned from is data) or service.
    choices : tuple of tuple of Terms, optional
        Alternatives (OR) of terms that apply together (AND). Empty: terms not known. A model or outputs that something
        flows into are made here; they need no terms of their own. Other own work has ``licence_terms.OWN``.
    """

    id: str
    name: str
    kind: Kind
    choices: tuple[tuple[Terms, ...], ...] = ()

    @property
    def label(self) -> str:
        """How a sentence names it."""
        return one_line(self.name or self.id, 60)


@dataclass(frozen=True)
class Flow:
    """How one asset goes into another, or into the product (``target="product"``).

    Parameters
    ----------
    source : str
        Id of the asset that flows.
    how : str
        trains, tunes, distils, evaluates, ships, generates (a model or service its outputs) or collected (into data).
    target : str
        Id of the asset that it flows into, or ``product``.
    """

    source: str
    how: How
    target: str


class State(NamedTuple):
    """What has become of an asset on its way.

    ``made``: in (still in there), learned (a model learned from it), output (a model's answers), distilled (a model
    learned from those), far (beyond a model that learned from it), tool (a program that was only run). ``changed``: a model
    that was tuned further. ``tested``: it goes no further than a test.
    """

    made: str = "in"
    changed: bool = False
    tested: bool = False


START = State()
Bits = dict[State, int]


class Step(NamedTuple):
    """The best way on from an asset in one state to one end: how many steps, and the first."""

    length: int
    how: str = ""
    target: str = ""
    state: State = START


@cache
def step(state: State, how: str, kind: str) -> State:
    """What an asset in that state is after one flow out of an asset of that kind.

    >>> step(START, "trains", "data").made, step(START, "distils", "service").made, step(START, "ships", "code").made
    ('learned', 'distilled', 'in')
    """
    if how == "evaluates":
        return state._replace(tested=True)
    if how in ("ships", "collected") or state.made in ("far", "tool"):
        return state
    if how == "generates":
        return state._replace(made={"in": "output", "learned": "far"}.get(state.made, state.made))
    if kind == "code":
        return state._replace(made={"in": "tool", "output": "tool"}.get(state.made, state.made))
    if kind == "model" and how != "distils":
        return state._replace(changed=state.changed or state.made == "in")
    after = {"in": "distilled", "learned": "far"} if kind in ("model", "service") else {"in": "learned"}
    return state._replace(made={**after, "output": "distilled"}.get(state.made, state.made))


class Graph:
    """Assets and flows, checked.

    Raises
    ------
    InputError
        One plain sentence: an asset twice, a flow from or to what is not there, a flow that cannot be, a circle.
    """

    def __init__(self, assets: Sequence[Asset], flows: Iterable[Flow]) -> None:
        self.assets = _checked(assets)
        self.flows = tuple(dict.fromkeys(flows))
        self.out: dict[str, list[tuple[str, str]]] = {key: [] for key in self.assets}
        self.into: dict[str, list[tuple[str, str]]] = {key: [] for key in (*self.assets, PRODUCT)}
        for flow in self.flows:
            _possible(flow, self.assets)
            self.out[flow.source].append((flow.how, flow.target))
            self.into[flow.target].append((flow.how, flow.source))
        self.order = self._ordered()
        self.place = {key: place for place, key in enumerate(self.assets)}
        self._bits = self._carried()
        self._steps = self._ways()

    def label(self, key: str) -> str:
        """How a sentence names an asset, or the product."""
        return "the product" if key == PRODUCT else self.assets[key].label

    def ends(self, key: str) -> Iterable[State]:
        """As what an asset reaches the product: nothing where it does not."""
        return self._steps[key].get(START, {})

    def held(self, key: str) -> Bits:
        """Which assets have reached an asset or the product in which state, as bits by their place."""
        return self._bits[key]

    def way(self, key: str, end: State, state: State = START) -> tuple[str, ...]:
        """The shortest way on from an asset in one state to an end: ids, with how each flows on between them."""
        found, here = [key], self._steps[key][state][end]
        while here.target:
            found += [here.how, here.target]
            here = self._steps[here.target][here.state][end]
        return tuple(found)

    def between(self, key: str, target: str, end: State) -> tuple[str, ...]:
        """The shortest way from an asset to another, or to the product, where it arrives in that state."""
        waiting = deque([(key, START)])
        before: dict[tuple[str, State], tuple[tuple[str, State], str] | None] = {(key, START): None}
        while waiting and (target, end) not in before:
            here = waiting.popleft()
            for how, following in self.out.get(here[0], ()):
                there = following, step(here[1], how, self.assets[here[0]].kind)
                if there not in before:
                    before[there] = here, how
                    waiting.append(there)
        found, spot = [target], before[target, end]
        while spot is not None:
            found += [spot[1], spot[0][0]]
            spot = before[spot[0]]
        return tuple(reversed(found))

    def told(self, way: Sequence[str]) -> str:
        """A way in words.

        >>> graph = Graph([Asset("a", "Crawl", "data"), Asset("m", "Tagger", "model")], [Flow("a", "trains", "m"), Flow("m", "ships", "product")])
        >>> graph.told(graph.way("a", State("learned")))
        'Crawl trains Tagger, which ships in the product'
        """
        legs = [f"{self._verb(way, at)} {self.label(way[at + 1])}" for at in range(1, len(way), 2)]
        return f"{self.label(way[0])} {', which '.join(legs)}"

    def _verb(self, way: Sequence[str], at: int) -> str:
        ends = (self.assets[key].kind if key in self.assets else "" for key in (way[at - 1], way[at + 1]))
        return BASE if way[at] == "tunes" and all(kind == "model" for kind in ends) else WAYS[way[at]]

    def made_here(self, key: str) -> bool:
        """Whether it is a model or outputs that something in the graph was made into."""
        makes = ("generates", *LEARNS)
        return self.assets[key].kind in ("model", "outputs") and any(how in makes for how, _ in self.into[key])

    def _ordered(self) -> list[str]:
        """Every asset after those that flow into it."""
        left = {key: len(self.into[key]) for key in self.assets}
        line = [key for key, number in left.items() if number == 0]
        for key in line:
            for _, target in self.out[key]:
                if target != PRODUCT:
                    left[target] -= 1
                    if left[target] == 0:
                        line.append(target)
        if len(line) < len(left):
            raise InputError(self._circle({key for key, number in left.items() if number}))
        return line

    def _circle(self, left: set[str]) -> str:
        """Walk back from any that is left until one comes twice."""
        walked: list[str] = [next(key for key in self.assets if key in left)]
        while walked[-1] not in walked[:-1]:
            walked.append(next(source for _, source in self.into[walked[-1]] if source in left))
        circle = walked[walked.index(walked[-1]) :][::-1]
        names = join([f"“{self.label(key)}”" for key in circle], "then")
        return f"{self.assets[circle[0]].label} flows back into itself: {names}. Take one of these flows out."

    def _carried(self) -> dict[str, Bits]:
        """For every asset and the product, the assets that reach it, by state."""
        held: dict[str, Bits] = {key: {START: 1 << place} for key, place in self.place.items()}
        held[PRODUCT] = {}
        for key in self.order:
            for how, target in self.out[key]:
                for state, bits in held[key].items():
                    after = step(state, how, self.assets[key].kind)
                    held[target][after] = held[target].get(after, 0) | bits
        return held

    def _ways(self) -> dict[str, dict[State, dict[State, Step]]]:
        """For every asset and state that occurs there, the shortest way to each end at the product."""
        found: dict[str, dict[State, dict[State, Step]]] = {
            PRODUCT: {state: {state: Step(0)} for state in self._bits[PRODUCT]}
        }
        for key in reversed(self.order):
            found[key] = {}
            for state in self._bits[key]:
                best: dict[State, Step] = {}
                for how, target in self.out[key]:
                    after = step(state, how, self.assets[key].kind)
                    for end, on in found[target].get(after, {}).items():
                        if end not in best or on.length + 1 < best[end].length:
                            best[end] = Step(on.length + 1, how, target, after)
                found[key][state] = best
        return found


def _checked(assets: Sequence[Asset]) -> dict[str, Asset]:
    known: dict[str, Asset] = {}
    names: dict[str, Asset] = {}
    for asset in assets:
        if asset.kind not in KINDS:
            raise InputError(
                f"{asset.label}: “{one_line(asset.kind)}” is no kind of asset; {join(list(KINDS), 'or')} would do."
            )
        if asset.id == PRODUCT:
            raise InputError(
                f"{asset.label}: its id is “product”, which stands for the product itself. Give it another."
            )
        name = (asset.name or asset.id).casefold()  # whole: a label may be cut
        before = known.get(asset.id) or names.get(name)
        if before:
            raise InputError(f"{before.label} is listed twice, {_differently(before, asset)}: keep one of them.")
        known[asset.id] = names[name] = asset
    return known


def _differently(one: Asset, other: Asset) -> str:
    if one.choices == other.choices:
        return "with the same terms"
    return f"once under {licence_words(one.choices)} and once under {licence_words(other.choices)}"


def licence_words(choices: tuple[tuple[Terms, ...], ...]) -> str:
    """The names of terms as a sentence has them: “A and B, or C”."""
    said = [join([one_line(terms.name, 60) for terms in each]) for each in choices if each]
    return ", or ".join(said) or "terms not known"


def _possible(flow: Flow, assets: Mapping[str, Asset]) -> None:
    """Refuse a flow that cannot be."""
    named = f"The flow “{one_line(flow.source)} {one_line(flow.how)} {one_line(flow.target)}”"
    if flow.how not in HOWS:
        raise InputError(f"{named}: “{one_line(flow.how)}” is no way to flow; {join(list(HOWS), 'or')} would do.")
    for end, known in (
        (flow.source, flow.source in assets),
        (flow.target, flow.target in assets or flow.target == PRODUCT),
    ):
        if not known:
            raise InputError(
                f"{named} names “{one_line(end)}”, which is not among the assets: add it, or take the flow out."
            )
    source = assets[flow.source]
    if flow.how == "generates" and source.kind not in ("model", "service"):
        raise InputError(f"{source.label} is {source.kind}, which generates nothing: a model or a service does.")
    target = assets.get(flow.target)
    if target is None:
        if flow.how not in ("ships", "evaluates"):
            raise InputError(
                f"{source.label} {WAYS[flow.how]} the product: only what ships in it or tests it can flow there."
            )
        return
    if flow.how in LEARNS and target.kind not in ("model", "service", "code"):
        raise InputError(
            f"{source.label} {WAYS[flow.how]} {target.label}, which is {target.kind}: only a model can learn."
        )
    if flow.how == "generates" and target.kind not in ("outputs", "data"):
        raise InputError(
            f"{source.label} generates {target.label}, which is {target.kind}: only outputs or data come out."
        )
