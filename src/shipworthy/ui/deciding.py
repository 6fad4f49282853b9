"""What the Decide page shows beside the matrix: the choice under other attitudes."""

from shipworthy._deciding_words import Told
from shipworthy.assess import Assessment
from shipworthy.ui.html import Markup, paragraph, table
from shipworthy.words import total


def views(said: Told) -> Markup:
    """The options among each other, and which one each attitude would take."""
    heading = Markup("<h3>Seen in other ways</h3>")
    tables = [table(said.standing_head, said.standings), table(said.chosen_head, said.chosen)]
    return Markup("").join([heading, *tables, Markup("<p>{}</p>").format(said.agreement), *map(paragraph, said.notes)])


def chosen(assessment: Assessment) -> Markup:
    """What the figures say of the option that was chosen, where it is not the recommended one, or fails."""
    key = assessment.decision.outcome.chosen
    if key is None or not assessment.comparable:
        return Markup("")
    result, best = assessment.options[key], assessment.options[assessment.recommended]
    said = []
    if key != best.key:
        gap = total(best.summary.mean - result.summary.mean)
        said.append(
            f"The highest expected payoff has “{best.option.name}”: {gap} {assessment.currency()} more than what was chosen."
        )
    failed = [each for each in result.findings.values() if each.status == "fails"]
    said += [f"{assessment.registry[each.consideration].name} fails: {each.headline}" for each in failed]
    return Markup("").join(Markup("<p>{}</p>").format(each) for each in said)
