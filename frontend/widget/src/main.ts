/** One script tag: `<script src="https://service.example/widget.js" async></script>`. */

import { readConfig } from "./config";
import { command, defineElement } from "./element";

const script = document.currentScript as HTMLScriptElement | null;
const config = readConfig(script);

function place(): void {
  if (!document.querySelector("sansheng-chat")) document.body.append(document.createElement("sansheng-chat"));
}

const waiting = window.Sansheng?.q ?? [];
window.Sansheng = (name, value) => command(config, name, value);
for (const [name, value] of waiting) command(config, name, value);
defineElement(config);
if (document.body) place();
else document.addEventListener("DOMContentLoaded", place);
