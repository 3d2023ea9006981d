/** Dates and durations as people in China write them; the reader's own time zone. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY_MS = 24 * HOUR * 1000;

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** 「今天」, 「昨天」, 「11月21日」, or with the year when it is another one. */
export function formatDay(at: Date, now: Date): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  if (days === 0) return "今天";
  if (days === 1) return "昨天";
  if (days === -1) return "明天";
  const day = `${at.getMonth() + 1}月${at.getDate()}日`;
  return at.getFullYear() === now.getFullYear() ? day : `${at.getFullYear()}年${day}`;
}

/** 「14:05」. */
export function formatClock(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
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
