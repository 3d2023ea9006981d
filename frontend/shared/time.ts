/**
 * Dates and durations as people in China write them, by the company's clock: an hour that was promised in words is the
 * hour that stands beside them, wherever the reader's own clock is set. Everything that shows or asks a time comes here.
 */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY_MS = 24 * HOUR * 1000;

function two(value: number): string {
  return String(value).padStart(2, "0");
}

// ---------------------------------------------------------------- the company's clock

/** What a clock on the wall shows; `month` from 1. */
export interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

let clock = clockOf();

function clockOf(timeZone?: string): Intl.DateTimeFormat {
  const numeric = "numeric" as const;
  const parts = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric };
  return new Intl.DateTimeFormat("en-US", { ...parts, hourCycle: "h23", timeZone });
}

/** The company's zone, as the service names it; one that this browser does not know leaves the reader's own. */
export function setZone(zone: string | undefined): void {
  try {
    clock = clockOf(zone || undefined);
  } catch {
    clock = clockOf();
  }
}

/** What the company's clock shows at a moment. */
export function wall(at: Date): Wall {
  const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return parts as unknown as Wall;
}

function asUtc({ year, month, day, hour, minute, second }: Wall): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The moment at which the company's clock shows this. Asked twice, for the first guess may lie beyond a change of hours. */
export function momentOf(shown: Wall): Date {
  const wanted = asUtc(shown);
  const guess = wanted - (asUtc(wall(new Date(wanted))) - wanted);
  return new Date(guess - (asUtc(wall(new Date(guess))) - wanted));
}

/** 「2026-11-23」 of a moment, or of the day so many days from it: what date fields and queries take. */
export function dayKey(at: Date, ahead = 0): string {
  const { year, month, day } = wall(at);
  return new Date(Date.UTC(year, month - 1, day + ahead)).toISOString().slice(0, 10);
}

/** When a day of a date field begins, or the day so many days later. */
export function midnight(day: string, ahead = 0): Date {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return momentOf({ year, month, day: date + ahead, hour: 0, minute: 0, second: 0 });
}

/** 「2026-11-23T14:05:00」 of an ISO moment, as a field for date and time takes it, which knows no zones; and back. */
export function fieldOf(iso: string): string {
  const at = new Date(iso);
  if (!iso || Number.isNaN(at.getTime())) return "";
  const { hour, minute, second } = wall(at);
  return `${dayKey(at)}T${two(hour)}:${two(minute)}:${two(second)}`;
}

export function fromField(value: string): string {
  const [year, month, day, hour, minute, second] = value.split(/\D/).map(Number) as [number, number, number, number, number, number];
  return momentOf({ year, month, day, hour, minute, second: second || 0 }).toISOString();
}

/** How many days of the calendar lie between two moments: 1 for yesterday. */
export function daysBetween(at: Date, now: Date): number {
  return Math.round((Date.parse(dayKey(now)) - Date.parse(dayKey(at))) / DAY_MS);
}

// ---------------------------------------------------------------- words

/** 「今天」, 「昨天」, 「11月21日」, or with the year when it is another one. */
export function formatDay(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  if (days === 0) return "今天";
  if (days === 1) return "昨天";
  if (days === -1) return "明天";
  const { year, month, day } = wall(at);
  const date = `${month}月${day}日`;
  return year === wall(now).year ? date : `${year}年${date}`;
}

/** 「14:05」. */
export function formatClock(at: Date): string {
  const { hour, minute } = wall(at);
  return `${two(hour)}:${two(minute)}`;
}

/** 「今天 14:05」, 「昨天 14:05」, 「11月21日 14:05」. */
export function formatTime(at: Date, now: Date): string {
  return `${formatDay(at, now)} ${formatClock(at)}`;
}

/** Seconds as 「不到 1 分钟」, 「3 分钟」, 「1 小时 20 分钟」, 「2 天」. */
export function formatDuration(seconds: number): string {
  if (seconds < MINUTE) return "不到 1 分钟";
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} 分钟`;
  if (seconds >= 48 * HOUR) return `${Math.floor(seconds / (24 * HOUR))} 天`;
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  return `${Math.floor(seconds / HOUR)} 小时${minutes ? ` ${minutes} 分钟` : ""}`;
}

/** Seconds as a running clock, 「02:15」 or 「1:02:15」. */
export function formatStopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const rest = `${two(Math.floor((whole % HOUR) / MINUTE))}:${two(whole % MINUTE)}`;
  return whole >= HOUR ? `${Math.floor(whole / HOUR)}:${rest}` : rest;
}
