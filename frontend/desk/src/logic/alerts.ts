/** Call attention without shouting: two soft tones, a number in the title. */

let audio: AudioContext | null = null;

/** Browsers allow sound only after a gesture: called at the first click or key. */
export function allowSound(): void {
  audio ??= typeof AudioContext === "undefined" ? null : new AudioContext();
  void audio?.resume();
}

function tone(context: AudioContext, frequency: number, from: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(0.12, from + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, from + 0.35);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(from + 0.4);
}

export function chime(): void {
  if (audio?.state !== "running") return;
  tone(audio, 660, audio.currentTime);
  tone(audio, 880, audio.currentTime + 0.16);
}

/** 「(3) 客服工作台」. */
export function badgeTitle(base: string, count: number): string {
  return count > 0 ? `(${count}) ${base}` : base;
}
