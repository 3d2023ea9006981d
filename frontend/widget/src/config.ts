/** What the service writes in front of the script: the company's name, colour and words. */

export interface WidgetConfig {
  company: string;
  assistant: string;
  colour: string;
  privacy: string;
  hotline: string;
  /** Where the service is; default: where the script came from. */
  service: string;
  /** Who the customer is, signed by the company's site; empty for an anonymous one. */
  identity: string;
}

/** `Sansheng("identify", token)` and `Sansheng("logout")`; calls made before the script has come wait in `q`. */
export interface Commands {
  (command: string, value?: unknown): void;
  q?: [string, unknown?][];
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
  service: "",
  identity: "",
};

/** The configuration; an attribute of the script tag (`data-service`, `data-colour`, `data-identity`) wins over the service's own. */
export function readConfig(script: HTMLScriptElement | null): WidgetConfig {
  const given = { ...FALLBACK, ...(window.__SANSHENG__ ?? {}) };
  const colour = script?.dataset.colour ?? given.colour;
  return {
    ...given,
    identity: script?.dataset.identity ?? "",
    colour: /^#[0-9a-f]{6}$/i.test(colour) ? colour : FALLBACK.colour,
    service: script?.dataset.service ?? (script?.src ? new URL(script.src).origin : window.location.origin),
  };
}
