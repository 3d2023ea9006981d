/** The desk's few addresses, under /desk; the page changes without a reload. */

import { reactive } from "vue";

export type RouteName =
  | "work" | "tickets" | "ticket" | "promises" | "calls" | "knowledge" | "article" | "questions" | "audit"
  | "people" | "keys" | "articleImport" | "customerImport" | "settings" | "customers" | "customer" | "followUps" | "talks" | "supervision" | "reports" | "scorecard" | "blueprint" | "survey" | "account" | "invitation";

export interface Route {
  name: RouteName;
  id: string | null;
}

const BASE = "/desk";

export function parse(path: string): Route {
  const [name, id] = path.replace(BASE, "").split("/").filter(Boolean).map(decodeURIComponent);
  if (name === "tickets") return id ? { name: "ticket", id } : { name: "tickets", id: null };
  if (name === "follow-ups") return { name: "followUps", id: null };
  if (name === "customers") return id ? { name: "customer", id } : { name: "customers", id: null };
  if (name === "settings") return { name: "settings", id: null };
  if (name === "talks") return { name: "talks", id: null };
  if (name === "supervision") return { name: "supervision", id: null };
  if (name === "reports") return { name: id === "blueprint" || id === "survey" ? id : "reports", id: null };
  if (name === "scorecard") return { name: "scorecard", id: id ?? null };
  if (name === "audit") return { name: "audit", id: null };
  if (name === "calls") return { name: "calls", id: null };
  if (name === "promises") return { name: "promises", id: null };
  if (name === "knowledge" && id === "import") return { name: "articleImport", id: null };
  if (name === "knowledge" && id) return id === "questions" ? { name: "questions", id: null } : { name: "article", id };
  if (name === "knowledge") return { name: "knowledge", id: null };
  if (name === "people" && id === "customers") return { name: "customerImport", id: null };
  if (name === "people") return { name: id === "keys" ? "keys" : "people", id: null };
  if (name === "account" || name === "invitation") return { name, id: null };
  return { name: "work", id: name === "conversations" ? (id ?? null) : null };
}

export function address(route: Route): string {
  if (route.name === "work") return route.id ? `${BASE}/conversations/${route.id}` : BASE;
  if (route.name === "ticket") return `${BASE}/tickets/${encodeURIComponent(route.id ?? "")}`;
  if (route.name === "followUps") return `${BASE}/follow-ups`;
  if (route.name === "customer") return `${BASE}/customers/${encodeURIComponent(route.id ?? "")}`;
  if (route.name === "article") return `${BASE}/knowledge/${encodeURIComponent(route.id ?? "")}`;
  if (route.name === "blueprint" || route.name === "survey") return `${BASE}/reports/${route.name}`;
  if (route.name === "scorecard" && route.id) return `${BASE}/scorecard/${encodeURIComponent(route.id)}`;
  if (route.name === "questions") return `${BASE}/knowledge/questions`;
  if (route.name === "keys") return `${BASE}/people/keys`;
  if (route.name === "articleImport") return `${BASE}/knowledge/import`;
  if (route.name === "customerImport") return `${BASE}/people/customers`;
  return `${BASE}/${route.name}`;
}

export const route = reactive<Route>(parse(window.location.pathname));

export function go(name: RouteName, id: string | null = null): void {
  Object.assign(route, { name, id });
  const target = address(route);
  if (target !== window.location.pathname) window.history.pushState(null, "", target);
}

window.addEventListener("popstate", () => Object.assign(route, parse(window.location.pathname)));
