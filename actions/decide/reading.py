"""A message as acts with polarity: what it does, what it denies, which values it holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from actions.decide import bounds

Json = dict[str, Any]

ACT_OF_INTENT = {
    "greet": "greet",
    "goodbye": "bye",
    "thank": "thank",
    "affirm": "affirm",
    "deny": "deny",
    "ask_capabilities": "capabilities",
    "bot_challenge": "challenge",
    "request_human": "person",
    "file_complaint": "complain",
    "check_ticket": "status",
    "urge_ticket": "hurry",
    "withdraw_complaint": "withdraw",
    "dispute_result": "dispute",
    "check_order": "status",
    "change_order": "change_order",
    "cancel_order": "cancel_order",
    "request_refund": "refund",
    "request_exchange": "exchange",
    "request_repair": "repair",
    "request_invoice": "invoice",
    "ask_faq": "ask",
    "product_advice": "advice",
    "praise": "praise",
    "make_suggestion": "suggest",
    "express_anger": "anger",
    "correct_info": "correct",
    "stop_form": "stop",
    "rate_service": "choose",
    "request_callback": "callback",
    "out_of_scope": "offtopic",
}
"""What a press means, and a sentence about which the reader is silent."""

MATTERS = {
    "complain": "complaint",
    "refund": "refund",
    "exchange": "exchange",
    "repair": "repair",
    "install": "installation",
    "invoice": "invoice",
    "change_order": "order_change",
    "cancel_order": "order_change",
    "callback": "callback",
}
"""Acts that open a matter, and its kind of ticket."""


@dataclass(frozen=True)
class Reading:
    """`acts`: act -> confidence, negative where the customer denies or rejects it; the most important first."""

    acts: Mapping[str, float] = field(default_factory=dict)
    intent: str = ""
    """The intent of the sentence by itself, and how sure that is."""
    sure: float = 0.0
    values: Json = field(default_factory=dict)
    words: Json = field(default_factory=dict)
    is_press: bool = False
    shades: frozenset[str] = frozenset()
    """What it means more narrowly, learnt from data/shades; `Seen` tells what each of them is."""
    is_guess: bool = False
    """The matter that is wanted is told by the sentence alone, against a faint reading: it is asked about."""
    danger: str = ""
    """Which danger it is, as the reader learnt from those that bear a sign of the company's."""

    @classmethod
    def of(cls, message: Mapping[str, Any], values: Json) -> Reading:
        """From `tracker.latest_message`; a press says its act by its intent."""
        intent = message.get("intent") or {}
        name, sure = str(intent.get("name") or ""), float(intent.get("confidence") or 0.0)
        is_press = not message.get("text")
        read = message.get("reading") or {}
        acts = {} if is_press else _signed(read.get("acts") or {})
        if name == "out_of_scope" and sure >= bounds.UNHEARD and set(acts) <= GUESSES and _is_faint(acts, sure):
            acts = {}
        if name == "inform" and sure == 1.0:
            acts = {one: of for one, of in acts.items() if one in OF_VALUES}
        act, words = ACT_OF_INTENT.get(name), dict(read.get("values") or {})
        shades = frozenset(map(str, read.get("shades") or ()))
        if name == "affirm" and sure == 1.0 and not is_press:
            return cls({"affirm": sure}, name, sure, values, words, shades=shades)  # 「系」, 「对滴」
        is_guess = act not in (read.get("denied") or ()) and not is_press and _is_likelier(acts, str(act), sure)
        if act in (read.get("denied") or ()):
            acts = {**acts, str(act): -sure}
        elif is_guess:
            acts = {str(act): bounds.MATTER, **{one: of for one, of in acts.items() if one not in MATTERS}}
        elif act:
            acts = _with_sentence(acts, act, sure, is_press)
        danger = str(read.get("danger") or "")
        return cls(acts, name, sure, values, words, is_press, shades, is_guess, danger)

    def with_words(self, wished: Collection[str], denied: Collection[str]) -> Reading:
        """The same where words of the company say outright that something is wished, or that it is not."""
        beside = {act: sure for act, sure in self.acts.items() if act not in (*wished, *denied)}
        acts = {**dict.fromkeys(wished, 1.0), **beside, **dict.fromkeys(denied, -1.0)}
        return replace(self, acts=acts, is_guess=self.is_guess and not wished)

    def by_shades(self, in_form: bool, asks: bool = True) -> Reading:
        """The same with what shades say: where goods are is asked, another day wished (in a form that answers).

        `asks`: whether it is a question by its words; inside a form only then goods are asked after.
        """
        books = self.intent == "request_repair" and self.sure >= bounds.OPEN  # 「预约周日装」 moves nothing
        asks_rule = self.intent == "ask_faq" and self.sure >= bounds.SURE_SENTENCE  # 「缺货了什么时候补货」
        both_ask = self.intent == "ask_faq" and min(self.sure, self.acts.get("ask", 0.0)) >= bounds.INTENT
        praises = self.acts.get("praise", 0.0) >= bounds.OPEN  # 「昨天送货的师傅特别好」
        unheard = {"moves_date"} if books or both_ask or praises else {"asks_where"} if asks_rule else set()
        unheard |= {"asks_where"} if in_form and not asks else set()
        read = replace(self, shades=self.shades - unheard)
        told = {} if self.is_press else {shade: act for shade, act in TOLD_BY_SHADES.items() if shade in read.shades}
        act = next((act for shade, act in told.items() if not (in_form and act in MATTERS)), None)
        return read.without(*MISHEARD).with_words((act,), ()) if act and not read.denies(act) else read

    def without(self, *acts: str) -> Reading:
        """The same without these acts."""
        return replace(self, acts={act: sure for act, sure in self.acts.items() if act not in acts})

    def says(self, *acts: str) -> bool:
        """Whether one of these acts is in the message, not denied."""
        return any(self.acts.get(act, 0.0) > 0 for act in acts)

    def denies(self, *acts: str) -> bool:
        """Whether one of these is denied or rejected."""
        return any(self.acts.get(act, 0.0) < 0 for act in acts)

    def first(self, among: Collection[str]) -> str | None:
        """The most important of these acts, not denied."""
        return next((act for act, sure in self.acts.items() if act in among and sure > 0), None)

    def denies_matter(self, kind: str | None) -> bool:
        """Whether an act that would open a matter of this kind is denied."""
        return any(opened == kind and self.denies(act) for act, opened in MATTERS.items())

    @property
    def wanted(self) -> str | None:
        """The act of the matter that is wanted, the most important one."""
        return next((act for act, sure in self.acts.items() if act in MATTERS and sure >= bounds.MATTER), None)

    @property
    def is_sure(self) -> bool:
        """Whether the matter that is wanted may be begun without asking: by the reader, or both readings agree."""
        act = self.wanted
        if act is None or self.is_guess:
            return False
        if self.acts.get("advice", 0.0) > self.acts[act] or (self.sounds_asked and self.acts[act] < bounds.OUTRIGHT):
            return False
        if act == "callback" and "phone" in self.values:
            return True
        if act in VISIT_ACTS and {"phone", "place"} <= self.values.keys():
            return True  # who tells where to come and whom to call wants it
        agrees = ACT_OF_INTENT.get(self.intent) == act and self.sure >= bounds.OPEN
        return agrees or self.acts[act] >= bounds.OPEN

    @property
    def sounds_asked(self) -> bool:
        """Whether the sentence by itself is a question: 「我想了解一下退货流程」."""
        return self.intent == "ask_faq" and self.sure >= bounds.INTENT

    @property
    def asks_surely(self) -> bool:
        """Whether the sentence by itself is surely a question, and how far something is was heard but faintly."""
        is_asked = self.intent == "ask_faq" and self.sure >= bounds.SURE_OF_QUESTION
        return is_asked and self.acts.get("status", 0.0) < bounds.HARMLESS

    @property
    def is_silent(self) -> bool:
        """Whether nothing was read but perhaps values."""
        return not any(sure > 0 for sure in self.acts.values())


def _with_sentence(acts: Mapping[str, float], act: str, sure: float, is_press: bool) -> dict[str, float]:
    """What the reader heard and what the sentence alone says, the more important first."""
    others = {one: of for one, of in acts.items() if one != act}
    is_wording = sure == 1.0 and acts.get(act, 0.0) > 0  # of the company's lexicon, which has one meaning
    if not is_press and (is_wording or _is_felt_twice(acts, act, sure) or _outweighs(acts, act, sure)):
        return {act: sure, **others}
    if is_press or _counts(acts, act, sure):
        return {act: sure, **({} if act in UNREAD else others)}
    return dict(acts)


def _counts(acts: Mapping[str, float], act: str, sure: float) -> bool:
    """Whether the intent of the sentence alone stands: the reader is silent, or hears nothing against it."""
    if act in acts:
        return False
    if not acts:
        return sure >= bounds.INTENT
    return act in BESIDE and sure >= bounds.HARMLESS and set(acts) <= BESIDE[act]


def _is_likelier(acts: Mapping[str, float], act: str, sure: float) -> bool:
    """Whether the sentence alone is surer of another matter than the reader of its own: that one is asked about."""
    heard = max((of for one, of in acts.items() if one in MATTERS), default=0.0)
    is_other = act in MATTERS and acts.get(act, 0.0) == 0.0
    is_surer = bounds.OWN_MATTER <= sure < bounds.SURE_SENTENCE and heard < sure
    return is_other and is_surer and 0 < heard < bounds.FAINT_MATTER


def _is_felt_twice(acts: Mapping[str, float], act: str, sure: float) -> bool:
    """Whether the sentence alone sounds angry to which the reader hears grumbling: neither is sure, both are cross."""
    return act == "anger" and act not in acts and acts.get("grumble", 0.0) >= sure >= bounds.CROSS


def _outweighs(acts: Mapping[str, float], act: str, sure: float) -> bool:
    """Whether a sentence that is sure of a wish is believed over a faint reading of it; an answer stays one."""
    is_faint = bool(acts) and all(abs(of) < bounds.OPEN for of in acts.values())
    is_own = act in PLAIN_WISHES or (act in MATTERS and act not in acts and not acts.keys() & MATTERS.keys())
    return is_own and sure >= bounds.SURE_SENTENCE and is_faint and not ANSWERING & set(acts)


TOLD_BY_SHADES = {"moves_date": "change_order", "asks_where": "status"}
"""Shades that are an act by themselves."""
MISHEARD = ("challenge", "capabilities", "advice", "choose", "suggest", "install", "offtopic")
"""What is heard in such words where nothing tells what is spoken of: 「你就说它现在在哪儿」."""
VISIT_ACTS = frozenset({"repair", "install"})
PLAIN_WISHES = frozenset({"person", "correct", "withdraw", "complain"})
"""Wishes that are called by their names."""
ANSWERING = frozenset({"answer", "choose", "unknown", "has_none", "refuse"})
OF_VALUES = frozenset({"answer", "danger", "injury", "unknown"})
"""What a message may do that holds nothing but values."""
GUESSES = frozenset({"affirm", "deny", "choose", "praise", "submit", "thank", "greet"})
"""What the reader makes of words that are none of ours."""
UNREAD = frozenset({"capabilities", "challenge"})
"""What only the sentence alone tells: the reader has no name for it."""
BESIDE = {
    "bye": frozenset({"affirm", "thank", "later", "deny"}),
    "capabilities": frozenset({"ask", "greet", "unclear", "why", "advice"}),
    "challenge": frozenset({"ask", "ask_own", "greet", "unclear", "why", "grumble"}),
    "person": frozenset({"grumble", "anger", "sarcasm", "greet", "why"}),
}
"""Acts of the sentence alone that count beside these, which one says while meaning them: 「晓得了，再会」."""


def _signed(acts: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    return {
        act: float(one["confidence"]) * (-1 if one.get("polarity") == "-" else 1)
        for act, one in acts.items()
        if _is_heard(act, one)
    }


def _is_heard(act: str, one: Mapping[str, Any]) -> bool:
    """A danger and a denial are heard however faint they are."""
    counts_always = act in ("danger", "injury") or one.get("polarity") == "-"
    return counts_always or float(one["confidence"]) >= bounds.FAINT


def _is_faint(acts: Mapping[str, float], sure: float) -> bool:
    return max((abs(of) for of in acts.values()), default=0.0) < sure
