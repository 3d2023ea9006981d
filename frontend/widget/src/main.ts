/** One script tag: `<script src="https://service.example/widget.js" async></script>`. */

import { readConfig } from "./config";
import { defineElement } from "./element";

const script = document.currentScript as HTMLScriptElement | null;

function place(): void {
  if (!document.querySelector("sansheng-chat")) document.body.append(document.createElement("sansheng-chat"));
}

defineElement(readConfig(script));
if (document.body) place();
else document.addEventListener("DOMContentLoaded", place);
