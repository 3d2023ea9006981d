/** What somebody has begun to write stays in this window, over other pages and a reload, until it is done with. */

const PREFIX = "desk:kept:";
let owner = "";

const keyOf = (what: string) => `${PREFIX}${owner}:${what}`;

/** Each person's own: at a shared machine nobody finds a colleague's words. */
export function keptFor(staffId: string): void {
  owner = staffId;
}

export function keep(what: string, value: unknown): void {
  try {
    sessionStorage.setItem(keyOf(what), JSON.stringify(value));
  } catch {
    // A full store costs the copy, never the words on the screen.
  }
}

export function kept<T>(what: string): T | null {
  const found = sessionStorage.getItem(keyOf(what));
  try {
    return found === null ? null : (JSON.parse(found) as T);
  } catch {
    return null;
  }
}

export function dropKept(what: string): void {
  sessionStorage.removeItem(keyOf(what));
}

/** Who signs out takes all of it along. */
export function dropAll(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}
