"""What explainability asks: whom a decision meets and where, how automated it is, and by which kind of model."""

from collections.abc import Mapping

from pydantic import BaseModel

from shipworthy.calculators.duties import DOMAINS as FIELDS
from shipworthy.calculators.duties import PLACES as COUNTRIES
from shipworthy.calculators.explanation import METHODS
from shipworthy.considerations import questions as ask
from shipworthy.reference import loader as reference

_WHAT = "What is decided, and about whom"
_WHERE = "Where, and when"
_OPERATOR = "Where whoever decides is"
_HOW = "How it decides, and how it is explained"
_KEEPS = "What an explainable model keeps"
_OUT = "Where it falls short"
_ENOUGH = "What would be good enough"

EFFECTS = {
    "none": "Nothing about a person", "recommendation": "What a person is shown or offered", "ranking": "In which order people come",
    "support": "It helps somebody who decides", "adverse": "A refusal, or worse terms", "significant": "Something else with weight: a job, a home, money, health",
}  # fmt: skip
AUTOMATION = {
    "solely": "The machine alone", "between": "A person signs, mostly what the machine says",
    "human": "A person decides, with the time and the power to decide otherwise",
}  # fmt: skip
PEOPLE = {
    "consumers": "Consumers", "staff": "Staff and applicants", "businesses": "Businesses", "citizens": "Citizens, by an authority",
    "patients": "Patients",
}  # fmt: skip
LEVELS = {
    "none": "Nothing beyond the law", "notice": "That a machine decides, and how in general", "reasons": "The main reasons of each decision",
    "logic": "The logic that was applied",
}  # fmt: skip
COUNTED = {
    "as_typed": "They are typed for each option as it is", "best": "They are the best model’s: take off what this family loses",
}  # fmt: skip


def _names(tree: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Codes and their names, the first letter large."""
    return {code: name[:1].upper() + name[1:] for code, (name, _) in tree.items()}


PLACES = _names(COUNTRIES)
DOMAINS = _names(FIELDS)

_YES_NO = {"yes": "Yes", "no": "No"}
_DECIDES = {"explainability.effect": tuple(key for key in EFFECTS if key != "none")}
_COUNTED = {"explainability.counted": ("best",)}
"""What a family loses is lost whether or not anything about a person is decided."""


REASONS = (
    {"key": "what", "label": "What it was about", "kind": "text"},
    {"key": "points", "label": "Points it cost", "kind": "number", "unit": "points"},
)


def families() -> dict[str, str]:
    """Model families of the reference table."""
    return {row.key: row.text("name") for row in reference.load("families")}


def methods() -> dict[str, str]:
    """Methods of explanation, the first letter large."""
    return {key: name[:1].upper() + name[1:] for key, name in METHODS.items() if key != "none"}


class Questions(BaseModel):
    """What explainability asks."""

    effect: ask.Choice = ask.choice(
        "What does it decide?", EFFECTS, section=_WHAT, help="About a person: an applicant, a customer, a patient, an employee.",
    )  # fmt: skip
    automation: ask.Choice = ask.choice(
        "Who decides in the end?", AUTOMATION, per_option=True, section=_WHAT, when=_DECIDES,
        help="A person who only signs counts as the machine alone in many laws.",
    )  # fmt: skip
    people: ask.Choice = ask.choice(
        "About whom?",
        PEOPLE,
        optional=True,
        section=_WHAT,
        when=_DECIDES,
        help="Some duties are owed to consumers only.",
    )
    domains: ask.Choices = ask.choices(
        "In which field?", DOMAINS, section=_WHAT, when=_DECIDES, help="Duties differ by field: credit has the oldest ones.",
    )  # fmt: skip
    bureau: ask.Choice = ask.choice(
        "Are reports or scores of a bureau used?", _YES_NO, section=_WHAT, when=_DECIDES,
        help="Credit reports, background checks, insurance histories of an agency.",
    )  # fmt: skip
    special: ask.Choice = ask.choice(
        "Are sensitive data used?", _YES_NO, optional=True, section=_WHAT, when=_DECIDES, help="Health, origin, religion, biometrics, and what stands for them.",
    )  # fmt: skip
    affected: ask.Choices = ask.choices(
        "Where are the people about whom it decides?", PLACES, section=_WHERE, when=_DECIDES, help="A state or a city beside its country: both have rules.",
    )  # fmt: skip
    begins: ask.Date = ask.date(
        "The first decision", optional=True, section=_WHERE, when=_DECIDES, help="Rules have start dates; those that begin within the period count too. Empty: today.",
    )  # fmt: skip
    policy: ask.Choice = ask.choice(
        "What do we owe people, whatever the law says?", LEVELS, default="none", section=_WHERE, when=_DECIDES, help="Your own policy.",
    )  # fmt: skip
    operator: ask.Choices = ask.choices(
        "Where is whoever decides?", PLACES, optional=True, section=_OPERATOR, when=_DECIDES,
        help="Your company, where it is established: some laws follow it to people elsewhere.",
    )  # fmt: skip
    family: ask.Choice = ask.choice(
        "What kind of model is it?", families(), per_option=True, section=_HOW, help="Of the model that decides, not of one that explains it.",
    )  # fmt: skip
    methods: ask.Choices = ask.choices(
        "How is a decision explained?", methods(), per_option=True, default=(), section=_HOW, when=_DECIDES,
        help="What a person can be told about this one decision. None where nothing can.",
    )  # fmt: skip
    reasons: ask.Rows = ask.rows(
        "What counted against one person, for the sample", REASONS, optional=True, section=_HOW, when=_DECIDES,
        help="A real case, made anonymous. Empty: made-up reasons stand in the sample statement.",
    )  # fmt: skip
    counted: ask.Choice = ask.choice(
        "What are the effects under value stream?", COUNTED, default="as_typed", section=_KEEPS,
        help="An explainable model may lose some of the effect. Count it once.",
    )  # fmt: skip
    best: ask.Estimate = ask.share(
        "How good the best model is (AUC)", section=_KEEPS, when=_COUNTED, neutral=1.0, help="0.5 is chance, 1 is perfect.",
    )  # fmt: skip
    baseline: ask.Estimate = ask.share(
        "How good what you have today is (AUC)", section=_KEEPS, when=_COUNTED, neutral=0.5,
        help="The simplest rule, or a coin: 0.5. Only what lies above it counts.",
    )  # fmt: skip
    gap: ask.Estimate = ask.estimate(
        "What this family loses against the best (AUC)", unit="points of AUC", lower=-0.5, upper=0.5, optional=True, per_option=True,
        section=_KEEPS, when=_COUNTED, help="Measured, if somebody did. Empty: what published comparisons say of the family.",
    )  # fmt: skip
    repair_cost: ask.Estimate = ask.money(
        "What it would cost to make it explainable", optional=True, per_option=True, section=_OUT, when=_DECIDES,
        help="Another model or method, tested. Empty: it is not done, and where a duty is not met it does not go live.",
    )  # fmt: skip
    repair_days: ask.Estimate = ask.estimate(
        "And how long", unit="days", lower=0.0, optional=True, per_option=True, section=_OUT, when=_DECIDES, neutral=0.0,
        help="Added before it is live.",
    )  # fmt: skip
    stands: ask.Chance = ask.chance(
        "Chance that a weak explanation stands up", section=_OUT, when=_DECIDES, per_option=True,
        help="Before a supervisor or a court, where the table calls it weak. All weak ones of an option turn out together.",
    )  # fmt: skip
    stands_arguable: ask.Chance = ask.chance(
        "Chance that an arguable explanation is held to be enough", section=_OUT, when=_DECIDES, per_option=True,
        help="Where it meets a duty on a reading that no court has confirmed. All such of an option turn out together.",
    )  # fmt: skip
    might: ask.Chance = ask.chance(
        "Chance that a duty applies of which a fact is not known", section=_OUT, when=_DECIDES,
        help="All that might apply turn out together: either each of them does, or none.",
    )  # fmt: skip
    unmet: ask.Requirement = ask.requirement(
        "Duties that may stay unmet", unit="duties", lower=0.0, section=_ENOUGH, when=_DECIDES, at_least=False,
        help="0: each duty is met. Otherwise it does not go live.",
    )  # fmt: skip
