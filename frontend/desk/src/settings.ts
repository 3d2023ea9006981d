/** Files of settings that an administrator edits (helpdesk/desk/settings.py). */

import { ask } from "./api";

export interface SettingRow {
  name: string;
  title: string;
  version: number;
  written_by: string | null;
  written_at: string | null;
}

export interface Entry {
  key: string;
  value: string;
  remark: string;
}

export interface Setting extends SettingRow {
  entries: Entry[];
}

export interface SettingVersion {
  version: number;
  state: string;
  written_by: string;
  written_at: string;
  note: string | null;
}

const of = (name: string, part = "") => `/api/settings/file${part}?name=${encodeURIComponent(name)}`;

export const settings = {
  list: () => ask<SettingRow[]>("GET", "/api/settings"),
  one: (name: string) => ask<Setting>("GET", of(name)),
  put: (name: string, values: Record<string, string>, version: number, note: string) =>
    ask<Setting>("PUT", of(name), { values, version, note: note || undefined }),
  preview: (name: string, values: Record<string, string>) => ask<{ key: string; text: string }[]>("POST", of(name, "/preview"), { values }),
  versions: (name: string) => ask<SettingVersion[]>("GET", of(name, "/versions")),
  rollBack: (name: string, version: number) => ask<Setting>("POST", of(name, "/rollback"), { version }),
};
