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

/** What is said when the connection is back: of so many customers, so many are still mine; and whether that is all. */
export function backAgain(before: number, still: number): [says: string, isWhole: boolean] {
  if (!before) return ["连接已恢复。", true];
  if (still === before) return [`欢迎回来，您的 ${before} 位客户都还在。`, true];
  const kept = still ? `您的客户还有 ${still} 位，` : "";
  return [`欢迎回来，${kept}另外 ${before - still} 位已经回到排队，或由同事接待。`, false];
}
