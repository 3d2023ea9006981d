// Unpacks the browser of @sparticuz/chromium (once) and prints its path.
import chromium from "@sparticuz/chromium";

console.log(await chromium.executablePath());
