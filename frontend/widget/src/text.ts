/** A message's text in pieces: plain words, web addresses, numbers of tickets. Nothing in it is ever HTML. */

export interface Piece {
  kind: "text" | "link" | "ticket";
  text: string;
}

const MARKS = /(https?:\/\/[^\s<>"'，。；！？、（）【】《》“”]+)|(TS\d{8}-\d{4,})/g;

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(MARKS)) {
    if (match.index > at) found.push({ kind: "text", text: text.slice(at, match.index) });
    found.push({ kind: match[1] ? "link" : "ticket", text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ kind: "text", text: text.slice(at) });
  return found;
}

/** An image address that may be shown, else null: web addresses, our own paths, inline pictures. */
export function safeImage(src: string | undefined): string | null {
  return src && /^(https?:\/\/|\/(?!\/)|data:image\/(png|jpeg|gif|webp);)/.test(src) ? src : null;
}
