"""What the Decide page shows beside the matrix: what to find out first, and the choice under other attitudes."""

from shipworthy._deciding_words import Told
from shipworthy.ui.html import Markup, paragraph, table


def find_out(said: Told) -> Markup:
    """Which answers are worth finding out before choosing, and up to what price."""
    parts = [Markup("<h3>What to find out first</h3>")]
    parts += [Markup("<p>{}</p>").format(each) for each in said.lead]
    if said.first:
        parts.append(table(said.first_head, said.first))
    if said.rest:
        parts.append(paragraph(said.rest))
    return Markup("").join(parts)


def views(said: Told) -> Markup:
    """The options among each other, and which one each attitude would take."""
    heading = Markup("<h3>Seen in other ways</h3>")
    tables = [table(said.standing_head, said.standings), table(said.chosen_head, said.chosen)]
    return Markup("").join([heading, *tables, paragraph(said.agreement)])
