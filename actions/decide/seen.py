"""All that a decision looks at, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from actions.decide.reading import MATTERS, Reading
from helpdesk.model.frame import CONFIRM, Frame


class Fit(StrEnum):
    """How the words fit the field that is asked for."""

    VALUE = "value"
    """They hold a value of its kind."""
    WORDS = "words"
    """Any words would do, so they may as well be no answer."""
    CANNOT_TELL = "cannot_tell"
    """They say that it is not known, or not told."""
    WRONG = "wrong"
    """They were meant as one, and are none."""
    NONE = "none"


@dataclass(frozen=True)
class Seen:
    """The frame before this message, the reading, and what was looked up beforehand."""

    frame: Frame
    reading: Reading
    fit: Fit = Fit.NONE
    danger: str | None = None
    """The danger the words tell of and that was not attended to yet."""
    red_line: str | None = None
    """A demand that only a supervisor decides about, heard for the first time."""
    brings: frozenset[str] = field(default_factory=frozenset)
    """Fields of the form under way for which the message holds a value, the one asked for left out."""
    changes: bool = False
    """Values that are known already are told otherwise, and the sentence sounds like a correction."""
    sets_right: bool = False
    """What stands in what was written down, or in the matter just registered, is set right: 「是86号不是68号」."""
    gives_up: bool = False
    """What is being registered is given up or denied by its words: 「取消取消」, 「我没说要退货」."""
    instead: str | None = None
    """The act of what is wanted by its words in the place of what is given up: 「没说要换，我要修」."""
    asks_call: bool = False
    """By the words somebody is to call: 「找人给我打电话」 wants nobody in the chat."""
    goes_unchanged: bool = False
    """A registered matter is to go on as it is: 「删除的照办」."""
    told_already: bool = False
    """It was told before, and is grumbled at: 「我不是刚说了吗」."""
    to_worker: bool = False
    """What whoever comes is to do: 「让师傅先打我老婆电话」."""
    tells_more: bool = False
    """A further account, announced as one: 「还有，11月11号寄的」."""
    asks_agreed: bool = False
    """When somebody comes or calls, or whether that still holds, where it was told: 「师傅明天还来不来」."""
    of_case: bool = False
    """The registered matter is pointed at: 「开票那边」, 「修的事」."""
    overdue: bool = False
    """Goods did not come when it was said, by the words: 「我那空调呢，说好昨天到的」."""
    asks_reach: bool = False
    """How we shall tell what nobody knew yet is asked: 「你怎么告诉我，又没留电话」."""
    in_queue: bool = False
    leaves_queue: bool = False
    """A clause leaves the queue by the company's words."""
    has_told: bool = False
    """Something of a matter was told before, and none is opened yet."""
    writes_down: bool = False
    """What was told is to be written down: 「那你记下来吧」, 「登记吧」."""
    owes_opinion: bool = False
    """A result was told to the customer and waits for a yes or a no."""
    owes_answer_to_offer: bool = False
    gives_score: bool = False
    """A rating was asked for, and the words hold one: 「5」, 「五颗星」, 「不满意」."""
    asks_safe: bool = False
    """It is asked whether a thing may be used that something is wrong with, or part of a danger is denied, not all."""
    supposes: bool = False
    """Something is only supposed: 「他要是又来咋办」."""
    in_danger: bool = False
    """What is spoken of was registered as a danger."""
    all_clear: bool = False
    """After our warning: there is no danger."""
    asks_record: bool = False
    """What was written down, or whether it was: 「登没登」, 「念一遍」."""
    wants_data: bool = False
    """Something is wished done with one's own data: 「把我的信息都删了」, 「存了我哪些」; how it is done is no wish."""
    moves_date: bool = False
    """What was agreed is to come on another day or at another hour: 「后天我不在，改礼拜六」."""
    adds_words: bool = False
    """Something is to be written down beside the rest: 「说明里加一句…」."""
    revises: bool = False
    """What was written down is put right, added to or left out in part, by words that the reader found."""
    strikes: bool = False
    """Words are to be taken out of what was written down, and stand there."""
    rechooses: bool = False
    """The registered case is to be of another kind: 「不退了，换一台」."""
    wants_call: bool = False
    """A call is wanted by the words, and the number stands beside it: 「给我回个电话，138…，明早十点」."""
    is_english: bool = False
    """Written in English, and not yet handed to somebody for that."""
    claims_difference: bool = False
    """A thing costs less than it did, and the difference is wanted, or told in figures."""
    hurries: bool = False
    """By its words: 「先催一下退款」."""
    drops: bool = False
    """What is under way, or was set aside, is to be thrown away: 「不用保留」, 「后面这份取消」."""
    awaits_answer: bool = False
    """A clause asks, and is no mere astonishment: 「你们系统怎么会查不到」 waits for nothing."""
    picks: str | None = None
    """The intent of one of the ways we offered, named in words: 「回电吧，下午打」."""
    for_case: bool = False
    """It is to be written down in the registered matter, where a person or a call was offered: 「不转，记下来：…」."""
    takes_offer: bool = False
    """What an answer of ours offered is taken up: the order number it asked for, 「那登记吧」."""
    is_number: bool = False
    """Figures and nothing else: 「5432」 says no yes to a person."""
    suits: bool = False
    """It is asked whether something suits: 「后天行不行」."""
    dictates: bool = False
    """What is to stand there is dictated: 「就写塑料味重」."""
    starts_with_yes: bool = False
    """It begins with a yes to what was offered to be registered: 「要得登记咯我还想问…」, written without a mark."""
    wants_repair: bool = False
    """Somebody is wished for by these words to mend a thing: 「我要师傅上门修」."""
    is_short: bool = False
    """So few words that they mean what the question before makes of them."""
    is_time: bool = False
    """A time is asked for: 「周末上班吗」 names one and tells none."""
    tells_time: bool = False
    """It stands in a clause of its own, whatever is asked or grumbled besides: 「后天上午！！烦不烦」."""
    asks_surely: bool = False
    """Something is asked or looked for by the sentence itself, and nothing answered."""
    added: str | None = None
    """The act of a matter that is only added: 「还有我要退款」."""
    is_question: bool = False
    """By its words."""
    names_staff: bool = False
    """Which of our people is meant is told: 「工号好像是D308」."""
    wants_praise: bool = False
    """Somebody is to be praised, by that word: 「来装空调的师傅，我想表扬他」."""
    dispraises: bool = False
    tells_undone: bool = False
    """What somebody did went wrong: whatever else was heard, it is no praise."""
    """Words that no praise holds: 「态度太差了」."""
    wants_back: bool = False
    """What was withdrawn is to go on."""
    finishes_first: bool = False
    """What is under way is to be finished before anything else: 「先把投诉弄完」."""
    takes_back: bool = False
    """What is under way is not given up, against what we thought: 「我没说不登记」."""
    not_registered: bool = False
    """By its words it is not to be registered: 「不用登记了」."""
    calls_self: bool = False
    """The customer calls, and we need not: 「我自己打过去」."""
    tells_symptom: bool = False
    """A thing that we sell is named, and enough is told of it to be what is wrong with it."""
    names_order: bool = False
    """An order is spoken of: 「取消」 alone, in a form, cancels what is being registered and no order."""
    urges_order: bool = False
    """An order is named, and shall go faster."""
    contests_cancel: bool = False
    """An order is named that somebody else cancelled: 「我没点过取消」."""
    goes_off: bool = False
    """「撤了哈」: the customer is off; nothing is taken back."""
    calls_off: bool = False
    """What was registered is not needed any more: 「师傅不用来了」."""
    asks_too_much: bool = False
    """That we ask so much is grumbled at: no answer to what is asked."""
    asks_lookup: bool = False
    """Another order is to be looked at first: 「先帮我看看…到哪了」."""
    wants_visit: bool = False
    asks_mending: bool = False
    """Somebody is to come and look, no clerk is to take over: 「叫个人来看看」."""
    nothing_more: bool = False
    """「没有其他的」: what was told is all."""
    submits: bool = False
    """It is submitted by its words, whatever is asked besides: 「地址没错 提交吧 收费吗」."""
    only_submits: bool = False
    """「确认提交」 by its words, and nothing else."""
    submits_early: bool = False
    """「确认提交」 while something is still asked for."""
    lets_stand: bool = False
    """What stands written is right: 「称呼对的」, and 「不改了」 where a field is asked anew."""
    leaves_out: bool = False
    """A field that was filled in is not to be written down after all: 「接听时间不填了」."""
    leaves_open: bool = False
    """What is asked for is to be left open: 「税号先空着」."""
    points_back: bool = False
    """It points at what was filled in last: 「刚才那个」."""
    is_account: bool = False
    """It tells enough to be an account of what happened."""
    asks_first: bool = False
    """Something is to be answered before anything else: 「莫慌登记，先问橱柜赔不赔」."""
    asks_beside: bool = False
    """One clause of several is a question by itself: 「我要投诉，顺便问下发票怎么开」."""
    not_helped: bool = False
    """What we said did not help: 「没用，没帮到我」."""
    tells_misdeed: bool = False
    """Somebody of ours did what is complained of: 「师傅大呼小叫」, 「说好30，结果要了我80」."""
    broke_after_install: bool = False
    """Something installed has a fault: no question about installing."""
    asks_covered: bool = False
    """Whether the guarantee holds is asked, and how old the thing is was told."""
    asks_product: bool = False
    """Something is asked of a product that we sell and that is named, or was spoken of."""
    own_question: str | None = None
    """What is asked of the matter under way or just registered, and can be answered by its facts: when, cost …"""
    call_hours: bool = False
    """The message tells when to call or not to, of a form or of what was registered, and little else."""
    contact_way: str | None = None
    """How the customer wishes to be reached, in a message about nothing else: 「别打电话，发短信」."""
    needs_help: bool = False
    """The customer finds it hard to write or see."""

    @property
    def in_form(self) -> bool:
        return self.frame.form is not None

    @property
    def at_confirm(self) -> bool:
        return self.frame.form == CONFIRM

    @property
    def question(self) -> str:
        """The kind of our open question; empty when none is."""
        return str(self.frame.question.get("kind") or "")

    @property
    def denies_own_matter(self) -> bool:
        """「不是要退货」 while a return is being registered."""
        return self.reading.denies_matter(self.frame.kind)

    @property
    def other_matter(self) -> str | None:
        """The act of a matter that is wanted and is not the one under way."""
        act = self.reading.wanted
        return act if act and MATTERS[act] != self.frame.kind else None


@dataclass(frozen=True)
class Move:
    """What is done: one handler's name, and questions that are answered before it."""

    name: str
    before: tuple[str, ...] = ()
