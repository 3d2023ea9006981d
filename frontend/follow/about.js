/** Whose page it is: its name, its telephone and its colour; what cannot be read stays as it stands in the page. */

let zone;

/** 「今天 14:05」, 「11月21日 14:05」 by the company's clock, with the year when it is another one. */
export function when(iso) {
  const [at, now] = [new Date(iso), new Date()].map(onTheWall);
  const year = at.year === now.year ? "" : `${at.year}年`;
  const isToday = !year && at.month === now.month && at.day === now.day;
  return `${isToday ? "今天" : `${year}${at.month}月${at.day}日`} ${at.hour}:${at.minute}`;
}

function onTheWall(moment) {
  const date = { year: "numeric", month: "numeric", day: "numeric" };
  const shown = { ...date, hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  const parts = new Intl.DateTimeFormat("en-US", shown).formatToParts(moment);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

/** White or ink on the brand's colour, whichever reads better. */
function textOn(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => (Number.parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.32 ? "#1d2129" : "#ffffff";
}

export function fill(name, text) {
  for (const place of document.querySelectorAll(`[data-${name}]`)) place.textContent = text;
}

/** Show the company; `title` is the page's own. */
export async function introduce(title) {
  const about = await (await fetch("/follow/about.json")).json();
  zone = about.zone;
  fill("company", about.company);
  fill("hotline", about.hotline);
  fill("initial", about.company.slice(0, 1));
  document.title = `${title} · ${about.company}`;
  if (!/^#[0-9a-f]{6}$/i.test(about.colour)) return;
  document.documentElement.style.setProperty("--brand", about.colour);
  document.documentElement.style.setProperty("--on-brand", textOn(about.colour));
}
