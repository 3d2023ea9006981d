/** Asks for a ticket and shows it; every value is set as text, nothing is ever HTML. */

import { fill, introduce, when } from "./about.js";
import { Pictures } from "./pictures.js";

const form = document.querySelector("form.ask");
const button = form.querySelector("button");
const acts = document.querySelector(".acts");
const linked = document.querySelector(".linked");
const problem = document.querySelector(".problem");
const result = document.querySelector(".result");
const NUMBER = /^TS\d{8}-\d{4,}$/;
const TOKEN = /^[A-Za-z0-9_-]{20}$/;
const OPEN = new Set(["registered", "accepted", "investigating"]);
const THANKS = {
  remark: "已经收到您补充的情况，谢谢您。",
  rating: "收到您的评价，谢谢您。",
  appeal: "您的意见已经收到，会换一位同事重新核查，谢谢您告诉我们。",
};
let key = "";
const WORDS = {
  words: "请您写几句话。",
  score: "请您选择满意程度。",
  number: "请输入登记号，它以 TS 开头，例如 TS20261121-0001。",
  last4: "请输入登记电话的后四位数字。",
  offline: "网络好像断开了，没有查到。请检查网络后再试一次。",
  trouble: "查询暂时没有成功，请稍后再试，或联系在线客服。",
};

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function step(entry) {
  const item = element("li");
  item.append(element("span", "what", entry.text), element("time", "", when(entry.at)));
  return item;
}

/** A letter without its title, which stands above, and without the way to this page. */
function body(entry) {
  const lines = entry.text.split("\n");
  return lines.filter((line) => line !== `【${entry.title}】` && !/\/follow\b/.test(line)).join("\n");
}

function letter(entry, at, all) {
  const folded = element("details");
  folded.open = at === all.length - 1;
  const title = element("summary");
  title.append(element("span", "", entry.title), element("time", "", when(entry.at)));
  folded.append(title, element("p", "letter", body(entry)));
  return folded;
}

function show(ticket) {
  fill("kind", ticket.kind_title);
  fill("number", ticket.number);
  fill("status", ticket.status_title);
  fill("round", ticket.round > 1 ? `（第 ${ticket.round} 次核查）` : "");
  fill("owner", ticket.owner);
  fill("level", ticket.level_title);
  fill("promised", ticket.promised_at ? `${when(ticket.promised_at)} 前` : "");
  document.querySelector("[data-promised-row]").hidden = !ticket.promised_at;
  document.querySelector("[data-letters-section]").hidden = ticket.letters.length === 0;
  document.querySelector("[data-steps]").replaceChildren(...ticket.steps.map(step).reverse());
  document.querySelector("[data-letters]").replaceChildren(...ticket.letters.map(letter));
  key = ticket.key;
  acts.querySelector('[data-act="rating"]').hidden = !ticket.may_rate;
  acts.querySelector('[data-act="appeal"]').hidden = !ticket.may_appeal;
  result.classList.toggle("open", OPEN.has(ticket.status));
  form.hidden = true;
  result.hidden = false;
  result.focus();
}

function complain(text, field) {
  problem.textContent = text;
  problem.hidden = false;
  for (const input of form.querySelectorAll("input")) input.toggleAttribute("aria-invalid", input === field);
  field?.focus();
}

/** Blanks and full-width digits are typing, not mistakes. */
function typed(name) {
  const plain = form.elements[name].value.normalize("NFKC").replace(/\s+/g, "");
  return name === "number" ? plain.toUpperCase().replace(/[－—–]/g, "-") : plain;
}

/** The ticket from `address`, or null; whatever goes wrong is said under `field`'s form. */
async function fetchTicket(address, asked, field) {
  problem.hidden = true;
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(asked),
    });
  } catch {
    return complain(WORDS.offline);
  }
  const body = await answer.json().catch(() => null);
  if (answer.ok && body) return show(body);
  const told = answer.status === 404 || answer.status === 429 ? body?.error?.message : null;
  return complain(told ?? WORDS.trouble, answer.status === 404 ? field : undefined);
}

/** What an act lacks before it can be sent; nothing if it is whole. */
function lacking(name, { text, score, pictures }) {
  if (name === "rating") return score ? "" : WORDS.score;
  if (name === "remark" && !pictures.isEmpty) return "";
  return text ? "" : WORDS.words;
}

/** Send words or a score; {ticket, problem}. */
async function send(name, body) {
  let answer;
  try {
    answer = await fetch(`/follow/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ key, ...body }),
    });
  } catch {
    return { problem: WORDS.offline };
  }
  const given = await answer.json().catch(() => null);
  if (answer.ok && given) return { ticket: given, problem: "" };
  return { problem: answer.status < 500 ? (given?.error?.message ?? WORDS.trouble) : WORDS.trouble };
}

function thank(name) {
  const done = acts.querySelector(".done");
  done.textContent = THANKS[name];
  done.hidden = false;
}

/** What the customer adds, rates or appeals, words first and pictures after them: an appeal may go on under another
 * number. What could not be sent stays where it was written. */
async function act(place, pictures) {
  const name = place.dataset.act;
  const sent = place.querySelector("form");
  const told = place.querySelector(".problem");
  const refuse = (words) => Object.assign(told, { textContent: words, hidden: !words });
  const text = sent.elements.text.value.trim();
  const score = Number(sent.elements.score?.value ?? 0);
  const wanted = lacking(name, { text, score, pictures });
  if (wanted) return refuse(wanted);
  if (text || score) {
    const { ticket, problem } = await send(name, name === "rating" ? { score, comment: text } : { text });
    if (problem) return refuse(problem);
    sent.reset();
    show(ticket);
    thank(name);
  }
  await sendPictures(place, pictures, refuse);
}

/** An appeal's pictures that failed wait beside what one may still add: the appeal itself was made. */
async function sendPictures(place, pictures, refuse) {
  const { ticket, problem } = pictures ? await pictures.send(key) : { problem: "" };
  if (ticket) {
    show(ticket);
    if (!problem) thank(place.dataset.act);
  }
  refuse(problem);
  place.open = Boolean(problem);
  if (problem && place.hidden) rescue(pictures, problem);
}

/** An act that is over takes no pictures any more; they are offered again as something to add. */
function rescue(pictures, problem) {
  const remark = acts.querySelector('[data-act="remark"]');
  remark.open = true;
  shelves.get(remark).add(pictures.chosen.splice(0));
  pictures.show();
  Object.assign(remark.querySelector(".problem"), { textContent: problem, hidden: false });
}

const shelves = new Map();
for (const place of acts.querySelectorAll("[data-act]")) {
  const told = place.querySelector(".problem");
  const shelf = place.querySelector(".pictures");
  const complain = (words) => Object.assign(told, { textContent: words, hidden: !words });
  if (shelf) shelves.set(place, new Pictures(shelf, complain));
  place.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const pressed = place.querySelector("button[type=submit]");
    pressed.disabled = true;
    await act(place, shelves.get(place));
    pressed.disabled = false;
  });
}

/** The link of a notice opens once: it is used by a press, never by a preview that only loads the page. */
async function openLink() {
  const used = token;
  token = null;
  history.replaceState(null, "", window.location.pathname);
  linked.hidden = true;
  form.hidden = false;
  await fetchTicket("/follow/link", { token: used }, form.elements.number);
}

async function ask() {
  const asked = { number: typed("number"), last4: typed("last4") };
  if (!NUMBER.test(asked.number)) return complain(WORDS.number, form.elements.number);
  if (!/^\d{4}$/.test(asked.last4)) return complain(WORDS.last4, form.elements.last4);
  return fetchTicket("/follow", asked, form.elements.last4);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  await ask();
  button.disabled = false;
});

document.querySelector("[data-again]").addEventListener("click", () => {
  result.hidden = true;
  acts.querySelector(".done").hidden = true;
  form.hidden = false;
  form.reset();
  form.elements.number.focus();
});

/** A link to this page may name the number behind `#`, where no server and no log sees it. */
const given = decodeURIComponent(window.location.hash.slice(1));
if (NUMBER.test(given)) {
  form.elements.number.value = given;
  form.elements.last4.focus();
}
let token = TOKEN.test(given) ? given : null;
linked.hidden = !token;
form.hidden = Boolean(token);
linked.querySelector("button").addEventListener("click", openLink);

await introduce("查询办理进度");
