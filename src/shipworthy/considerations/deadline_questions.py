"""What the deadline asks: the date and what missing it costs, when people work, and the plan of every option."""

from pydantic import BaseModel

from shipworthy.considerations import questions as ask
from shipworthy.considerations.deadline_templates import TEMPLATES

_DATE = "The date"
_PLAN = "The plan"
_RISKS = "What plans like this one run into"
_CALENDAR = "When people work"
_ENOUGH = "What would be good enough"

KINDS = {
    "none": "There is no date", "law": "A law takes force", "contract": "A contract promises it",
    "season": "A season or an event begins", "wish": "Somebody wishes it",
}  # fmt: skip
DATED = ("law", "contract", "season", "wish")
OWED = ("law", "contract")
"""Dates that doing nothing misses as well."""

COUNTRIES = {
    "none": "No public holidays", "AR": "Argentina", "AU": "Australia", "AT": "Austria", "BE": "Belgium", "BR": "Brazil",
    "BG": "Bulgaria", "CA": "Canada", "CL": "Chile", "CN": "China", "CO": "Colombia", "HR": "Croatia", "CZ": "Czechia",
    "DK": "Denmark", "EG": "Egypt", "EE": "Estonia", "FI": "Finland", "FR": "France", "DE": "Germany", "GR": "Greece",
    "HK": "Hong Kong", "HU": "Hungary", "IN": "India", "ID": "Indonesia", "IE": "Ireland", "IL": "Israel", "IT": "Italy",
    "JP": "Japan", "KE": "Kenya", "LV": "Latvia", "LT": "Lithuania", "LU": "Luxembourg", "MY": "Malaysia", "MX": "Mexico",
    "NL": "Netherlands", "NZ": "New Zealand", "NG": "Nigeria", "NO": "Norway", "PK": "Pakistan", "PH": "Philippines",
    "PL": "Poland", "PT": "Portugal", "RO": "Romania", "SA": "Saudi Arabia", "RS": "Serbia", "SG": "Singapore",
    "SK": "Slovakia", "SI": "Slovenia", "ZA": "South Africa", "KR": "South Korea", "ES": "Spain", "SE": "Sweden",
    "CH": "Switzerland", "TW": "Taiwan", "TH": "Thailand", "TR": "Türkiye", "UA": "Ukraine", "AE": "United Arab Emirates",
    "GB": "United Kingdom", "US": "United States", "VN": "Vietnam",
}  # fmt: skip

RANGES = {
    "planned": "What we plan: add what such plans overran", "lived": "What such tasks took: overruns are in them",
}  # fmt: skip
FREEZES = {"work": "Nobody works", "launch": "Nothing goes live"}

_DATED = {"deadline.kind": DATED}
_PLANNED = {"deadline.planned": ("yes",)}

TASKS = (
    {"key": "task", "label": "Task", "kind": "text"},
    {"key": "days", "label": "Takes", "kind": "estimate", "unit": "working days", "lower": 0.0},
    {"key": "after", "label": "After", "kind": "text", "names": "plan.task"},
    {"key": "who", "label": "Who", "kind": "text"},
    {"key": "cost", "label": "Cost beside the people", "kind": "money"},
)
PEOPLE = (
    {"key": "who", "label": "Who", "kind": "text"},
    {"key": "number", "label": "How many", "kind": "number", "unit": "people", "lower": 0.0},
    {"key": "rate", "label": "Cost of a working day", "kind": "money"},
    {"key": "start", "label": "From", "kind": "date"},
)
RISKS = (
    {"key": "what", "label": "What may happen", "kind": "text"},
    {"key": "chance", "label": "Chance", "kind": "chance"},
    {"key": "delay", "label": "Delay", "kind": "estimate", "unit": "working days", "lower": 0.0},
    {"key": "task", "label": "Task", "kind": "text", "names": "plan.task"},
)
FROZEN = (
    {"key": "what", "label": "What", "kind": "choice", "choices": FREEZES},
    {"key": "begin", "label": "First day", "kind": "date"},
    {"key": "end", "label": "Last day", "kind": "date"},
)


class Questions(BaseModel):
    """What the deadline asks."""

    kind: ask.Choice = ask.choice(
        "What is the date?", KINDS, default="none", section=_DATE,
        help="A law or a contract is missed by doing nothing too, which then pays for it.",
    )  # fmt: skip
    date: ask.Date = ask.date(
        "The date", section=_DATE, when=_DATED, help="It has to be live when this day begins.",
    )  # fmt: skip
    once: ask.Estimate = ask.money(
        "What missing it costs, once", section=_DATE, when=_DATED, help="A fine, a penalty, a season lost.",
    )  # fmt: skip
    a_day: ask.Estimate = ask.money(
        "What each day late costs", per=" a day", section=_DATE, when=_DATED,
        help="From that day until it is live: a daily fine, business that has to stop.",
    )  # fmt: skip
    planned: ask.Choice = ask.choice(
        "Plan it as tasks?", {"yes": "Yes", "no": "No, we know the days until live"}, default="no", section=_PLAN,
        help="Days until live and one-off cost then come from the plan.",
    )  # fmt: skip
    template: ask.Choice = ask.choice(
        "Start the plan from", {"own_list": "Our own list of tasks", **TEMPLATES}, default="own_list", per_option=True,
        section=_PLAN, when=_PLANNED, help="Used as it stands, with what such tasks took, until tasks are typed below.",
    )  # fmt: skip
    plan: ask.Rows = ask.rows(
        "Tasks", TASKS, per_option=True, optional=True, section=_PLAN, when=_PLANNED,
        help="After: the tasks that must be done before, with commas between. Whoever is named works on one task at a time, in this "
        "order. Weeks may be typed: 2 weeks are 10 working days.",
    )  # fmt: skip
    ranges: ask.Choice = ask.choice(
        "What the ranges of the tasks are", RANGES, default="planned", per_option=True, section=_PLAN, when=_PLANNED,
        help="Plans are hopeful. Ranges from experience need nothing added.",
    )  # fmt: skip
    people: ask.Rows = ask.rows(
        "People", PEOPLE, section=_PLAN, optional=True, when=_PLANNED,
        help="Those who are named in the plan; without a list there is one of each. Rows of one name are several people, each from "
        "their own day, and their cost of a day is averaged. 0.5 works half of the time, so a task takes twice as long; 1.5 are "
        "one who works all of it and one who works half: a task goes to whoever is done first.",
    )  # fmt: skip
    overrun: ask.Estimate = ask.estimate(
        "What such plans took over what was planned", unit="times", lower=0.0, neutral=1.0, per_option=True, section=_RISKS,
        when=_PLANNED, search=(0.05, 10.0), help="1.2 is a fifth longer than planned. It stretches all tasks together.",
    )  # fmt: skip
    alike: ask.Number = ask.number(
        "How alike the risks of the tasks are", unit="share", lower=0.0, upper=1.0, section=_RISKS, when=_PLANNED,
        search=(0.0, 1.0), help="0 %: one task late says nothing about the next. 100 %: all are late together.",
    )  # fmt: skip
    risks: ask.Rows = ask.rows(
        "What may happen", RISKS, per_option=True, optional=True, section=_RISKS, when=_PLANNED,
        help="Delays in working days that come or do not come. Without a task, the whole plan waits.",
    )  # fmt: skip
    start: ask.Date = ask.date(
        "Work begins", optional=True, section=_CALENDAR, when=_PLANNED, help="When people have time for it; today where empty. If work goes on already, type only what is left of it.",
    )  # fmt: skip
    country: ask.Choice = ask.choice(
        "Public holidays of", COUNTRIES, default="none", section=_CALENDAR, when=_PLANNED,
        help="Its public holidays and its weekend are free.",
    )  # fmt: skip
    days_a_week: ask.Number = ask.number(
        "Working days a week", unit="days a week", lower=1.0, upper=7.0, section=_CALENDAR, when=_PLANNED,
        help="Whole days that people have for it.",
    )  # fmt: skip
    freezes: ask.Rows = ask.rows(
        "Times without work or launches", FROZEN, optional=True, section=_CALENDAR, when=_PLANNED,
        help="Company holidays, a year-end freeze.",
    )  # fmt: skip
    in_time: ask.Requirement = ask.requirement(
        "Days late that would still do", unit="days", lower=0.0, section=_ENOUGH, when=_DATED, at_least=False,
        help="Live by the date at the latest, or so many days after it.",
    )  # fmt: skip
