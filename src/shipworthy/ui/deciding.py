"""What the Decide page shows beside the matrix: the choice under other attitudes."""

from shipworthy._deciding_words import Told
from shipworthy.ui.html import Markup, paragraph, table


def views(said: Told) -> Markup:
    """The options among each other, and which one each attitude would take."""
    heading = Markup("<h3>Seen in other ways</h3>")
    tables = [table(said.standing_head, said.standings), table(said.chosen_head, said.chosen)]
    return Markup("").join([heading, *tables, Markup("<p>{}</p>").format(said.agreement), *map(paragraph, said.notes)])
