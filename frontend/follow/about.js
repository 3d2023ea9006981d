/** Whose page it is: its name, its telephone and its colour; what cannot be read stays as it stands in the page. */

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
  fill("company", about.company);
  fill("hotline", about.hotline);
  fill("initial", about.company.slice(0, 1));
  document.title = `${title} · ${about.company}`;
  if (!/^#[0-9a-f]{6}$/i.test(about.colour)) return;
  document.documentElement.style.setProperty("--brand", about.colour);
  document.documentElement.style.setProperty("--on-brand", textOn(about.colour));
}
