"""Whether a product may be used as planned, given the terms of everything that went into it.

Terms are carried along the graph of assets: what is in the product itself, what a model learned from, what came out of a
model or a service and trained another, what was only tested with. Whatever binds anywhere on the way binds the product.
What is found is traced to the clause, the asset and its way to the product. It says what texts say as far as they were
read; it is not legal advice, and :func:`counsel_question` writes the question to ask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shipworthy.calculators._licence_examine import Bite, Examined, examine
from shipworthy.calculators._licence_graph import Asset, Flow, Graph
from shipworthy.calculators._licence_pairs import Clash
from shipworthy.calculators._licence_rules import Severity, duties
from shipworthy.calculators.licence_terms import Terms, Use
from shipworthy.reference.loader import CHECKED
from shipworthy.words import amount, one_line

__all__ = ["Asset", "Clearance", "Flow", "Issue", "Obligation", "attribution_text", "cleared", "counsel_question"]

_RANK = {"blocked": 0, "unknown": 1, "conditional": 2}


@dataclass(frozen=True)
class Issue:
    """Where terms stand in the way of a use.

    Parameters
    ----------
    kind : str
        blocked, conditional (``fact`` or ``limit`` decides) or unknown.
    rule : str
        Which rule it comes from; a region or a field of use follows after a colon.
    asset, name : str
        The asset that carries the terms: id, and what people call it.
    terms : Terms or None
        The terms; ``None`` where they are not known.
    clause : str
        Which text, and where in it.
    path : tuple of str
        How the asset reaches the product: ids with the kinds of flow between them, ``product`` at the end.
    way : str
        The same in words.
    bites : str
        The use that it bites, in plain words.
    fact : str or None
        The fact that decides; where it is blocked, one that could change that.
    limit : (str, float) or None
        The quantity that decides and the most that is free: users [users/month] or revenue [USD/year].
    with_asset : str or None
        Id of the other asset, where two cannot be kept together.
    why : str
        Why two cannot be kept together.
    """

    kind: Severity
    rule: str
    asset: str
    name: str
    terms: Terms | None
    clause: str
    path: tuple[str, ...]
    way: str
    bites: str
    fact: str | None = None
    limit: tuple[str, float] | None = None
    with_asset: str | None = None
    why: str = ""

    @property
    def words(self) -> str:
        """The issue as sentences."""
        if self.kind == "unknown":
            return (
                f"{self.name}: its terms are not known, and unknown is not permission. How it gets there: {self.way}."
            )
        verb = "stands against" if self.kind == "blocked" else "may stand against"
        end = ""
        if self.fact:
            end = f" What {'could change that' if self.kind == 'blocked' else 'decides'}: {self.fact}."
        elif self.limit:
            unit = "users a month" if self.limit[0] == "users" else "USD of revenue a year"
            end = f" What decides: whether there are more than {amount(self.limit[1])} {unit}."
        why = f" ({self.why})" if self.why else ""
        return f"{self.name} ({self.clause}) {verb} {self.bites}{why}. How it gets there: {self.way}.{end}"


@dataclass(frozen=True)
class Obligation:
    """Something to do, so that an engineer can do it.

    ``what`` is attribution, notice, share_alike, naming, policy or flow_down.
    """

    asset: str
    name: str
    what: str
    sentence: str
    why: str
    terms: Terms


@dataclass(frozen=True)
class Clearance:
    """What the terms of all assets permit for a use.

    Parameters
    ----------
    issues : tuple of Issue
        What stands in the way, what blocks first.
    obligations : tuple of Obligation
        What is to be done.
    chosen : mapping of str to tuple of Terms
        For each asset that reaches the product, the alternative that was taken.
    unused : tuple of str
        Ids of assets that reach nothing.
    notes : tuple of str
        Sentences on what was left out, and on clauses that do not bite this use.
    """

    issues: tuple[Issue, ...]
    obligations: tuple[Obligation, ...]
    chosen: Mapping[str, tuple[Terms, ...]]
    unused: tuple[str, ...]
    notes: tuple[str, ...]

    def of(self, kind: str) -> tuple[Issue, ...]:
        """The issues of one kind: blocked, conditional or unknown."""
        return tuple(issue for issue in self.issues if issue.kind == kind)

    @property
    def verdict(self) -> str:
        """blocked, unknown, conditional, obligations (clear with them) or clear."""
        if self.issues:
            return self.issues[0].kind
        return "obligations" if self.obligations else "clear"


def cleared(assets: Sequence[Asset], flows: Sequence[Flow], use: Use) -> Clearance:
    """What stands in the way of using a product as planned, and what has to be done.

    Along a way the most restrictive terms win; of alternatives (OR) those with the least trouble are taken; of terms that
    apply together (AND) all bind. Software that ships in one product is taken as one program, other pairs at the product
    as standing side by side until somebody says otherwise. A model or outputs that something flows into are taken as made
    here.

    Parameters
    ----------
    assets : sequence of Asset
        Everything that the product is made with.
    flows : sequence of Flow
        What goes into what, ``product`` at the end.
    use : Use
        How the product is used.

    Returns
    -------
    Clearance
        Issues, obligations, alternatives that were taken, and notes.

    Raises
    ------
    InputError
        One sentence: an asset twice, a flow from or to what is not there, a flow that cannot be, a circle.

    Examples
    --------
    >>> from shipworthy.calculators.licence_terms import Terms, Use
    >>> terms = Terms("cc-by-nc-4.0", "CC BY-NC 4.0", "data", commercial="no", training="non_commercial", clause="section 2(a)(1)")
    >>> assets = [Asset("d", "Dialogues", "data", ((terms,),)), Asset("m", "Assistant", "model")]
    >>> flows = [Flow("d", "tunes", "m"), Flow("m", "ships", "product")]
    >>> found = cleared(assets, flows, Use(True, "served", competes="none"))
    >>> found.verdict, found.issues[0].path
    ('blocked', ('d', 'tunes', 'm', 'ships', 'product'))
    >>> print(found.issues[0].words)
    Dialogues (CC BY-NC 4.0, section 2(a)(1)) stands against commercial use. How it gets there: Dialogues tunes Assistant,
    which ships in the product.
    >>> cleared(assets, flows, Use(False, "served", competes="none")).verdict
    'clear'
    """
    graph = Graph(assets, flows)
    found = examine(graph, use)
    bites, clashes = found.taken()
    issues = [_issue(graph, bite) for bite in bites] + [_together(graph, clash) for clash in clashes]
    place = graph.place
    issues.sort(key=lambda issue: (_RANK[issue.kind], place[issue.asset]))
    unused = tuple(key for key in graph.assets if key not in found.chosen)
    chosen = {key: found.choices[key][at] for key, at in found.chosen.items()}
    notes = (*_left_out(graph, unused), *_not_bitten(graph, chosen, use))
    return Clearance(tuple(issues), _obligations(found, chosen), chosen, unused, notes)


def counsel_question(issue: Issue, use: Use) -> str:
    """The exact question to ask counsel about an issue.

    Parameters
    ----------
    issue : Issue
        What stands in the way.
    use : Use
        How the product is used.

    Returns
    -------
    str
        Names asset, clause, way and use, and what was read, when, and how far it was checked.

    Examples
    --------
    >>> from shipworthy.calculators.licence_terms import Terms, Use
    >>> terms = Terms("x", "X terms", "data", commercial="no", clause="section 4")
    >>> use = Use(True, "internal", competes="none")
    >>> issue = cleared([Asset("d", "Posts", "data", ((terms,),))], [Flow("d", "ships", "product")], use).issues[0]
    >>> print(counsel_question(issue, use))
    May we use Posts under X terms, section 4, given that Posts ships in the product, where the use is: commercial, inside
    the house only, competing with no provider? In question is commercial use.
    """
    under = f"under {issue.clause}" if issue.terms else "although we do not know under which terms it comes"
    asked = f"May we use {issue.name} {under}, given that {issue.way}, where the use is: {use.words}? "
    if issue.fact:
        asked += f"It turns on {issue.fact}; in question is {issue.bites}."
    elif issue.limit:
        asked += f"In question is {issue.bites}: how is that counted, and as of when?"
    elif issue.terms:
        asked += f"In question is {issue.bites}{f' ({issue.why})' if issue.why else ''}."
    else:
        asked += "Which terms apply, and who can grant what we need?"
    return asked + _read(issue.terms)


def attribution_text(clearance: Clearance) -> str:
    """The text to ship with the product: names, licences, notices; empty where nothing has to be named.

    Parameters
    ----------
    clearance : Clearance
        What was found.

    Returns
    -------
    str
        Lines of plain text.

    Examples
    --------
    >>> from shipworthy.calculators.licence_terms import Terms, Use
    >>> terms = Terms("cc-by-4.0", "CC BY 4.0", "data", attribution=True, notice="a link to the licence")
    >>> found = cleared([Asset("d", "Street names", "data", ((terms,),))], [Flow("d", "ships", "product")], Use(True, "distributed"))
    >>> print(attribution_text(found))
    This product was made with:
    - Street names, under CC BY 4.0
      To go along with it: a link to the licence
    """
    lines: dict[tuple[str, str], list[str]] = {}
    for each in clearance.obligations:
        if each.what in ("attribution", "notice", "naming"):
            more = lines.setdefault((each.name, one_line(each.terms.name, 120)), [])
            if each.what == "notice":
                more.append(f"  To go along with it: {_whole(each.terms.notice)}")
            elif each.what == "naming":
                more.append(f"  Rule about names: {_whole(each.terms.naming)}")
    if not lines:
        return ""
    listed = [
        "\n".join([f"- {name}, under {licence}", *dict.fromkeys(more)]) for (name, licence), more in lines.items()
    ]
    return "\n".join(["This product was made with:", *listed])


def _issue(graph: Graph, bite: Bite) -> Issue:
    trouble, name = bite.trouble, graph.label(bite.asset)
    path = graph.way(bite.asset, bite.end)
    fact = trouble.fact.replace("{asset}", name) if trouble.fact else None
    cited = bite.terms.cited_for(trouble.rule) if bite.terms else ""
    bites = trouble.bites.replace("{asset}", name)
    return Issue(
        trouble.kind,
        trouble.rule,
        bite.asset,
        name,
        bite.terms,
        cited,
        path,
        graph.told(path),
        bites,
        fact,
        trouble.limit,
    )


def _together(graph: Graph, clash: Clash) -> Issue:
    one, other = clash.one, clash.other
    name, with_name = graph.label(one.asset), graph.label(other.asset)
    path = clash_path(graph, clash)[0]
    return Issue(
        clash.kind,
        "together",
        one.asset,
        name,
        one.terms,
        f"{one.terms.cited_for('share_alike')}; {with_name}: {other.terms.cited_for('share_alike')}",
        path,
        f"{graph.told(path)}, together with {with_name}",
        f"sharing it together with {with_name}",
        clash.fact,
        with_asset=other.asset,
        why=clash.why,
    )


def clash_path(graph: Graph, clash: Clash) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How both ends of a clash reach the product, by way of where they meet."""
    ends = graph.ends(clash.node) if clash.node in graph.assets else ()
    on = next((graph.way(clash.node, end) for end in ends if end.made == "in" and not end.tested), ())
    ways = zip((clash.one, clash.other), clash.states, strict=True)
    first, second = ((*graph.between(each.asset, clash.node, state), *on[1:]) for each, state in ways)
    return first, second


def _obligations(found: Examined, chosen: Mapping[str, tuple[Terms, ...]]) -> tuple[Obligation, ...]:
    listed: dict[tuple[str, str, str], Obligation] = {}
    graph = found.graph
    for key, both in chosen.items():
        asset = graph.assets[key]
        for terms in both:
            for end in graph.ends(key):
                for duty in duties(terms, asset.kind, end, found.use):
                    sentence = duty.sentence.replace("{asset}", asset.label)
                    made = Obligation(key, asset.label, duty.what, sentence, duty.why, terms)
                    listed.setdefault((key, duty.what, terms.licence), made)
    return tuple(listed.values())


def _left_out(graph: Graph, unused: Sequence[str]) -> list[str]:
    if graph.assets and len(unused) == len(graph.assets):
        return ["Nothing reaches the product: say what ships in it."]
    return [
        f"{graph.label(key)} is listed, but nothing that reaches the product is made with it: it was left out."
        for key in unused
    ]


def _not_bitten(graph: Graph, chosen: Mapping[str, tuple[Terms, ...]], use: Use) -> list[str]:
    """Clauses against competing that are there and do not bite, because nothing competes."""
    found: list[str] = []
    for key, both in chosen.items():
        for terms in both if use.competes == "none" else ():
            if terms.outputs in ("no_competing_model", "no_competing_product"):
                what = "product or service" if terms.outputs == "no_competing_product" else "model"
                found.append(
                    f"{graph.label(key)} ({terms.cited_for('competing')}) bites only where a {what} is built that competes with its provider. "
                    "That is not the same as commercial use, and it does not bite here as long as nothing competes."
                )
    return found


def _read(terms: Terms | None) -> str:
    """On which text, as of when, checked how."""
    if terms is None or not (terms.as_of or terms.checked or terms.source):
        return ""
    parts = [f"as of {terms.as_of.isoformat()}"] if terms.as_of else []
    parts += [f"how far checked: {CHECKED.get(terms.checked, terms.checked)}"] if terms.checked else []
    parts += [f"source: {terms.source.rstrip('. ')}"] if terms.source else []
    return f" What we read: {'; '.join(parts)}."


def _whole(text: str) -> str:
    return one_line(text.rstrip(". "), 1000)
