/** Tell staff what happened: what went wrong, what was kept, what to do. */

import { ElMessage, ElNotification } from "element-plus";
import { ApiError } from "./api";

/** Pixels: what is told lies over the words, not over the buttons. */
const BELOW_HEADS = 112;

export function told(text: string): void {
  ElMessage({ message: text, type: "success", duration: 2500, grouping: true, offset: BELOW_HEADS });
}

/** Something was not done after all, for a reason. */
export function remark(text: string): void {
  ElMessage({ message: text, type: "warning", duration: 5000, showClose: true, offset: BELOW_HEADS });
}

const reminded = new Map<string, { close: () => void }>();

/** Something waits for me; a click leads to it. It stays until it is closed, or another of its `kind` takes its place. */
export function remind(text: string, act: () => void, kind = ""): void {
  reminded.get(kind)?.close();
  const shown = ElNotification({
    title: "提醒",
    message: text,
    type: "warning",
    duration: 0,
    position: "bottom-right",
    onClick: () => {
      shown.close();
      act();
    },
  });
  if (kind) reminded.set(kind, shown);
}

export function failed(error: unknown): void {
  const text = error instanceof ApiError ? error.message : "出现意外错误，请刷新页面后再试。";
  ElMessage({ message: text, type: "error", duration: 5000, showClose: true, grouping: true, offset: BELOW_HEADS });
}

/** Do it, and say so when it fails; whether it succeeded. */
export async function attempt(work: () => Promise<unknown>, success = ""): Promise<boolean> {
  try {
    await work();
    if (success) told(success);
    return true;
  } catch (error) {
    failed(error);
    return false;
  }
}
