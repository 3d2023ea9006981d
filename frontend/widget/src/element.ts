/** `<sansheng-chat>`: the widget behind a shadow root, so that neither side's styles reach the other. */

import { type App as VueApp, createApp } from "vue";
import { mix, readableOn, textOn } from "../../shared/colour";
import { Chat, connectSocket } from "./chat";
import App from "./components/App.vue";
import type { PageCommands } from "./commands";
import type { Theme, WidgetConfig } from "./config";
import type { News } from "./news";
import { httpDoor } from "./pictures";
import type { Store } from "./storage";
import styles from "./styles.css?inline";

export const PREFIX = "sansheng:";

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

/** The labels' colours follow the page's wish, or the system's while it says nothing. */
function follow(mount: HTMLElement, theme: Theme): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const paint = () => (mount.dataset.theme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme);
  paint();
  dark.addEventListener("change", paint);
}

export interface Parts {
  config: WidgetConfig;
  news: News;
  store: Store;
  commands: PageCommands;
}

/** The labels' language, the theme and the place, as the page asks for them. */
function dress(mount: HTMLElement, config: WidgetConfig): void {
  mount.className = "sansheng";
  mount.lang = config.language;
  mount.dir = "ltr";
  mount.dataset.side = config.side;
  for (const [name, value] of Object.entries(brandProperties(config.colour))) mount.style.setProperty(name, value);
  if (config.bottom !== null) mount.style.setProperty("--bottom", `${config.bottom}px`);
  follow(mount, config.theme);
}

export function defineElement({ config, news, store, commands }: Parts): void {
  class SanshengChat extends HTMLElement {
    private app: VueApp | null = null;

    connectedCallback(): void {
      if (this.app) return;
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      if (!root.firstChild) adopt(root);
      const mount = document.createElement("div");
      dress(mount, config);
      root.append(mount);
      const chat = new Chat(config.service, store, connectSocket, httpDoor(config.service), config.identity, news);
      this.app = createApp(App, { chat, config, store, news });
      this.app.mount(mount);
      commands.reaches(chat);
    }
  }
  if (!customElements.get("sansheng-chat")) customElements.define("sansheng-chat", SanshengChat);
}
