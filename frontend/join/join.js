/** Shows that a number is the customer's own: a number, a code, done. Every value is set as text, nothing is ever HTML. */

import { fill, introduce } from "/follow/about.js";

const token = decodeURIComponent(window.location.hash.slice(1));
window.history.replaceState(null, "", window.location.pathname);

const WORDS = {
  phone: "请输入 11 位的大陆手机号码。",
  code: "请输入短信里的 6 位数字。",
  offline: "网络好像断开了，没有提交。请检查网络后再试一次。",
  trouble: "暂时没有成功，请稍后再试，或联系在线客服。",
  link: "链接已经失效，请在对话里再发一次“关联手机号”。",
};
const steps = [...document.querySelectorAll("[data-step]")];
const place = (name) => steps.find((one) => one.dataset.step === name);

function show(name) {
  for (const one of steps) one.hidden = one.dataset.step !== name;
  (place(name).querySelector("input") ?? place(name)).focus();
}

function complain(form, text) {
  const problem = form.querySelector(".problem");
  problem.textContent = text;
  problem.hidden = !text;
  const input = form.querySelector("input");
  input.toggleAttribute("aria-invalid", Boolean(text));
  if (text) input.focus();
}

/** Blanks and full-width digits are typing, not mistakes. */
const typed = (form, name) => form.elements[name].value.normalize("NFKC").replace(/[\s-]+/g, "");

async function post(form, address, asked) {
  complain(form, "");
  let answer;
  try {
    answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked) });
  } catch {
    return complain(form, WORDS.offline);
  }
  const body = await answer.json().catch(() => null);
  if (answer.ok && body) return body;
  return complain(form, body?.error?.message && /[\u4e00-\u9fff]/.test(body.error.message) ? body.error.message : WORDS.trouble);
}

function asking(name, isRight, send) {
  const form = place(name);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    const value = typed(form, name);
    if (!isRight(value)) return complain(form, WORDS[name]);
    if (button.disabled) return;
    button.disabled = true;
    await send(form, value);
    button.disabled = false;
  });
}

asking("phone", (value) => /^(\+?86)?1[3-9]\d{9}$/.test(value), async (form, phone) => {
  const answer = await post(form, "/join/code", { token, phone });
  if (!answer) return;
  fill("phone", answer.phone);
  place("code").elements.code.value = "";
  complain(place("code"), "");
  show("code");
});

asking("code", (value) => /^\d{6}$/.test(value), async (form, code) => {
  const answer = await post(form, "/join", { token, code });
  if (answer) show("done");
});

document.querySelector("[data-again]").addEventListener("click", () => show("phone"));

if (!token) complain(place("phone"), WORDS.link);
await introduce("确认手机号");
