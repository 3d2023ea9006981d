"""A letter's text: title, body, how to follow the matter, who signs. The wording is in company/letters."""

from __future__ import annotations

from datetime import datetime

from helpdesk.model.letter import Writing
from helpdesk.model.matter import Matter
from helpdesk.model.moments import in_words
from helpdesk.services import Services
from helpdesk.store.tables import Staff, Ticket

NAME_SHOWN = 20


def compose(services: Services, ticket: Ticket, owner: Staff, wanted: Writing, now: datetime) -> str:
    """The whole text.

    Raises:
        MissingWording: company/letters has no such letter, or a field of it was not given.
    """
    render, kind, words = services.wording.render, wanted.kind, wanted.words
    body = f"letter_{kind}_{words.occasion}" if words.occasion else f"letter_{kind}"
    known = {**_known(services, ticket, owner), **words.fields}
    fields = {name: known[name] for name in services.wording.fields_of(body) & known.keys()}
    follow = "letter_follow" if Matter.of(ticket).known("phone") else "letter_follow_chat"
    date = now.astimezone(services.company.profile.zone)
    return "\n".join(
        (
            render(f"letter_title_{kind}").join("【】"),
            render(body, variant_seed=wanted.key, **fields),
            render(follow),
            render("letter_signature", owner=known["owner"], date=f"{date.year}年{date.month}月{date.day}日"),
        )
    )


def _known(services: Services, ticket: Ticket, owner: Staff) -> dict[str, str]:
    """The fields that every letter may use."""
    render = services.wording.render
    name = Matter.of(ticket).known("name")
    due = ticket.result_due or ticket.first_contact_due
    department = services.company.departments.get(ticket.department)
    return {
        "hello": render("letter_hello", name=name[:NAME_SHOWN]) if name else render("letter_hello_nameless"),
        "number": ticket.number,
        "kind": render(f"kind_{ticket.kind}"),
        "owner": render("staff_title", name=owner.name, number=owner.number),
        "department": department.title if department else ticket.department,
        "round": str(ticket.round),
        "contact": _words(services, ticket.first_contact_due) if ticket.first_contact_due else "",
        "due": _words(services, due) if due else "",
        "promise": render("letter_promise", due=_words(services, due)) if due else "",
        "appeal": render("letter_appeal"),
    }


def _words(services: Services, at: datetime) -> str:
    return in_words(at.astimezone(services.company.profile.zone))


def sentence(text: str | None) -> str:
    """What somebody wrote, so that it can stand inside a letter: it ends like a sentence."""
    text = (text or "").strip()
    return text if not text or text[-1] in "。！？!?." else f"{text}。"
