/** What I keep for myself at the service: replies in my own words, views of the lists (helpdesk/desk/own.py). */

import { reactive } from "vue";
import { ask } from "./api";
import type { CannedReply } from "./types";

export interface OwnView {
  id: string;
  page: "talks" | "tickets";
  title: string;
  filters: Record<string, string>;
}

interface OwnReply {
  id: string;
  title: string;
  text: string;
}

export const MINE = "我的";
export const own = reactive({ replies: [] as CannedReply[], views: [] as OwnView[] });

export async function loadReplies(): Promise<void> {
  const found = await ask<OwnReply[]>("GET", "/api/me/replies");
  own.replies = found.map((one) => ({ ...one, group: MINE }));
}

export async function keepReply(title: string, text: string): Promise<void> {
  await ask("POST", "/api/me/replies", { title, text });
  await loadReplies();
}

export async function dropReply(id: string): Promise<void> {
  await ask("DELETE", `/api/me/replies/${encodeURIComponent(id)}`);
  await loadReplies();
}

export async function loadViews(): Promise<void> {
  own.views = await ask<OwnView[]>("GET", "/api/me/views");
}

export async function keepView(page: OwnView["page"], title: string, filters: Record<string, string>): Promise<void> {
  await ask("POST", "/api/me/views", { page, title, filters });
  await loadViews();
}

export async function dropView(id: string): Promise<void> {
  await ask("DELETE", `/api/me/views/${encodeURIComponent(id)}`);
  await loadViews();
}
