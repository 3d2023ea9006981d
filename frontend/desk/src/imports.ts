/** Articles and customers from a spreadsheet (helpdesk/desk/imports.py). */

import { ask } from "./api";

export type What = "articles" | "customers";

export interface Plan {
  new: number;
  changed: number;
  unchanged: number;
  changes: { row: number; id: string; what: string; is_new: boolean; fields: string[] }[];
  wrong: { row: number; key: string; problem: string }[];
  digest: string;
}

export const LARGEST = 180_000;

export const imports = {
  plan: (what: What, content: string) => ask<Plan>("POST", `/api/import/${what}/plan`, { content }),
  take: (what: What, content: string, digest: string) => ask<Plan>("POST", `/api/import/${what}`, { content, digest }),
};

/** The file's bytes in base64, a piece at a time: a call takes only so many arguments. */
export async function inBase64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
