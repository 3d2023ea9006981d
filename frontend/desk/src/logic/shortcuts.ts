/** Keys that work anywhere at the desk; single letters only while nothing is being written. */

export interface Shortcut {
  keys: string;
  says: string;
}

export const SHORTCUTS: Shortcut[] = [
  { keys: "?", says: "显示键盘快捷键" },
  { keys: "Ctrl + K", says: "查找客户、工单、知识，或输入命令（写字时也行）" },
  { keys: "N", says: "接入排在最前的客户" },
  { keys: "J / K", says: "下一个 / 上一个会话" },
  { keys: "R", says: "光标移到回复框" },
  { keys: "/", says: "在回复里查找常用语和知识（句子中间也行）" },
  { keys: "Enter", says: "发送（Shift + Enter 换行）" },
  { keys: "Alt + 1 / 2 / 3 / 4", says: "把建议的回答放进回复框" },
  { keys: "Alt + N", says: "写备注（只有同事看得到）" },
  { keys: "Alt + R", says: "登记投诉、报修等" },
  { keys: "Alt + H", says: "挂起" },
  { keys: "Alt + T", says: "转接" },
  { keys: "Alt + B", says: "交还机器人" },
  { keys: "Alt + C", says: "结束会话" },
  { keys: "Alt + Z", says: "撤销刚才的转接、交还、结束或兑现（8 秒内）" },
  { keys: "G 然后 W / H / T / P / C / U / K", says: "到 接待 / 会话 / 工单 / 承诺台账 / 回电 / 客户 / 知识库" },
  { keys: "Esc", says: "关闭窗口、收起列表" },
];

/** Whether keys now belong to a field that is being written in. */
export function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
