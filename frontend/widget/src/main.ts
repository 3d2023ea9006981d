/** One script tag: `<script src="https://service.example/widget.js" async></script>`. */

import { setZone } from "../../shared/time";
import { PageCommands } from "./commands";
import { readConfig } from "./config";
import { defineElement, PREFIX } from "./element";
import { News } from "./news";
import { openStore } from "./storage";
import { speak } from "./words";

const script = document.currentScript as HTMLScriptElement | null;
const config = readConfig(script);
speak(config.language);
setZone(config.zone);

function place(): void {
  if (!document.querySelector("sansheng-chat")) document.body.append(document.createElement("sansheng-chat"));
}

const news = new News();
const store = openStore(PREFIX);
const commands = new PageCommands(config, news, store);
const waiting = window.Sansheng?.q ?? [];
window.Sansheng = (name, ...values) => commands.run(name, ...values);
for (const call of waiting) commands.run(...(Array.from(call) as [string, ...unknown[]]));
defineElement({ config, news, store, commands });
if (document.body) place();
else document.addEventListener("DOMContentLoaded", place);
