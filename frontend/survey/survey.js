/** The survey behind a link; every value is set as text, nothing is ever HTML. */

import { fill, introduce } from "/follow/about.js";

const WORDS = {
  lead: "大约一分钟，只能提交一次。填不填都不影响对您的服务。",
  broken: "这个链接不完整，请从消息里重新打开。",
  offline: "网络好像断开了，您选的都还在，请稍后再提交。",
  trouble: "暂时提交不了，您选的都还在，请稍后再试。",
  incomplete: "还有几项没有选，请每一行都选一个。",
};
const form = document.querySelector("form.ask");
const lead = document.querySelector("[data-lead]");
const problem = form.querySelector(".problem");
const button = form.querySelector("button");
const token = window.location.hash.slice(1);

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** One question: five answers in a row. */
function scale(name, title, words) {
  const row = element("div", "scale");
  row.setAttribute("role", "radiogroup");
  row.setAttribute("aria-label", title);
  const choices = element("div");
  for (const [at, word] of words.entries()) {
    const label = element("label");
    const input = Object.assign(element("input"), { type: "radio", name, value: String(at + 1) });
    label.append(input, element("span", "", word));
    choices.append(label);
  }
  row.append(element("b", "", title), choices);
  return row;
}

function dimension(asked, survey) {
  const set = element("fieldset", "dimension");
  const legend = element("legend", "", asked.title);
  legend.append(element("span", "", asked.says));
  set.append(
    legend,
    scale(`${asked.name}-expected`, survey.expected, survey.scale),
    scale(`${asked.name}-perceived`, survey.perceived, survey.scale),
  );
  return set;
}

async function post(path, body) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const given = answer.status === 204 ? null : await answer.json().catch(() => null);
    const told = answer.status < 500 ? given?.error?.message : null;
    return { given, problem: answer.ok ? "" : (told ?? WORDS.trouble) };
  } catch {
    return { given: null, problem: WORDS.offline };
  }
}

function complain(text) {
  Object.assign(problem, { textContent: text, hidden: !text });
}

/** What was chosen, or null: the first row without an answer is shown. */
function chosen(dimensions) {
  const found = new FormData(form);
  const scores = {};
  for (const row of form.querySelectorAll(".scale")) row.setAttribute("aria-invalid", String(!row.querySelector(":checked")));
  for (const { name } of dimensions) scores[name] = ["expected", "perceived"].map((one) => Number(found.get(`${name}-${one}`)));
  const missing = form.querySelector('.scale[aria-invalid="true"]');
  missing?.querySelector("input").focus();
  return missing ? null : scores;
}

async function submit(dimensions) {
  const scores = chosen(dimensions);
  if (!scores) return complain(WORDS.incomplete);
  const sent = await post("/survey/answer", { token, scores, comment: form.elements.comment.value });
  complain(sent.problem);
  if (sent.problem) return;
  const done = document.querySelector(".result");
  lead.hidden = form.hidden = true;
  done.hidden = false;
  done.focus();
}

async function open() {
  if (!token) return (lead.textContent = WORDS.broken);
  const { given, problem: told } = await post("/survey/open", { token });
  if (!given || told) return (lead.textContent = told);
  lead.textContent = WORDS.lead;
  fill("kind", given.kind_title);
  fill("number", given.number);
  form.querySelector("[data-dimensions]").append(...given.dimensions.map((one) => dimension(one, given)));
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    await submit(given.dimensions);
    button.disabled = false;
  });
}

await introduce("服务质量调查");
await open();
