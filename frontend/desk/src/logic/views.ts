/** Filters of a list as a view keeps them: words only, and again as the list has them. */

export function asKept(filters: object): Record<string, string> {
  return Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, String(value)]));
}

/** What a view does not name, because it is newer, is as if it were not filtered by. */
export function fromKept<Filters extends object>(kept: Record<string, string>, none: Filters): Filters {
  const read = ([name, value]: [string, unknown]) => {
    const known = kept[name];
    if (known === undefined) return [name, value];
    return [name, typeof value === "boolean" ? known === "true" : known];
  };
  return Object.fromEntries(Object.entries(none).map(read)) as Filters;
}
