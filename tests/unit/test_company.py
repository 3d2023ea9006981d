"""What a company edits is complete, agrees with itself, and a broken edit is named."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpdesk.company import Company, CompanyFileError, load_company, parse_yaml
from helpdesk.company.personal import DURATION, in_words
from helpdesk.knowledge import load_articles
from helpdesk.knowledge.articles import values_of
from zhtext import normalise

ROOT = Path(__file__).parents[2] / "company"
COMPANY = load_company(ROOT)

COMMON = {"category", "description", "occurred", "outcome", "name", "phone"}


# ---------------------------------------------------------------- what is asked


@pytest.mark.parametrize(
    "category, also",
    [
        ("quality", {"order", "product", "danger"}),
        ("safety", {"product", "danger", "injured"}),
        ("delivery", {"order", "delivery_kind"}),
        ("installation", {"order", "visit_date", "service_kind"}),
        ("attitude", {"channel"}),
        ("charges", {"amount", "charge_item", "charged_by"}),
        ("misleading", {"promised_where", "promised"}),
        ("price", {"order", "promised"}),
        ("returns", {"order", "amount", "return_state"}),
        ("delay", {"order", "promised_date"}),
        ("cancelled", {"order"}),
        ("invoice", {"order", "invoice_problem"}),
        ("privacy", {"data_kind", "noticed"}),
        ("other", set()),
    ],
)
def test_a_complaint_asks_what_its_category_needs_and_no_more(category: str, also: set[str]) -> None:
    assert set(COMPANY.complaints.required(category)) == COMMON | also


def test_a_complaint_about_a_fitters_money_asks_the_amount() -> None:
    known = {"category": "installation", "service_kind": "money"}
    assert "amount" in COMPANY.required_fields("complaint", known)
    assert "amount" not in COMPANY.required_fields("complaint", known | {"service_kind": "no_show"})


def test_an_alternative_serves_for_a_missing_field() -> None:
    known = {"category": "cancelled", "description": "x", "occurred": "x", "outcome": "x", "name": "王女士"}
    assert COMPANY.missing_fields("complaint", known) == ("order", "phone")
    assert COMPANY.missing_fields("complaint", known | {"waybill": "SF1", "email": "a@b.cn"}) == ()


def test_a_company_invoice_needs_the_credit_code_and_a_private_one_does_not() -> None:
    assert "credit_code" in COMPANY.required_fields("invoice", {"invoice_kind": "company"})
    assert "credit_code" not in COMPANY.required_fields("invoice", {"invoice_kind": "personal"})


def test_contact_comes_after_the_matter() -> None:
    for category in COMPANY.complaints.categories:
        assert COMPANY.complaints.required(category)[-2:] == ("name", "phone")


@pytest.mark.parametrize(
    "text, category",
    [
        ("物流配送", "delivery"),
        ("质量问题", "quality"),
        ("快递员把箱子摔坏了还少件", "delivery"),
        ("师傅多收了我两百材料费", "charges"),
        ("冰箱不制冷还漏水", "quality"),
        ("客服爱搭不理态度很差", "attitude"),
        ("我的个人信息被泄露了", "privacy"),
        ("你们单方面取消了我的订单", "cancelled"),
        ("商家不给退款", "returns"),
        ("页面写的和实物与描述不符就是虚假宣传", "misleading"),
        ("维修一直拖没有下文", "delay"),
    ],
)
def test_a_category_is_recognised_in_what_is_said(text: str, category: str) -> None:
    assert COMPANY.complaints.find(normalise(text))[0] == category


def test_a_text_without_a_sign_has_no_category() -> None:
    assert COMPANY.complaints.find("我要投诉") == ()


# ---------------------------------------------------------------- departments and clocks


@pytest.mark.parametrize(
    "kind, category, signs, clock, department",
    [
        ("complaint", "quality", (), "ordinary", "quality"),
        ("complaint", "safety", (), "safety", "duty"),
        ("complaint", "privacy", (), "urgent", "privacy"),
        ("complaint", "delivery", ("authority",), "urgent", "logistics"),
        ("complaint", None, (), "ordinary", "office"),
        ("repair", None, (), "ordinary", "service"),
        ("callback", None, (), "contact_only", "service"),
        ("praise", None, (), "none", "office"),
    ],
)
def test_a_ticket_goes_to_its_department_on_the_strictest_clock(
    kind: str, category: str | None, signs: tuple[str, ...], clock: str, department: str
) -> None:
    assert COMPANY.clock_of(kind, category, signs) == clock
    assert COMPANY.department_of(kind, category) == department


def test_every_kind_of_the_design_is_there() -> None:
    named = "complaint repair installation refund exchange order_change invoice callback offline_message suggestion"
    named += " price_protection"
    assert set(COMPANY.kinds) == {*named.split(), "praise", "data_request", "internal"}


def test_escalation_ends_at_the_management() -> None:
    for name in COMPANY.departments:
        seen = [name]
        while (above := COMPANY.departments[seen[-1]].escalates_to) != seen[-1]:
            assert above not in seen
            seen.append(above)
        assert seen[-1] == "management"


# ---------------------------------------------------------------- words to look out for


@pytest.mark.parametrize(
    "text, danger",
    [
        ("厨房有股煤气味怎么办", "gas"),
        ("热水器漏气了有异味", "gas"),
        ("插头冒烟了", "fire"),
        ("空调着火了！！", "fire"),
        ("洗衣机漏电，摸着麻手", "shock"),
        ("我被电了一下", "shock"),
        ("手机电池鼓包了", "battery"),
        ("玻璃门炸裂把孩子划伤手了", "fire"),
        ("老人烫伤了送医院", "injury"),
        ("你们再不处理我就不想活了", "selfharm"),
        ("電視起火", "fire"),
        ("洗衣机不漏电吧", None),
        ("没有冒烟也没有漏电", None),
        ("等得急死我了", None),
        ("我很火大", None),
        ("空气炸锅多少钱", None),
        ("快递到家电到了吗", None),
        ("滚筒洗衣机有优惠吗", None),
        ("冰箱不制冷了", None),
        ("热水器怎么安装", None),
    ],
)
def test_a_danger_is_recognised_and_a_figure_of_speech_is_not(text: str, danger: str | None) -> None:
    assert COMPANY.safety.detect(normalise(text)) == danger


@pytest.mark.parametrize(
    "saying, said, not_said",
    [
        ("yes", "有人烫伤了", "都好"),
        ("no", "没人受伤", "孩子手烫伤了"),
        ("any_time", "随时都可以", "周六下午"),
        ("trouble", "不制冷", "想咨询一下"),
        ("again", "我又要投诉了", "我要投诉"),
        ("praises_staff", "安装师傅很好", "冰箱很好"),
        ("names_staff", "工号12的", "送货的那位"),
        ("will_suggest", "我有个建议", "建议你们送货前打电话"),
        ("too_dear", "有点贵了吧", "多少钱"),
        ("compares", "这两款有什么不同", "这款多大"),
        ("wants_advice", "想买个冰箱", "冰箱坏了"),
        ("asks_for_sale", "你们有平板吗", "平板坏了"),
        ("no_product", "手机号是138", "手机坏了"),
    ],
)
def test_what_is_told_by_its_words_alone_is_found(saying: str, said: str, not_said: str) -> None:
    pattern = getattr(COMPANY.sayings, saying)
    assert pattern.search(normalise(said))
    assert not pattern.search(normalise(not_said))


def test_set_phrases_leave_what_is_told() -> None:
    assert COMPANY.sayings.set_phrases.sub("", normalise("你好，我要投诉，师傅没来")) == "师傅没来"


@pytest.mark.parametrize(
    "text, leaves",
    [
        ("不等了", True),
        ("算了，不等了吧。", True),
        ("取消排队", True),
        ("不排队了谢谢", True),
        ("我已经等了半小时了", False),
        ("不等了可以退款吗", False),
        ("我不等了你们太慢我要投诉", False),
        ("", False),
        ("吧", False),
    ],
)
def test_only_an_exact_wording_leaves_the_queue(text: str, leaves: bool) -> None:
    assert COMPANY.queue.leaves(normalise(text)) is leaves


@pytest.mark.parametrize(
    "text, sign",
    [
        ("家里有婴儿等着用热水", "children"),
        ("我要打12315", "authority"),
        ("发抖音曝光你们", "media"),
        ("这已经是第三次坏了", "repeated"),
    ],
)
def test_a_sign_of_urgency_is_recognised(text: str, sign: str) -> None:
    assert sign in COMPANY.urgency.detect(normalise(text))


@pytest.mark.parametrize(
    "text, group",
    [
        ("这个不归我管，您找厂家吧", "evasion"),
        ("您是不是有病啊", "insult"),
        ("您怕是疯了吧", "insult"),
        ("您脑子有问题吧", "insult"),
        ("您眼睛瞎啊", "insult"),
        ("您没长眼睛吗", "insult"),
        ("您听不懂人话吗", "insult"),
        ("公司规定就是这样", "evasion"),
        ("是您自己弄坏的吧，您怎么不早说", "blame"),
        ("嗯。", "curt"),
        ("亲~在的哦", "padded"),
        ("拆封不退", "void_terms"),
        ("您先撤诉我们才退款", "coercion"),
        ("打12315也没用", "dissuasion"),
        ("我不知道", "rude"),
    ],
)
def test_what_must_not_be_said_is_found(text: str, group: str) -> None:
    found = {name for name, words in COMPANY.forbidden.items() if words.find(text)}
    assert group in found


@pytest.mark.parametrize(
    "text",
    [
        "您好，我马上为您核实，请您稍等。",
        "如果您不知道型号，拍一张照片就可以。",
        "滚筒洗衣机请先断电。",
        "好的，我明白了，请您稍候。",
        "您家里有病人的话请先通风。",
        "您说的有毛病的那台我记下了。",
        "您有没有眼睛不舒服？",
    ],
)
def test_courteous_wording_passes(text: str) -> None:
    assert [name for name, words in COMPANY.forbidden.items() if words.find(text)] == []


def _customer_texts() -> list[tuple[str, str]]:
    texts = [(f"fields {name}", text) for name, f in COMPANY.fields.items() for text in (f.ask, f.why)]
    texts += [(f"safety {name}", danger.instruction) for name, danger in COMPANY.safety.dangers.items()]
    texts += [(f"forbidden {name}", group.instead) for name, group in COMPANY.forbidden.items()]
    texts += [(f"products {n}", t) for n, p in COMPANY.products.items() for t in (p.feature, p.advantage, p.benefit)]
    texts += [(a.id, a.answer) for a in load_articles(ROOT / "knowledge", values_of(COMPANY))]
    return [*texts, ("privacy", COMPANY.privacy_notice)]


@pytest.mark.parametrize("where, text", _customer_texts(), ids=lambda value: value.split()[0])
def test_our_own_wording_obeys_our_own_rules(where: str, text: str) -> None:
    broken = {name: words.find(text) for name, words in COMPANY.forbidden.items() if words.find(text)}
    assert broken == {}, where


# ---------------------------------------------------------------- personal data


@pytest.mark.parametrize(
    "said, action",
    [
        ("我要删除我的信息", "delete"),
        ("我想注销账号，把我的资料都删了", "delete"),
        ("刪除我的個人資料", "delete"),
        ("注销", "delete"),
        ("导出我的个人信息", "copy"),
        ("查看我的信息", "access"),
        ("我要撤回同意", "withdraw"),
        ("修改我的个人信息", "correct"),
        ("查询我的订单信息", None),
        ("我的信息泄露了", None),
        ("怎么注销账号", None),
    ],
)
def test_what_is_wished_done_with_ones_data_is_heard(said: str, action: str | None) -> None:
    assert COMPANY.sayings.data_wish(normalise(said)) == action


def test_the_notice_promises_what_is_done(copy: Path) -> None:
    assert "最长保存三年" in COMPANY.privacy_notice
    assert "查询、复制、更正、删除或撤回同意" in COMPANY.privacy_notice
    _edit(copy / "personal_data.yml", lambda d: d["keep"].update(conversations=365, tickets=365, audit=365))
    shorter = load_company(copy)
    assert "最长保存一年" in shorter.privacy_notice
    assert shorter.privacy_version != COMPANY.privacy_version


@pytest.mark.parametrize(
    "days, words", [(365, "一年"), (730, "两年"), (180, "6 个月"), (45, "45 天"), (365 * 11, "11 年")]
)
def test_a_time_is_told_as_people_say_it(days: int, words: str) -> None:
    assert in_words(days) == words


@pytest.mark.parametrize("faq_id", ["account.privacy", "account.delete"])
def test_an_answer_about_personal_data_names_no_time_of_its_own(faq_id: str) -> None:
    answer = yaml.safe_load((ROOT / "knowledge" / f"{faq_id}.yml").read_text("utf-8"))["answer"]
    assert DURATION.search(answer) is None, "say {kept}, {kept_tickets} or {data_days}"


# ---------------------------------------------------------------- demo data


@pytest.mark.parametrize(
    "number, product, state",
    [
        ("2026110812345", "冰箱", "delivered"),
        ("2026110899887", "电饭煲", "paid"),
        ("2026111500021", "洗衣机", "shipped"),
    ],
)
def test_the_promised_demo_orders_are_there(number: str, product: str, state: str) -> None:
    order = COMPANY.orders[number]
    assert COMPANY.products[order.items[0].product].kind == product
    assert order.state == state


def test_demo_orders_have_our_numbers() -> None:
    assert all(COMPANY.order_numbers.is_ours(number) for number in COMPANY.orders)


def test_numbers_of_other_platforms_are_told_from_ours_and_from_slips() -> None:
    numbers = COMPANY.order_numbers
    assert numbers.is_foreign("220987654321098765")
    assert not numbers.is_foreign("2026110812345")
    assert not numbers.is_foreign("20261108")


def test_no_answer_asks_for_a_number_that_is_known() -> None:
    """「物流不动了」 right after the number was told: it is not to be sent once more."""
    answers = [one.answer for one in load_articles(ROOT / "knowledge", values_of(COMPANY))]
    told = [COMPANY.order_numbers.with_number_known(one) for one in answers]
    assert sum(a != b for a, b in zip(answers, told, strict=True)) >= 20
    assert [one for one in told if re.search("订单号[^。；，]*(?:告诉|发给)我", one)] == []
    assert [one for one in told if "和和" in one or "把和" in one] == []


def test_the_demo_roster_has_the_promised_accounts() -> None:
    assert {n: m.role for n, m in COMPANY.roster.items()} == {
        "agent": "agent",
        "agent2": "agent",
        "supervisor": "supervisor",
        "admin": "admin",
    }
    assert len({member.number for member in COMPANY.roster.values()}) == len(COMPANY.roster)


# ---------------------------------------------------------------- broken edits


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT, tmp_path / "company"))


def _edit(file: Path, change: Any) -> None:
    data = yaml.safe_load(file.read_text("utf-8"))
    change(data)
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")


def _refused(root: Path) -> CompanyFileError:
    with pytest.raises(CompanyFileError) as caught:
        load_company(root)
    return caught.value


@pytest.mark.parametrize(
    "file, change, key",
    [
        ("profile.yml", lambda d: d.pop("hotline"), "hotline"),
        ("profile.yml", lambda d: d.update(time_zone="Mars/Olympus"), "time_zone"),
        ("profile.yml", lambda d: d.update(hotlin="1"), "hotlin"),
        ("opening_hours.yml", lambda d: d["weekly"].update(mon=["9-21"]), "weekly.mon.0"),
        ("opening_hours.yml", lambda d: d["weekly"].update(mon=["21:00-9:00"]), "weekly.mon.0"),
        ("opening_hours.yml", lambda d: d["weekly"].pop("sun"), "weekly"),
        ("limits.yml", lambda d: d.update(ordinary_calendar_days=20), "ordinary_calendar_days"),
        (
            "complaints.yml",
            lambda d: d["categories"]["quality"].update(department="qa"),
            "categories.quality.department",
        ),
        ("complaints.yml", lambda d: d["categories"]["price"]["required"].append("coupon"), "categories.price"),
        ("kinds.yml", lambda d: d["repair"].update(clock="soon"), "repair.clock"),
        ("orders/demo.yml", lambda d: d["2026110812345"].update(state="gone"), "2026110812345.state"),
        ("products/small.yml", lambda d: d["phone_pro"].update(price=-1), "phone_pro.price"),
        ("forbidden.yml", lambda d: d["curt"].update(patterns=["("]), "curt"),
        ("sayings.yml", lambda d: d["trouble"].append("("), "trouble"),
        ("sayings.yml", lambda d: d.update(again=[]), "again"),
        ("sayings.yml", lambda d: d["wants_data"].update(sell=["x"]), "wants_data"),
        ("personal_data.yml", lambda d: d["keep"].update(tickets=1), "keep.tickets"),
        ("personal_data.yml", lambda d: d["kept_tickets"].remove("data_request"), "kept_tickets"),
        ("personal_data.yml", lambda d: d["kept_tickets"].append("gossip"), "kept_tickets"),
        ("profile.yml", lambda d: d["privacy"].update(text="{kept}，{rights}，保存两年"), "privacy"),
        ("profile.yml", lambda d: d["privacy"].update(text="我们保护您的信息"), "privacy"),
    ],
)
def test_a_broken_edit_names_file_and_key(copy: Path, file: str, change: Any, key: str) -> None:
    _edit(copy / file, change)
    error = _refused(copy)
    assert error.file == copy / file or error.file == (copy / file).parent
    assert key in str(error)


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "limits.yml").unlink()
    assert _refused(copy).file == copy / "limits.yml"


@pytest.mark.parametrize(
    "text",
    [
        "days: " + "9" * 5000,
        "from: 2026-99-99",
        "a: " + "[" * 200_000,
        "- " * 100_000,
        "? [a, b]\n: c",
        "a: !!timestamp x",
        "\n".join(["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40))]),
    ],
    ids=["number", "date", "nesting", "lists", "key", "tag", "unfolding"],
)
def test_what_yaml_itself_stumbles_over_is_refused(text: str) -> None:
    with pytest.raises(CompanyFileError):
        parse_yaml(Path("limits.yml"), text)


def test_a_key_given_twice_is_refused_not_lost(copy: Path) -> None:
    with (copy / "limits.yml").open("a", encoding="utf-8") as file:
        file.write("appeal_days: 5\n")
    assert "twice" in str(_refused(copy))


def test_broken_yaml_names_the_line(copy: Path) -> None:
    (copy / "profile.yml").write_text("name: 三声\n  x: [\n", "utf-8")
    assert _refused(copy).key.startswith("line ")


def test_a_loaded_company_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        COMPANY.profile.__setattr__("hotline", "1")
    assert isinstance(COMPANY, Company)
