/** Two soft notes for words that the customer does not see come: made here, no file is loaded. */

import type { Store } from "./storage";

const NOTES = [
  { hertz: 660, after: 0 },
  { hertz: 880, after: 0.11 },
];
const SECONDS = 0.32;
const LOUDNESS = 0.045; // of 1
const KEY = "sound";

export function isSoundOn(store: Store): boolean {
  return store.get(KEY) !== "off";
}

export function setSound(store: Store, on: boolean): void {
  store.set(KEY, on ? "on" : "off");
}

let context: AudioContext | null = null;

/** A browser that forbids sound until the page was touched plays none, and says nothing about it. */
export async function chime(): Promise<void> {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") await context.resume();
    for (const note of NOTES) play(context, note.hertz, context.currentTime + note.after);
  } catch {
    // No sound on this machine.
  }
}

function play(audio: AudioContext, hertz: number, at: number): void {
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.type = "sine";
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(LOUDNESS, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + SECONDS);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + SECONDS);
}
