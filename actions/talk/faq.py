"""Questions: an answer, up to three suggestions, a request to say it otherwise, a person; in this order (A2)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence

from actions.clauses import affirmed, parts, pieces
from actions.forms.accounts import for_call
from actions.forms.questions import button
from actions.heard import Json
from actions.talk import excerpts, followed, unclear
from actions.talk.usable import asks_use
from actions.turn import CUSTOMER_FIELDS, Button, Turn
from helpdesk.errors import NotFound
from helpdesk.knowledge import Article, Nothing, Outcome
from helpdesk.model.ticket import Kind
from zhtext import normalise
from zhtext.questions import is_question

DELETION = frozenset({"account.delete", "account.privacy"})
RELATED = 2
SEVERAL = 2
REAL_QUESTION = 5
"""Characters of a question that asks for more than a yes."""
ASKS_NOTHING = frozenset({"", "anything_else", "faq_suggestions", "offer_human", "offer_callback"})
"""Open questions of ours beside which anything may be asked, in any words."""
MATTERS_SPOKEN_OF = frozenset({"order", "ticket"})
NO_ARTICLE = "\n"
"""No id begins so."""
HURRY = "hurry"
FAQ, AGAIN = "faq", "faq again"
"""What the open question came after: an answer of ours."""


async def rate_answer(turn: Turn, *, helpful: bool) -> None:
    """「没用」 or 「有用」 right after an answer is about the answer: kept, and who was not helped is led on (G1)."""
    await turn.stage("rate_answer", {"helpful": helpful})
    if helpful:
        turn.say("utter_welcome")
        turn.ask("anything_else")
    else:
        unclear.fail(turn)
        unclear.offer_person(turn)


async def answer(turn: Turn) -> None:
    """Answer a question, or find out which one is meant."""
    pressed = _pressed(turn)
    if pressed:
        _tell(turn, pressed)
    elif not await try_answer(turn):
        await unanswered(turn)


def _pressed(turn: Turn) -> Article | None:
    """The article that was chosen; None when it was retired since it was offered: its title is a question then."""
    faq_id = turn.heard.values.get("faq_id")
    try:
        return turn.services.knowledge.article(str(faq_id)) if faq_id else None
    except NotFound:
        return None


async def try_answer(turn: Turn) -> bool:
    """Answer or suggest, when an article fits the words; False when none does."""
    said = affirmed(_meant(turn))
    if not said or _only_tells(turn, said) or asks_use(turn):
        return False
    found = await _outcome(turn, said)
    if found.article:
        _tell(turn, found.article, found.suggestions)
    elif found.suggestions and not is_of_a_matter(turn):
        _suggest(turn, found.suggestions)
    else:
        return False
    return True


def is_of_a_matter(turn: Turn) -> bool:
    """Whether a question is likelier about the matter that is spoken of than about a rule we only guess at."""
    return turn.before.topic in MATTERS_SPOKEN_OF or bool(turn.pending.get("otherwise"))


async def answer_part(turn: Turn, but: str = NO_ARTICLE) -> bool:
    """Answer the part of the message that an article is sure of; whether there was one.

    Articles whose id begins with `but` are passed over.
    """
    return await answer_each(turn) or await _answer_first(turn, _may_ask(turn), but)


async def answer_each(turn: Turn) -> bool:
    """Several questions in one message, each of which another article is sure of: shortly; False where it is not so."""
    asked = [] if asks_use(turn) else asked_in(turn, affirmed(_meant(turn)))
    if len(asked) < SEVERAL:
        return False
    outcomes = [await _outcome(turn, one) for one in asked]
    found = {one.article.id: (one.article, said) for one, said in zip(outcomes, asked, strict=True) if one.article}
    if len(found) < SEVERAL or any(one in turn.decided.articles for one in found):
        return False
    for article, said in found.values():
        _tell_briefly(turn, article, said)
    if not turn.form:
        turn.ask("anything_else", text=turn.heard.text.strip())
    return True


def answer_clauses(turn: Turn, clauses: Sequence[str]) -> None:
    """Shortly, what is asked beside something that was answered otherwise, where an article is sure of it."""
    for said in clauses:
        found = turn.services.knowledge.outcome(said)
        if found.article and found.article.id not in turn.decided.articles:
            _tell_briefly(turn, found.article, said)


def _tell_briefly(turn: Turn, article: Article, said: str) -> None:
    turn.decided.articles.append(article.id)
    answer = fitting(turn, excerpts.brief(article, normalise(said)))
    turn.say("utter_faq_answer", custom={"kind": "faq_answer", "faq_id": article.id}, answer=answer)
    turn.change(about={"kind": FAQ, "faq_id": article.id})


def fitting(turn: Turn, answer: str) -> str:
    """An answer that asks for nothing the conversation has: 「请把订单号告诉我」 right after the number was told."""
    return turn.company.order_numbers.with_number_known(answer) if turn.known("order") else answer


def _may_ask(turn: Turn) -> Iterator[str]:
    """What an article may answer: all that is said, unless it only tells, and each clause that asks by itself."""
    if asks_use(turn):
        return
    whole, *clauses = parts(_meant(turn))
    if not _only_tells(turn, whole):
        yield whole
    yield from (clause for clause in clauses if is_question(normalise(clause)))


def _meant(turn: Turn) -> str:
    """What is asked after we answered something else: 「啥隐私啊，我问的是洗衣机」 names twice what is spoken of."""
    clauses = pieces(turn.heard.text)
    again = [at for at, one in enumerate(clauses) if turn.company.sayings.asks_again.search(normalise(one))]
    return "，".join(clauses[again[0] :]) if again else turn.heard.text


def _only_tells(turn: Turn, said: str) -> bool:
    """Whether words that are no question come where a matter is spoken of or something else was asked.

    As first words they may be one all the same: 「运费」, 「收到的少了根线」.
    """
    asks = is_question(normalise(said)) or turn.reading.sounds_asked
    is_asked_for = str(turn.pending.get("kind") or "") not in ASKS_NOTHING
    return not asks and (bool(turn.form) or turn.before.topic in MATTERS_SPOKEN_OF or is_asked_for)


async def answer_question(turn: Turn) -> bool:
    """Answer a clause that asks, when an article is sure of it; what is only told is no question."""
    said = affirmed(turn.heard.text)
    asked = [] if asks_use(turn) else asked_in(turn, said)
    return await _answer_first(turn, asked or ([said] if turn.reading.sounds_asked else []))


def asked_in(turn: Turn, said: str) -> list[str]:
    """The clauses that wait for an answer: no 「不是说了吗」, and no 「座机行不行」 beside the number."""
    sayings = turn.company.sayings
    plain = {part: normalise(part) for part in pieces(said)}
    rhetoric = (sayings.asks_why, sayings.asks_leave)

    def waits(one: str) -> bool:
        is_rhetoric = any(words.search(one) for words in rhetoric) and not sayings.asks_again.search(one)
        return is_question(one) and not is_rhetoric

    return [part for part, one in plain.items() if waits(one)]


async def _answer_first(turn: Turn, wordings: Iterable[str], but: str = NO_ARTICLE) -> bool:
    """Tell the first article that is sure of one of the wordings; whether there was one."""
    for words in wordings:
        found = await _outcome(turn, words)
        if found.article and not found.article.id.startswith(but):
            _tell(turn, found.article)
            return True
    return False


async def _outcome(turn: Turn, words: str) -> Outcome:
    """What our articles make of words; inside a form none that is doubtful: that it is noted does.

    No thread for it: that takes longer than the ranking; others come between.
    """
    await asyncio.sleep(0)
    topic, knowledge = _topic(turn), turn.services.knowledge
    found = knowledge.outcome(words, topic)
    if found.article and found.article.id == topic and _is_of_own_matter(turn):
        alone = knowledge.outcome(words)
        is_told = alone.article and alone.article.id == topic
        found = found if is_told or excerpts.about(found.article, normalise(words)) else alone
    return Nothing() if turn.form and found.article and _is_doubtful(found, normalise(words)) else found


def _is_doubtful(found: Outcome, plain: str) -> bool:
    """Whether another article may have been meant, and the question names things that this one says nothing of."""
    return found.article is not None and bool(found.suggestions) and not excerpts.may_answer(found.article, plain)


def _is_of_own_matter(turn: Turn) -> bool:
    """Whether short questions are taken for ones about the matter: it says nothing of 「没人理我咋办」."""
    return bool(turn.form) or turn.before.about.get("kind") != FAQ


def _topic(turn: Turn) -> str | None:
    """What a question without a subject is about: the article before it, else the matter it is asked beside."""
    about = turn.before.about
    if about.get("kind") == FAQ and not turn.form:
        return str(about["faq_id"])
    if turn.before.topic == "order" and not turn.form:
        return turn.company.order_numbers.about_state.get(str(about.get("state") or ""))
    kind = turn.company.kinds.get(str(turn.slot("kind") if turn.form else (turn.frame.registered or {}).get("kind")))
    return kind.article if kind else None


async def tell_of_same(turn: Turn) -> bool:
    """What goes on about the article just told: 「用的微信付的」, 「洗碗机也一样吗」; False where nothing does."""
    about = turn.before.about
    if turn.heard.is_press or turn.form or about.get("kind") != FAQ:
        return False
    article = turn.services.knowledge.article(str(about["faq_id"]))
    if followed.asks_of_another(turn.heard):
        _say_same(turn, article, "utter_faq_same", fitting(turn, article.answer))
    elif followed.tells_of_own(turn.heard, turn.company):
        part = excerpts.about(article, turn.heard.plain)
        _say_same(turn, article, "utter_faq_part" if part else "utter_faq_holds", part or "")
    else:
        return False
    return True


def _say_same(turn: Turn, article: Article, response: str, answer: str) -> None:
    turn.decided.articles.append(article.id)
    turn.say(response, custom={"kind": "faq_answer", "faq_id": article.id}, answer=answer)
    turn.change(about={"kind": FAQ, "faq_id": article.id})
    turn.ask("anything_else", after=AGAIN, **_offered(turn, article))


def _tell(turn: Turn, article: Article, others: Sequence[Article] = ()) -> None:
    """The article's answer, and the next likely questions (B2); `others` may have been meant instead.

    One that was told just before has not helped: that is said, and somebody else asked.
    """
    if article.id in turn.decided.articles:
        return
    turn.decided.articles.append(article.id)
    if _was_just_told(turn, article):
        _tell_part(turn, article)
        return
    related = () if turn.form or others else article.related[:RELATED]
    buttons = _questions(turn.services.knowledge.article(faq_id) for faq_id in related)
    custom = {"kind": "faq_answer", "faq_id": article.id}
    turn.say("utter_faq_answer", custom=custom, buttons=buttons, answer=fitting(turn, article.answer))
    turn.change(about={"kind": FAQ, "faq_id": article.id})
    if turn.form:
        return
    if others:
        possible: Json = {"kind": "faq_suggestions", "faq_ids": [other.id for other in others]}
        turn.say("utter_faq_others", custom=possible, buttons=_questions(others))
    if article.id in DELETION:
        turn.ask("offer_service", service=Kind.DATA_REQUEST, after=FAQ)
    else:
        turn.ask("anything_else", after=FAQ, **_offered(turn, article))


def _was_just_told(turn: Turn, article: Article) -> bool:
    """Whether the same answer came last: 「我问的是…」, or a further question that it is the nearest to."""
    about = turn.before.about
    is_same = about.get("kind") == FAQ and about.get("faq_id") == article.id
    asks_again = turn.company.sayings.asks_again.search(turn.heard.plain) is not None
    return is_same and not turn.heard.is_press and (asks_again or turn.pending.get("after") in (FAQ, AGAIN))


def _tell_part(turn: Turn, article: Article) -> None:
    """What the article says of just this, where it says something of it.

    Else all of it once more, for the answer to 「退到哪里」 may stand there in other words; after that we know no more.
    """
    part = excerpts.about(article, turn.heard.plain)
    asks_again = turn.company.sayings.asks_again.search(turn.heard.plain) is not None
    is_told_twice = turn.form or turn.pending.get("after") == AGAIN
    if part is None and (asks_again or is_told_twice or not excerpts.may_answer(article, turn.heard.plain)):
        nothing_more(turn)
        return
    custom = {"kind": "faq_answer", "faq_id": article.id}
    turn.say(
        "utter_faq_part" if part else "utter_faq_answer", custom=custom, answer=fitting(turn, part or article.answer)
    )
    if not turn.form:
        turn.ask("anything_else", after=FAQ if part else AGAIN, text=turn.heard.text.strip())


def nothing_more(turn: Turn) -> None:
    """We know no more than what was told: a call by somebody who does is offered; whoever deals with a form tells."""
    unclear.fail(turn)
    if turn.form:
        turn.decided.frame = turn.frame.wondering(turn.heard.text.strip())
        turn.say("utter_aside_noted")
        return
    turn.say("utter_faq_no_more")
    before = str(turn.pending.get("told") or turn.pending.get("text") or "")
    told = "；".join(dict.fromkeys(one for one in (before, for_call(turn.heard, turn.company)) if one))
    turn.ask("offer_callback", told=told, after=FAQ)


def _offered(turn: Turn, article: Article) -> Json:
    """What the answer offers to do, for whoever takes it up: 「那登记吧」, or the order number it asks for."""
    kinds = turn.company.kinds.items()
    kind = next((name for name, one in kinds if article.id in one.offered_by), None)
    what = HURRY if article.id in turn.company.order_numbers.hurried_by else kind
    wanted = {"act": turn.reading.wanted} if turn.reading.wanted else {}
    said = turn.heard.text.strip()
    return {"offers": what, "told": said, **wanted} if what else {"text": said}


def _questions(articles: Iterable[Article]) -> list[Button]:
    return [button(article.question, "ask_faq", faq_id=article.id) for article in articles]


def _suggest(turn: Turn, articles: Sequence[Article]) -> None:
    """Not sure which: offer the likeliest, and none of these."""
    ids = [article.id for article in articles]
    custom = {"kind": "faq_suggestions", "faq_ids": ids}
    turn.say("utter_faq_suggestions", custom=custom, buttons=_questions(articles))
    turn.ask("faq_suggestions", text=turn.heard.text, faq_ids=ids)


async def unanswered(turn: Turn) -> None:
    """Noted for an editor (G3). Whoever asks hears honestly that we do not know, and somebody is asked who does:
    whoever deals with the matter spoken of, else in a call or by a person; what asks nothing is to be said otherwise.
    """
    await turn.stage("unanswered", {"text": turn.heard.text, "suggested": []})
    is_of_case = turn.before.topic == "ticket" or turn.reading.says("ask_own")
    number = (turn.before.registered or {}).get("number") if is_of_case else None
    if turn.pending.get("otherwise"):
        _say_offer_again(turn)
    elif not _asks(turn):
        unclear.not_understood(turn)
    elif number:
        await turn.stage("ticket_note", {"number": number, "text": f"客户询问：{turn.heard.text.strip()}"})
        _promise_to_tell(turn, str(number))
    else:
        unclear.fail(turn)
        turn.say("utter_own_unknown")
        turn.ask("offer_human", told=for_call(turn.heard, turn.company))


def _promise_to_tell(turn: Turn, number: str) -> None:
    """Whoever deals with the matter tells; where no number was left for it, a call is offered."""
    if any(turn.known(name) for name in CUSTOMER_FIELDS):
        turn.say("utter_aside_noted")
        turn.ask("anything_else")
    else:
        turn.say("utter_case_asked", number=number)
        turn.ask("offer_callback", told=turn.heard.text.strip())


def _say_offer_again(turn: Turn) -> None:
    """After a number that was not found: what we offered is open as before, and whoever calls will know this, too."""
    unclear.fail(turn)
    turn.say("utter_own_unknown")
    turn.leave_asked()


def _asks(turn: Turn) -> bool:
    """Whether something is asked that somebody could answer."""
    is_foreign = turn.reading.intent == "out_of_scope" and not is_of_a_matter(turn)
    is_asked = (is_question(turn.heard.plain) or turn.reading.says("ask")) and not is_foreign
    return turn.reading.says("ask_own") or (is_asked and len(turn.heard.plain) >= REAL_QUESTION)


async def none_of_these(turn: Turn) -> None:
    """No suggestion fitted."""
    open_ = turn.pending
    await turn.stage("unanswered", {"text": open_.get("text"), "suggested": open_.get("faq_ids") or []})
    unclear.fail(turn)
    unclear.offer_person(turn)
