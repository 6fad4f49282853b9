"""The codes of the table of duties, each with the words that people read.

Places and domains lie in one another: what binds in the United States binds in California, and what concerns insurance
concerns health insurance.
"""

from collections.abc import Iterable, Mapping

from shipworthy.words import join

PLACES: Mapping[str, tuple[str, str]] = {
    "US": ("the United States", ""),
    "US-CA": ("California", "US"),
    "US-CO": ("Colorado", "US"),
    "US-CT": ("Connecticut", "US"),
    "US-IL": ("Illinois", "US"),
    "US-MD": ("Maryland", "US"),
    "US-MN": ("Minnesota", "US"),
    "US-NY": ("New York State", "US"),
    "US-NYC": ("New York City", "US-NY"),
    "US-TX": ("Texas", "US"),
    "US-VA": ("Virginia", "US"),
    "US-OTHER": ("another US state", "US"),
    "EU": ("the European Union", ""),
    "FR": ("France", "EU"),
    "ES": ("Spain", "EU"),
    "EU-OTHER": ("another EU country", "EU"),
    "EEA": ("Iceland, Liechtenstein or Norway", ""),
    "UK": ("the United Kingdom", ""),
    "CH": ("Switzerland", ""),
    "CA": ("Canada", ""),
    "CA-QC": ("Quebec", "CA"),
    "CA-ON": ("Ontario", "CA"),
    "BR": ("Brazil", ""),
    "CN": ("China", ""),
    "KR": ("South Korea", ""),
    "IN": ("India", ""),
    "SG": ("Singapore", ""),
    "AU": ("Australia", ""),
    "JP": ("Japan", ""),
    "ZA": ("South Africa", ""),
    "other": ("another country", ""),
}
"""Code of a place: its name, and the place it lies in."""

DOMAINS: Mapping[str, tuple[str, str]] = {
    "credit": ("credit", ""),
    "insurance": ("insurance", ""),
    "life_insurance": ("life insurance", "insurance"),
    "health_insurance": ("health insurance", "insurance"),
    "motor_insurance": ("insurance of private cars", "insurance"),
    "health": ("health care", ""),
    "hiring": ("hiring and promotion", ""),
    "work": ("work (tasks, pay, discipline, dismissal)", ""),
    "housing": ("housing", ""),
    "education": ("education", ""),
    "public": ("public services and benefits", ""),
    "essential": ("essential services", ""),
    "justice": ("police, courts and borders", ""),
    "platform": ("online platforms", ""),
    "pricing": ("prices", ""),
    "chat": ("chatbots and made-up pictures, sound or text", ""),
    "general": ("something else", ""),
}
"""Code of a domain: its name, and the domain it lies in."""

SERIOUS = frozenset(DOMAINS) - {"platform", "pricing", "chat", "general"}
"""Domains where a refusal is taken to be a serious effect on a person."""
PRIVATE = frozenset(
    {"credit", "insurance", "life_insurance", "health_insurance", "motor_insurance", "platform", "pricing"}
)
"""Domains where a private operator is taken to decide, unless somebody says that it is a public body."""

PEOPLE: Mapping[str, str] = {
    "consumers": "private persons",
    "staff": "applicants and employees",
    "businesses": "businesses",
}
CONSUMERS = frozenset({"citizens", "patients"})
"""Kinds of private persons that a case may name."""
EFFECTS: Mapping[str, str] = {
    "significant": "a decision with a legal or similarly serious effect on a person",
    "adverse": "a refusal, an end or worse terms",
    "ranking": "a ranking",
    "recommendation": "a recommendation",
    "support": "help for a person who decides",
    "none": "no effect on a person",
    "unknown": "not known",
}
AUTOMATION: Mapping[str, str] = {
    "solely": "the system alone",
    "between": "a person who mostly follows the system",
    "human": "a person with real authority",
    "unknown": "not known",
}
KNOWN: Mapping[str, str] = {"yes": "yes", "no": "no", "unknown": "not known"}

LEVELS: Mapping[str, str] = {
    "none": "nothing has to be explained",
    "notice": "a notice or a general description",
    "reasons": "the main reasons for this person",
    "logic": "the logic applied, so that the person can follow and contest it",
}
"""What has to be explained, from least to most."""

BESIDES: Mapping[str, str] = {
    "documentation": "documentation for a supervisor or customer",
    "bias_audit": "an audit or tests for bias",
    "human_decision": "a decision by a person",
    "lawful_ground": "a ground that allows a machine to decide alone, such as a contract that needs it or a law",
}
TRIGGERS: Mapping[str, str] = {
    "any_use": "any use of the system",
    "recommends": "recommending or ranking what people are shown",
    "supports": "a decision about a person that the system takes or helps to take",
    "significant": "a legal or similarly serious effect on a person",
    "adverse": "a refusal, an end or worse terms",
    "bureau": "a consumer report or data of a credit bureau",
    "special": "special categories of data or protected traits: origin, belief, health, sex, age, disability",
    "public_body": "a public body that decides",
    "public_settles": "a public body settles the fact that else decides",
}
"""The first five set a duty off, any one of them; the others are conditions, all of which must hold."""

GIVES: Mapping[str, str] = {
    "decision_notice": "the decision",
    "use_notice": "that an automated system is used",
    "ai_disclosure": "that one is talking to an AI",
    "marking": "a mark on synthetic content",
    "description": "how the system works in general",
    "policy": "a passage in the privacy policy",
    "register": "a public summary or register entry",
    "reasons": "the main reasons for this person",
    "score_factors": "the score, its range and its key factors",
    "agency": "who supplied the report, and that they did not decide",
    "report_rights": "a copy of the report and how to dispute it",
    "logic": "the procedure and principles applied",
    "consequences": "what the decision means for the person",
    "data_used": "which data were used",
    "what_would_change": "what would have changed the result",
    "system_role": "what part the system played",
    "told_of_rights": "that these rights exist",
    "human_review": "a person who looks again, on request",
    "review": "a new judgement, on request",
    "contest": "a way to contest the decision",
    "express_view": "a way to be heard",
    "correction": "a way to correct the data",
    "opt_out": "a way to refuse or opt out",
    "non_personalised": "an option that is not personal",
    "consent": "consent beforehand",
    "deletion": "deletion on request",
    "human_decision": "a person who decides",
    "lawful_ground": "a ground that allows a machine to decide alone",
    "oversight": "a person who oversees the system",
    "logs": "logs of what the system did",
    "documentation": "documents on the model, its tests and its governance",
    "impact_assessment": "an impact assessment",
    "bias_audit": "tests or an audit for bias, and what is done about it",
}
"""What a duty asks to be given, in words that follow “to be given: ”."""

GENERAL = frozenset({"use_notice", "description", "policy", "opt_out", "non_personalised", "ai_disclosure", "register"})
"""What a duty that could ask for more still asks where a general description is enough."""

STATUS: Mapping[str, str] = {
    "in_force": "in force",
    "from": "in force from a date",
    "withdrawn": "withdrawn",
    "proposed": "proposed",
    "advisory": "advice, not binding",
}


def chain(code: str, tree: Mapping[str, tuple[str, str]]) -> frozenset[str]:
    """A code with everything it lies in.

    >>> sorted(chain("US-NYC", PLACES))
    ['US', 'US-NY', 'US-NYC']
    """
    found = set[str]()
    while code:
        found.add(code)
        code = tree[code][1]
    return frozenset(found)


def named(codes: Iterable[str], tree: Mapping[str, tuple[str, str]], last: str = "or") -> str:
    """The names of codes in the order of their list.

    >>> named({"FR", "ES"}, PLACES)
    'France or Spain'
    """
    wanted = set(codes)
    return join([name for code, (name, _) in tree.items() if code in wanted], last)


def level_order(level: str) -> int:
    """Place of a level, from least (0) to most (3)."""
    return list(LEVELS).index(level)
