/** Pictures that go with what a customer writes: chosen, shown small, taken off again, sent one after the other. */

const MOST = 5;
const LARGEST = 5 * 1024 * 1024; // bytes; the service counts again
const WORDS = {
  many: `一次最多 ${MOST} 张图片。`,
  large: "图片不能超过 5 MB，请换一张小一点的。",
  unreadable: "这张图片打不开，请换一张（JPG、PNG、GIF 或 WebP）。",
  offline: "网络好像断开了，图片没有传完，请再提交一次。",
  trouble: "图片暂时没有传上去，请稍后再提交一次。",
};

/** What is said of a picture that was not taken. */
function refusal(status, told) {
  if (status === 413) return WORDS.large;
  if (status === 422) return WORDS.unreadable;
  return status === 401 && told ? told : WORDS.trouble;
}

export class Pictures {
  constructor(place, complain) {
    this.list = place.querySelector("ul");
    this.input = place.querySelector("input");
    this.complain = complain;
    this.chosen = [];
    this.input.addEventListener("change", () => this.add([...this.input.files]));
  }

  get isEmpty() {
    return this.chosen.length === 0;
  }

  add(files) {
    this.input.value = "";
    const fitting = files.filter((file) => file.size <= LARGEST);
    const problem = fitting.length < files.length ? WORDS.large : this.chosen.length + fitting.length > MOST ? WORDS.many : "";
    this.chosen = [...this.chosen, ...fitting].slice(0, MOST);
    this.complain(problem);
    this.show();
  }

  show() {
    for (const image of this.list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.list.replaceChildren(...this.chosen.map((file) => this.item(file)));
    this.list.hidden = this.isEmpty;
  }

  item(file) {
    const made = document.createElement("li");
    const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: file.name });
    const off = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    off.setAttribute("aria-label", `移除 ${file.name}`);
    off.addEventListener("click", () => {
      this.chosen = this.chosen.filter((one) => one !== file);
      this.show();
      this.input.focus();
    });
    made.append(image, off);
    return made;
  }

  /** Send what was chosen with a key; {key, ticket, problem}: what could not be sent stays chosen. */
  async send(key) {
    let ticket = null;
    while (!this.isEmpty) {
      const problem = await this.sendOne(key, (given) => (ticket = given));
      this.show();
      if (problem) return { ticket, problem };
      key = ticket.key;
    }
    return { ticket, problem: "" };
  }

  async sendOne(key, taken) {
    const body = new FormData();
    body.append("picture", this.chosen[0]);
    let answer;
    try {
      answer = await fetch("/follow/pictures", { method: "POST", headers: { "X-Follow-Key": key }, body });
    } catch {
      return WORDS.offline;
    }
    const given = await answer.json().catch(() => null);
    if (!answer.ok || !given) return refusal(answer.status, given?.error?.message);
    this.chosen.shift();
    taken(given);
    return "";
  }
}
