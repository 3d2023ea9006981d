/** Brand colours that stay readable; contrast by WCAG 2.2 (relative luminance). */

type Rgb = [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [29, 33, 41];

export function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(parseHex(one)), luminance(parseHex(other))].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** `share` of `colour` over `ground`, as an opaque colour. */
export function mix(colour: string, ground: string, share: number): string {
  const under = parseHex(ground);
  return toHex(parseHex(colour).map((part, i) => part * share + (under[i] ?? 0) * (1 - share)) as Rgb);
}

/** White or ink, whichever reads better on `colour`. */
export function textOn(colour: string): string {
  const [white, ink] = [toHex(WHITE), toHex(INK)];
  return contrast(colour, white) >= 4.5 || contrast(colour, white) >= contrast(colour, ink) ? white : ink;
}

/** `colour` moved towards black or white until it has contrast 4.5 on `ground`. */
export function readableOn(colour: string, ground: string): string {
  const goal = luminance(parseHex(ground)) > 0.5 ? "#000000" : "#ffffff";
  for (let share = 1; share > 0; share -= 0.05) {
    const tried = mix(colour, goal, share);
    if (contrast(tried, ground) >= 4.5) return tried;
  }
  return goal;
}
