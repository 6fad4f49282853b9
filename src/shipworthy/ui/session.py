"""The state behind the screen: the decision, its assessment, undo, saving. No widgets; views link to its traits."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

import traitlets

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.considerations import open_text, registry, with_dimensions
from shipworthy.considerations.questions import Question
from shipworthy.considerations.world import World
from shipworthy.decision import Decision, Evidence, Outcome, new_decision, now
from shipworthy.documents import write
from shipworthy.errors import InputError
from shipworthy.saver import Saver
from shipworthy.store import Store, new_id
from shipworthy.ui import fields, lists
from shipworthy.ui.leaving import gone_with
from shipworthy.ui.refusals import Refusals
from shipworthy.ui.telling import SAVING, Telling
from shipworthy.words import file_name

MOST_UNDO = 200


class Session(Refusals, Telling):
    """One person's view of one decision.

    Whatever changes the decision goes through :meth:`change`: it is assessed, logged, can be undone, and is offered to
    the store. Views observe ``assessment``, ``option``, ``place``, ``saved`` and ``notice``.
    """

    decision = traitlets.Any(allow_none=True)
    assessment = traitlets.Any(allow_none=True)
    option = traitlets.Unicode("")
    place = traitlets.Unicode("frame")
    identity = traitlets.Unicode("")
    saved = traitlets.Unicode("")
    unsaved = traitlets.Bool(False)
    conflict = traitlets.Unicode("")

    def __init__(self, store: Store | None = None, *, today: Callable[[], date] = date.today, **traits: Any) -> None:
        super().__init__(**traits)
        self.store = store if store is not None else Store()
        self.saver: Saver | None = None
        self._today = today
        self._kept: dict[Any, Any] = {}
        self._undo: list[Decision] = []
        self._redo: list[Decision] = []
        self._left: Decision | None = None
        self._lists = lists.Lists()
        self.before_assessing: Callable[[], None] = lambda: None

    # ---- opening and leaving

    def start_new(self, title: str = "", question: str = "") -> None:
        """Begin a decision with one option beside doing nothing."""
        decision = new_decision(" ".join(title.split())[:200] or "A new decision", question=question[:300])
        with self.hold_trait_notifications():
            self._begin(edits.add_option(decision, "First option"))
            self.place = "frame"

    def start_example(self, key: str) -> None:
        """Begin from a case that ships with the package."""
        from shipworthy.examples import PLACES, example

        with self.hold_trait_notifications():  # no page is built only to be left again
            self._begin(example(key))
            self.place = PLACES.get(key, "frame")

    def start_file(self, content: bytes) -> None:
        """Begin from a decision or a record; a hand-edited record opens with a warning."""
        from shipworthy.record import open_any

        opened = open_any(content)
        with self.hold_trait_notifications():  # what was decided is what one looks for in it
            self._begin(opened.decision)
            self.place = "frame" if opened.decision.outcome == Outcome() else "decide"
        if opened.said:
            self.tell(opened.said, "error")

    def open(self, identity: str) -> None:
        """Go on with a saved decision."""
        self._leave()
        kept = self.store.load(identity)
        self._begin(open_text(kept.document), identity, kept.revision)

    def close(self) -> None:
        """Back to the start page; what is pending is saved first."""
        self._leave()
        self.saver = self.decision = self.assessment = None
        self.saved = self.conflict = self.identity = ""
        self.unsaved = False
        self.notice = {}

    def delete(self) -> str:
        """Delete the decision with all its revisions, for good; gives its id."""
        identity = self.identity
        self.store.delete(identity)
        self.saver = None
        self.close()
        return identity

    def _leave(self) -> None:
        """Save what is pending before something else is opened; what cannot be saved is left behind only when asked twice."""
        self.flush(at_once=True)
        if self.saver is not None and self.saver.pending and self._left is not self.decision:
            self._left = self.decision
            why = self.saver.outcome.words.removeprefix("not saved: ").replace("conflict", "it was changed elsewhere")
            raise InputError(
                f"“{self.decision.frame.title[:80]}” is not saved yet ({why}). Download it first, or do the same again to "
                "leave it behind."
            )

    def _begin(self, decision: Decision, identity: str = "", revision: int = 0) -> None:
        self._leave()
        decision = with_dimensions(decision)
        self._kept = {}
        assessment = self._assessed(decision)
        self._undo, self._redo, self.errors, self._lists = [], [], {}, lists.Lists()
        self.saver = Saver(self.store, identity or new_id(), revision)
        self.conflict, self.notice, self.decision = "", {}, decision
        self._take(assessment, keep_option=False)
        if not identity:
            self.saver.offer(write(decision), decision.frame.title)
            self.flush(at_once=True)
        self.identity = self.saver.id
        self._said_saved()

    # ---- changing

    def change(self, decision: Decision) -> None:
        """Take the next state of the document: assess it, keep the old one for undo, offer it to the store."""
        if decision == self.decision:
            return
        decision = with_dimensions(decision)
        self._undo = [*self._undo[1 - MOST_UNDO :], self.decision]
        self._redo = []
        self._show(decision)

    def undo(self) -> None:
        """Back to the state before the last change."""
        self._step(self._undo, self._redo)

    def redo(self) -> None:
        """Forward again."""
        self._step(self._redo, self._undo)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._undo)

    @property
    def past(self) -> tuple[Decision, ...]:
        """The states before this one that can be gone back to, and this one, the earliest first."""
        return (*self._undo, self.decision)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return bool(self._redo)

    def _step(self, origin: list[Decision], target: list[Decision]) -> None:
        if origin:
            target.append(self.decision)
            self.errors = {}
            self._show(origin.pop())

    def _show(self, decision: Decision) -> None:
        """The document is kept and saved even where assessing or showing it fails."""
        self.decision = decision
        try:
            self.before_assessing()
            self._take(self._assessed(decision))
        finally:
            self._offer()

    def _assessed(self, decision: Decision) -> Assessment:
        return assess(decision, on=decision.as_of or self._today(), kept=self._kept)

    def world(self) -> World:
        """The answers as they stand, on the draws, before they are assessed."""
        return World(self.decision, self.decision.as_of or self._today(), registry(), kept=self._kept)

    def _take(self, assessment: Assessment, *, keep_option: bool = True) -> None:
        """Views hear of the assessment and the option in view together: one without the other does not go together."""
        with self.hold_trait_notifications():
            if not keep_option or self.option not in assessment.options:
                self.option = next(iter(assessment.options))
            self.assessment = assessment

    # ---- answers

    def question(self, key: str) -> Question:
        """The declaration behind a form's key."""
        consideration, _, name = key.partition(".")
        return registry()[consideration].questions[name]

    def answer(self, key: str, option: str | None, typed: Mapping[str, Any]) -> None:
        """What was typed into the boxes of a question. An impossible answer is told beside it and changes nothing."""
        question, option = self.question(key), self._own(key, option)
        try:
            value = fields.parse(question, typed)
            if value is not None:
                registry()[question.consideration].check(question.name, value, self.assessment.on)
        except InputError as problem:
            self.refuse(key, option, str(problem), typed)
            return
        self.errors.pop((key, option or ""), None)
        if value is not None:
            decision = self.decision
            if question.kind == "rows" and isinstance(value, tuple):
                decision, option = self._lists.say(self.world(), question, value, option, self.option)
            else:
                decision = edits.say(decision, key, value, option)
            self._log_answer(decision, question, "answered", option)
        elif option:
            self._log_answer(edits.say_unknown(self.decision, key, option), question, "emptied", option)
        else:
            self._log_answer(edits.reset(self.decision, key), question, "emptied")

    def say_unknown(self, key: str, option: str | None) -> None:
        """The team does not know yet."""
        self._forgive(key)
        option = self._own(key, option)
        decision = edits.say_unknown(self.decision, key, option)
        self._log_answer(decision, self.question(key), "said to be unknown", option)

    def confirm(self, key: str) -> None:
        """A default, or what stood there before, becomes the team's answer."""
        self._forgive(key)
        default = self.question(key).declared_default()
        value, source = (default.value, default.source) if default else (None, "")
        self._log_answer(edits.confirm(self.decision, key, value, source), self.question(key), "confirmed")

    def reset(self, key: str) -> None:
        """The answer is taken back."""
        self._forgive(key)
        self._log_answer(edits.reset(self.decision, key), self.question(key), "taken back")

    def differ(self, key: str, on: bool) -> None:
        """Options differ in the answer, or do not any more."""
        self._forgive(key)
        default = self.question(key).declared_default()
        decision = edits.differ(self.decision, key, on, default.value if default else None)
        what = "made to differ by option" if on else "made the same for all options"
        self._log_answer(decision, self.question(key), what)

    def copy_stand_in(self, key: str) -> None:
        """The rows that stand in for a list become its answer: for all options, or for the one in view where they differ."""
        question, world = self.question(key), self.world()
        rows = fields.stand_in(world, question, self.option)
        if not rows:
            return
        self._forgive(key)
        decision, own = lists.begin(world, question, rows, self._own(key, self.option), self.option)
        self._log_answer(decision, question, "begun from what was used", own)

    def evidence(self, key: str, said: Mapping[str, Any]) -> None:
        """On what an answer stands."""
        most = {"who": 300, "source": 2_000, "note": 5_000}
        texts = {name: str(said.get(name, ""))[:length] for name, length in most.items()}
        default, before = self.question(key).declared_default(), self.decision.answer(key)
        stands_on_it = default and (before is None or before.evidence.kind == "default")
        kind = said.get("kind") or ("default" if stands_on_it else "estimated")  # nobody picks that it is a default
        kind = kind if kind in ("measured", "quoted", "estimated", "default") else "estimated"
        evidence = Evidence(kind=kind, at=now(), **texts)  # type: ignore[arg-type]
        decision = edits.with_evidence(self.decision, key, evidence, default.value if default else None)
        self._log_answer(decision, self.question(key), "evidence given")

    def _own(self, key: str, option: str | None) -> str | None:
        """The option whose own answer is meant; none where all share one."""
        answer = self.decision.answer(key)
        return option if answer is not None and answer.differs else None

    def _log_answer(self, decision: Decision, question: Question, what: str, option: str | None = None) -> None:
        """Take an edited answer with its line in the log; nothing happens where it says what it said."""
        before, after = self.decision.answer(question.key), decision.answer(question.key)
        if fields.same(before, after):
            return
        name = f" › {self.decision.option(option).name}" if option else ""
        path = f"{registry()[question.consideration].name} › {question.label}{name}"
        currency = self.assessment.currency()
        texts = [fields.said(question, each, option, currency) for each in (before, after)]
        if texts[0] == texts[1]:
            texts = ["", ""]
        self.change(edits.logged(decision, path, what, *texts))

    # ---- options, frame, outcome

    def add_option(self, name: str, copy_of: str | None = None, phases: tuple[str, ...] = ()) -> None:
        """Add an option, or copy one, or make one of others in turn, and show it."""
        decision = edits.add_option(self.decision, name, copy_of, phases)
        (added,) = {each.key for each in decision.options} - {each.key for each in self.decision.options}
        what = "added" if copy_of is None else f"copied from {self.decision.option(copy_of).name}"
        self.change(edits.logged(decision, f"Options › {name}"[:300], what))
        self.option = added

    def rename_option(self, key: str, name: str) -> None:
        """Give an option another name."""
        before, decision = self.decision.option(key).name, edits.rename_option(self.decision, key, name)
        after = decision.option(key).name
        if after != before:
            self.change(edits.logged(decision, f"Options › {before}", "renamed", before, after))

    def remove_option(self, key: str) -> None:
        """Take an option out, with its own answers; what goes with it beside them is told."""
        before, name = self.decision, self.decision.option(key).name
        self.change(edits.logged(edits.remove_option(before, key), f"Options › {name}", "removed"))
        if said := gone_with(before, self.decision, key):
            self.tell(said)

    def set_frame(self, **changes: Any) -> None:
        """Change what the decision is about."""
        self.change(edits.reframed(self.decision, **changes))

    def set_as_of(self, day: date | None) -> None:
        """Read prices and rules as of another day; None is today, whichever day that is."""
        self.change(edits.as_of(self.decision, day))

    def set_outcome(self, outcome: Outcome, what: str) -> None:
        """Change what was decided."""
        if outcome == self.decision.outcome:
            return
        self.change(edits.logged(edits.with_outcome(self.decision, outcome), "Outcome", what))

    # ---- saving

    def _offer(self) -> None:
        if self.saver is not None:
            self.saver.offer(partial(write, self.decision), self.decision.frame.title)
            self._said_saved()

    def flush(self, *, at_once: bool = False) -> None:
        """Save what is due; called by the page's clock."""
        if self.saver is not None:
            self.saver.flush(at_once=at_once)
            self._said_saved()

    def _said_saved(self) -> None:
        if self.saver is None:
            return
        outcome = self.saver.outcome
        words = {"saved": "Saved", "saving": "Saving…", "conflict": "Not saved: changed elsewhere"}
        at = f" {outcome.saved_at.astimezone():%H:%M:%S}" if outcome.state == "saved" and outcome.saved_at else ""
        self.saved = words.get(outcome.state, "Not saved") + at
        self.unsaved = outcome.state in ("not saved", "conflict")
        self.conflict = outcome.message if outcome.conflict is not None else ""
        if outcome.state == "not saved" and outcome.message and self.notice.get("text") != outcome.message:
            self.tell(outcome.message, "error", about=SAVING)
        if outcome.state == "saved" and self.notice.get("about") == SAVING:
            self.tell("Saved again: nothing was lost.", "ok")
        if outcome.state == "conflict" and self.notice.get("about") == SAVING:
            self.notice = {}

    def settled(self) -> None:
        """What cannot be saved is told again once another message went."""
        self._said_saved()

    def keep_mine(self) -> None:
        """Two pages changed the decision: put this one's state on top; the other stays in the history."""
        assert self.saver is not None
        self.saver.keep_mine()
        self._said_saved()

    def take_theirs(self) -> None:
        """Two pages changed the decision: show the other one's state; this one's is kept as a decision of its own."""
        assert self.saver is not None
        identity, mine = self.identity, self.decision
        theirs = self.store.load(identity)
        decision = open_text(theirs.document)
        copy = self.store.create(write(mine), title=mine.frame.title)
        self.saver.take_theirs(theirs.revision)
        self._begin(decision, identity, theirs.revision)
        self.tell("This is what the other page had. Yours is kept as a copy.", copy=copy.id)

    # ---- files

    def document(self) -> str:
        """The decision as a file."""
        return write(self.decision)

    def record(self) -> str:
        """The decision as a record."""
        from shipworthy.record import make

        return make(self.assessment, made_at=now())

    def file_name(self, ending: str) -> str:
        """A file name from the title."""
        return file_name(self.decision.frame.title, ending)
