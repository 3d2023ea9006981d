/** What the service writes in front of the script, and what the page asks for by the attributes of its tag. */

import { type Language, languageFor } from "./words";

export type Theme = "light" | "dark" | "auto";
export type Side = "left" | "right";

export interface WidgetConfig {
  company: string;
  assistant: string;
  colour: string;
  privacy: string;
  hotline: string;
  /** The time zone whose clock the texts mean. */
  zone: string;
  /** Where the service is; default: where the script came from. */
  service: string;
  /** Who the customer is, signed by the company's site; empty for an anonymous one. */
  identity: string;
  language: Language;
  theme: Theme;
  side: Side;
  /** How far above the lower edge the button stands, in pixels; null: as usual. */
  bottom: number | null;
}

/** `Sansheng("open")`, `Sansheng("on", "message", handler)` …; calls made before the script has come wait in `q`. */
export interface Commands {
  (command: string, ...values: unknown[]): void;
  q?: ArrayLike<unknown>[];
}

declare global {
  interface Window {
    __SANSHENG__?: Partial<WidgetConfig>;
    Sansheng?: Commands;
  }
}

const FALLBACK: WidgetConfig = {
  company: "在线客服",
  assistant: "智能助手",
  colour: "#1f6f5c",
  privacy: "",
  hotline: "",
  zone: "",
  service: "",
  identity: "",
  language: "zh-CN",
  theme: "auto",
  side: "right",
  bottom: null,
};
const HIGHEST = 400; // pixels: higher up the window would have no room

/** The configuration; an attribute of the script tag (`data-service`, `data-colour` …) wins over the service's own. */
export function readConfig(script: HTMLScriptElement | null): WidgetConfig {
  const given = { ...FALLBACK, ...(window.__SANSHENG__ ?? {}) };
  const asked: DOMStringMap = script?.dataset ?? {};
  const colour = asked.colour ?? given.colour;
  return {
    ...given,
    identity: asked.identity ?? "",
    colour: /^#[0-9a-f]{6}$/i.test(colour) ? colour : FALLBACK.colour,
    service: asked.service ?? (script?.src ? new URL(script.src).origin : window.location.origin),
    language: languageFor(wishes(asked.language)),
    theme: asked.theme === "light" || asked.theme === "dark" ? asked.theme : "auto",
    side: asked.position === "left" ? "left" : "right",
    bottom: pixels(asked.bottom),
  };
}

/** `auto` asks the browser; without the attribute the labels are Simplified Chinese, as the company's texts are. */
function wishes(language: string | undefined): readonly string[] {
  return language === "auto" ? navigator.languages : [language ?? ""];
}

function pixels(text: string | undefined): number | null {
  const value = Number(text);
  return text && Number.isFinite(value) && value >= 0 ? Math.min(value, HIGHEST) : null;
}
