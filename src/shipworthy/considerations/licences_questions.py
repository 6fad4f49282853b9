"""What data licences ask: what the product is made of, under which terms, and how it is used."""

from pydantic import BaseModel

from shipworthy.considerations import questions as ask
from shipworthy.reference import loader as reference

_MADE = "What it is made of"
_USE = "How it is used"
_PERSONAL = "People in the data"
_OUT = "Clearing what stands in the way"
_ENOUGH = "What would be good enough"

KINDS = {
    "data": "Data set", "source": "Source: a site, an archive, a feed", "model": "Model", "outputs": "Outputs of a model",
    "code": "Code", "service": "Service",
}  # fmt: skip
UNUSED = "unused"
HOW = {
    "trains": "Trains", "tunes": "Tunes, or is the base of", "distils": "Teaches, by its answers", "evaluates": "Tests", "ships": "Is part of",
    "generates": "Writes", "collected": "Is collected into", "unused": "Is not used any more",
}  # fmt: skip
DELIVERY = {
    "internal": "Inside our own organisation", "served": "Served: people use it over the network",
    "distributed": "Handed out: the model, data or program leaves our hands",
}  # fmt: skip
FIELDS = {
    "automated_decisions": "Decides about people", "credit_jobs_housing": "Credit, jobs, housing", "medical": "Medicine",
    "legal_advice": "Legal advice", "biometric": "Recognises people", "law_enforcement": "Police and courts",
    "military": "Military", "minors": "Children",
}  # fmt: skip
REGIONS = {
    "EU": "European Union", "UK": "United Kingdom", "US": "United States", "CN": "China", "KR": "South Korea", "other": "Elsewhere",
}  # fmt: skip
COMPETES = {
    "none": "No", "product": "Yes: a product that people could use instead of theirs",
    "model": "Yes: a model that others could use instead of theirs",
}  # fmt: skip
BASES = {
    "none": "No people in the data", "consent": "They agreed to it", "contract": "A contract with them", "interest": "Our own interest, weighed",
    "law": "A law asks for it",
}  # fmt: skip
PURPOSES = {
    "same": "For this", "compatible": "For something close to it", "other": "For something else",
}  # fmt: skip
WAYS = {"drop": "Do without it", "replace": "Replace it", "buy": "Buy a licence", "ask": "Ask for permission"}


def verb(how: str, source: str = "", target: str = "") -> str:
    """A choice of "what it does" between two names: a model that is tuned into another is its base.

    >>> verb("tunes", "data", "model"), verb("tunes", "model", "model"), verb("ships")
    ('tunes', 'is the base of', 'is part of')
    """
    if how == "tunes":
        return "is the base of" if source == target == "model" else "tunes"
    return HOW[how].lower()


def _known() -> list[str]:
    """Names that a person may pick instead of typing."""
    return ["own", *(row.text("name") for row in reference.load("licences") if row.text("kind") != "status")]


_YES_NO = {"yes": "Yes", "no": "No"}
_THEIRS = {"licences.theirs": ("yes",)}

ASSETS = (
    {"key": "name", "label": "Asset", "kind": "text"},
    {"key": "kind", "label": "What it is", "kind": "choice", "choices": KINDS},
    {"key": "licence", "label": "Licence or terms, as written", "kind": "text", "suggestions": _known()},
    {"key": "how", "label": "What it does", "kind": "choice", "choices": HOW},
    {"key": "into", "label": "To what", "kind": "text", "names": "assets.name"},
)
CONTRACTS = (
    {"key": "name", "label": "Contract", "kind": "text"},
    {"key": "commercial", "label": "Commercial use", "kind": "choice", "choices": _YES_NO},
    {"key": "training", "label": "Training", "kind": "choice", "choices": _YES_NO},
    {"key": "outputs", "label": "Outputs may train", "kind": "choice", "choices": _YES_NO},
    {"key": "sharing", "label": "Handing out what is made from it", "kind": "choice", "choices": _YES_NO},
    {"key": "attribution", "label": "Has to be named", "kind": "choice", "choices": _YES_NO},
)
OUT = (
    {"key": "asset", "label": "Asset", "kind": "text", "names": "assets.name"},
    {"key": "way", "label": "Way", "kind": "choice", "choices": WAYS},
    {"key": "cost", "label": "Costs", "kind": "money"},
    {"key": "days", "label": "Takes", "kind": "estimate", "unit": "days", "lower": 0.0},
    {"key": "chance", "label": "Chance that it works", "kind": "chance"},
)


class Questions(BaseModel):
    """What data licences ask."""

    theirs: ask.Choice = ask.choice(
        "Is anything in it somebody else’s?",
        {"yes": "Yes: data, models, code or services of others", "no": "No: our own, or a service used for what it is sold for"},
        per_option=True, section=_MADE, help="Data that were bought, found or collected, models that were downloaded, answers of an assistant.",
    )  # fmt: skip
    assets: ask.Rows = ask.rows(
        "What it is made of", ASSETS, per_option=True, section=_MADE, when=_THEIRS,
        help="A row for each thing it does. To what: the name of another row, or empty for the product. Licence: MIT, cc by nc 4.0, OpenAI terms, a contract of the list below, or “own”. Our own model that something here trains, or is the base of, needs none.",
    )  # fmt: skip
    contracts: ask.Rows = ask.rows(
        "Contracts of your own", CONTRACTS, optional=True, section=_MADE, when=_THEIRS,
        help="Answered from their text. An empty cell is not permission: it counts as not known.",
    )  # fmt: skip
    commercial: ask.Choice = ask.choice(
        "Is it commercial?", {"yes": "Yes, directly or indirectly", "no": "No: research, teaching, private"}, default="yes",
        section=_USE, when=_THEIRS, help="A company that uses it inside is commercial too.",
    )  # fmt: skip
    delivery: ask.Choice = ask.choice(
        "How does it reach people?", DELIVERY, default="served", per_option=True, section=_USE, when=_THEIRS,
        help="Some terms begin only when something is handed out, some when it is served.",
    )  # fmt: skip
    competes: ask.Choice = ask.choice(
        "Does it compete with a provider whose model or service is in it?", COMPETES, per_option=True, section=_USE, when=_THEIRS,
        help="Terms of hosted assistants forbid using their outputs to build what competes with them. That is not the same as non-commercial.",
    )  # fmt: skip
    llm: ask.Choice = ask.choice(
        "Is a language model trained or tuned for it?", _YES_NO, optional=True, per_option=True, section=_USE, when=_THEIRS,
        help="Some terms forbid to better another language model, whoever it competes with.",
    )  # fmt: skip
    regions: ask.Choices = ask.choices(
        "Where we and those who use it are", REGIONS, default=("EU", "US"), section=_USE, when=_THEIRS, help="Some licences leave out a region.",
    )  # fmt: skip
    fields: ask.Choices = ask.choices(
        "What it is used for", FIELDS, default=(), section=_USE, when=_THEIRS,
        help="Uses that licences single out. None of them: leave all empty.",
    )  # fmt: skip
    users: ask.Estimate = ask.estimate(
        "People who use our products in a month", unit="people", lower=0.0, section=_USE, when=_THEIRS, neutral=0.0, optional=True,
        search=(1e3, 1e10), help="All products together: some licences end at 100 or 700 million.",
    )  # fmt: skip
    revenue: ask.Estimate = ask.money(
        "What we take in a year", per=" a year", section=_USE, when=_THEIRS, optional=True, search=(1e3, 1e12),
        help="The whole company: some licences are free below one million dollars.",
    )  # fmt: skip
    basis: ask.Choice = ask.choice(
        "Are people in the data, and on what basis?", BASES, default="none", per_option=True, section=_PERSONAL, when=_THEIRS,
        help="A licence of the data does not settle what the people in it may ask for.",
    )  # fmt: skip
    purpose: ask.Choice = ask.choice(
        "What were their data collected for?", PURPOSES, per_option=True, section=_PERSONAL,
        when={**_THEIRS, "licences.basis": ("consent", "contract", "interest", "law")}, help="Another purpose needs a reason of its own.",
    )  # fmt: skip
    ways: ask.Rows = ask.rows(
        "Ways out, with what they cost", OUT, optional=True, per_option=True, section=_OUT, when=_THEIRS,
        help="Only what is priced here is counted; buying, asking and replacing also end what hangs on a fact or a limit. The smallest set that clears it is found by itself.",
    )  # fmt: skip
    repair: ask.Choice = ask.choice(
        "Where it is blocked", {"repair": "Clear it, the cheapest way that is priced", "leave": "Leave it: it does not go live"},
        default="repair", per_option=True, section=_OUT, when=_THEIRS, help="What clearing it costs and takes is then in the payoff and in the date.",
    )  # fmt: skip
    doubt: ask.Chance = ask.chance(
        "Chance that a fact nobody has checked turns out well", section=_OUT, when=_THEIRS, per_option=True,
        help="Where a licence hangs on a named fact or is not known, and where the law itself is not settled. Each question turns out well or badly by itself.",
    )  # fmt: skip
    cleared: ask.Requirement = ask.requirement(
        "Points that may stay open", unit="points", lower=0.0, section=_ENOUGH, when=_THEIRS, at_least=False,
        help="0: everything in it may be used. Otherwise it does not go live.",
    )  # fmt: skip
