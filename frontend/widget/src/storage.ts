/** localStorage where the browser allows it (private windows and embedded pages may not), else this page's memory. */

export interface Store {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

export function memoryStore(): Store {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
  };
}

export function openStore(prefix: string): Store {
  try {
    const storage = window.localStorage;
    storage.setItem(`${prefix}probe`, "1");
    storage.removeItem(`${prefix}probe`);
    return {
      get: (key) => storage.getItem(prefix + key),
      set: (key, value) => {
        try {
          storage.setItem(prefix + key, value);
        } catch {
          // Full: the message still lives in memory and is sent from there.
        }
      },
      remove: (key) => storage.removeItem(prefix + key),
    };
  } catch {
    return memoryStore();
  }
}
