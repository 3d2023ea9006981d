/** The widget's own labels, in the language of the page. What is said in the conversation comes from the service. */

import { english } from "./words/english";
import { simplified, type Words } from "./words/simplified";
import { traditional } from "./words/traditional";

export const LANGUAGES = { "zh-CN": simplified, "zh-TW": traditional, en: english };

export type Language = keyof typeof LANGUAGES;

export let words: Words = simplified;

/** The labels' language; chosen once, before anything is drawn. */
export function speak(language: Language): void {
  words = LANGUAGES[language];
}

/** Which of ours serves a reader of these languages best, the first wish first; Simplified Chinese if none does. */
export function languageFor(wishes: readonly string[]): Language {
  for (const wish of wishes.map((one) => one.toLowerCase())) {
    if (/^zh-(hant|tw|hk|mo)\b/.test(wish)) return "zh-TW";
    if (/^zh\b/.test(wish)) return "zh-CN";
    if (/^en\b/.test(wish)) return "en";
  }
  return "zh-CN";
}
