/** `<sansheng-chat>`: the widget behind a shadow root, so that neither side's styles reach the other. */

import { type App as VueApp, createApp } from "vue";
import { mix, readableOn, textOn } from "../../shared/colour";
import { Chat, connectSocket } from "./chat";
import App from "./components/App.vue";
import type { WidgetConfig } from "./config";
import { httpDoor } from "./pictures";
import { openStore } from "./storage";
import styles from "./styles.css?inline";

const PREFIX = "sansheng:";

/** Brand-coloured parts in light and dark, each checked for contrast with the text on it. */
export function brandProperties(colour: string): Record<string, string> {
  return {
    "--brand": colour,
    "--on-brand": textOn(colour),
    "--brand-text-light": readableOn(colour, "#ffffff"),
    "--brand-text-dark": readableOn(colour, "#26292f"),
    "--tint-light": mix(colour, "#ffffff", 0.14),
    "--tint-dark": mix(colour, "#1b1d21", 0.42),
    "--line-light": mix(colour, "#ffffff", 0.34),
    "--line-dark": mix(colour, "#26292f", 0.5),
  };
}

function adopt(root: ShadowRoot): void {
  if ("adoptedStyleSheets" in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [sheet];
    return;
  }
  const style = document.createElement("style");
  style.textContent = styles;
  (root as ShadowRoot).append(style);
}

/** The chat of the page, once there is one. */
let chat: Chat | null = null;

/** What the page says of its customer, before the element stands and after. */
export function command(config: WidgetConfig, name: string, value?: unknown): void {
  if (name === "identify" && typeof value === "string") {
    config.identity = value;
    chat?.identify(value);
  } else if (name === "logout") {
    config.identity = "";
    if (chat) chat.logout();
    else for (const key of ["session", "seen", "outbox"]) openStore(PREFIX).remove(key);
  } else {
    console.warn(`Sansheng: there is no command ${name}, or its value is no token`);
  }
}

export function defineElement(config: WidgetConfig): void {
  class SanshengChat extends HTMLElement {
    private app: VueApp | null = null;

    connectedCallback(): void {
      if (this.app) return;
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      if (!root.firstChild) adopt(root);
      const mount = document.createElement("div");
      mount.className = "sansheng";
      mount.lang = "zh-CN";
      mount.dir = "ltr";
      for (const [name, value] of Object.entries(brandProperties(config.colour))) mount.style.setProperty(name, value);
      root.append(mount);
      const store = openStore(PREFIX);
      chat = new Chat(config.service, store, connectSocket, httpDoor(config.service), config.identity);
      this.app = createApp(App, { chat, config, store });
      this.app.mount(mount);
    }
  }
  if (!customElements.get("sansheng-chat")) customElements.define("sansheng-chat", SanshengChat);
}
