"""The options as tabs, above each panel."""

from functools import partial

import ipywidgets as widgets

from shipworthy.decision import DO_NOTHING
from shipworthy.ui import html
from shipworthy.ui.panel import box, mark
from shipworthy.ui.session import Session


class OptionTabs(widgets.VBox):  # type: ignore[misc]
    """The options as tabs, with adding, renaming, copying and removing in place."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.tabs = [widgets.Button() for _ in range(6)]
        for number, button in enumerate(self.tabs):
            button.on_click(session.guard(partial(self._show, number)))
        self.edit = widgets.Button(description="Edit options…")
        self.edit.add_class("sw-link")
        self.edit.on_click(session.guard(self._toggle))
        self.name = widgets.Text(description="Name", continuous_update=True)
        acts = {
            "Rename": lambda: session.rename_option(session.option, self.name.value),
            "Add as new": lambda: session.add_option(self.name.value),
            "Copy this one": lambda: session.add_option(f"{self.name.value} (copy)"[:120], session.option),
            "Remove this one": lambda: session.remove_option(session.option),
            "Done": self._toggle,
        }
        made = [widgets.Button(description=text) for text in acts]
        for button, act in zip(made, acts.values(), strict=True):
            button.on_click(session.guard(act))
        self.first, self.then = widgets.Dropdown(description="First"), widgets.Dropdown(description="then")
        both = widgets.Button(description="Add one after the other")
        both.on_click(session.guard(self._add_both))
        self.turns = box("sw-tabs", [self.first, self.then, both])
        self.editor = box("sw-stack", [box("sw-tabs", [self.name, *made]), self.turns], vertical=True)
        self.editor.layout.display = "none"
        self.made_of = widgets.HTML(layout={"display": "none"})
        super().__init__([box("sw-tabs", [*self.tabs, self.edit]), self.editor, self.made_of])

    def refresh(self) -> None:
        """Show the options and which one is in view."""
        options = self.session.decision.options
        for button, option in zip(self.tabs, [*options, *[None] * 6], strict=False):
            button.layout.display = None if option else "none"
            if option is not None:
                button.description = option.name
                mark(button, "sw-on", option.key == self.session.option)
        name = self.session.decision.option(self.session.option).name
        if getattr(self, "_named", None) != (self.session.option, name):
            self._named = (self.session.option, name)
            self.name.value = name
        single = [(each.name, each.key) for each in options if each.key != DO_NOTHING and not each.phases]
        self.turns.layout.display = None if len(single) > 1 else "none"
        for place, menu in enumerate((self.first, self.then)):
            if menu.options != tuple(single):
                kept = menu.value if menu.value in {key for _, key in single} else None
                menu.options = single
                menu.value = kept or (single[min(place, len(single) - 1)][1] if single else None)
        self._show_phases()

    def _show_phases(self) -> None:
        """Say what an option in turn is made of: its answers are given there."""
        decision = self.session.decision
        names = [f"“{decision.option(key).name}”" for key in decision.option(self.session.option).phases]
        self.made_of.layout.display = None if names else "none"
        self.made_of.value = str(
            html.paragraph(f"First {', then '.join(names)}: answers that differ by option are given there.")
        )

    def _add_both(self) -> None:
        decision, keys = self.session.decision, (self.first.value, self.then.value)
        names = [decision.option(key).name for key in keys if key]
        self.session.add_option(", then ".join(names)[:120], phases=keys)

    def _show(self, number: int) -> None:
        self.session.option = self.session.decision.options[number].key

    def _toggle(self) -> None:
        self.editor.layout.display = "none" if self.editor.layout.display is None else None
