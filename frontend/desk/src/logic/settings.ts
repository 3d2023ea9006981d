/** Names of the files of settings, and what was changed in one. */

import type { Entry } from "../settings";

const TITLES: Record<string, string> = {
  "opening_hours.yml": "服务时间",
  "holidays.yml": "节假日",
  "limits.yml": "时限与额度",
  "canned.yml": "快捷回复",
  "assignment.yml": "派单",
  "customer_files.yml": "客户档案",
  "webhooks.yml": "事件推送",
};
const MESSAGES: Record<string, string> = {
  clocks: "到期与静默", closing: "送别与评价", desk: "工作台提示", errors: "没有办成（通用）", errors_desk: "没有办成（工作台）", errors_people: "没有办成（账号）", errors_values: "没有办成（填写）", follow: "进度查询页", joining: "确认手机号", knowledge: "问答之后", notices: "短信与邮件", personal: "个人信息",
  pictures: "图片", queue: "排队", shop: "订单查询", staff: "人工接待", ticket: "工单", titles: "名称", trouble: "出错时", values: "填写提示", wechat: "微信", welcome: "欢迎语",
};
const LETTERS: Record<string, string> = {
  acknowledgement: "受理回执", appeal_received: "申诉受理", compensation: "补偿方案", conclusion: "最终处理意见", corrected_result: "更正结果",
  data_deletion: "个人信息删除告知", frame: "抬头与落款", postponement: "延期告知", progress: "进展告知", reminder_question: "请客户补充",
  result_justified: "处理结果（属实）", result_unfounded: "处理结果（说明）", satisfied: "办结确认", thanks: "感谢信", survey: "服务质量调查", withdrawal: "撤回确认",
};

export function titleOf(name: string): string {
  const [folder = "", file = ""] = name.split("/");
  const stem = file.replace(/\.yml$/, "");
  if (folder === "messages") return MESSAGES[stem] ?? stem;
  if (folder === "letters") return LETTERS[stem] ?? stem;
  return TITLES[name] ?? name;
}

export function groupOf(name: string): string {
  if (name.startsWith("messages/")) return "系统消息";
  return name.startsWith("letters/") ? "给客户的信函" : "运营";
}

const LONGEST_TITLE = 24;

/** What a key is called, and what there is to say of it: a file of settings remarks on each, 「申诉期（天）：从……」. Wordings go by their key. */
export function described(name: string, entry: Entry): { title: string; hint: string } {
  const [title = "", ...rest] = entry.remark.split("：");
  if (name.includes("/") || title.length > LONGEST_TITLE) return { title: "", hint: entry.remark };
  return { title, hint: rest.join("：") };
}

/** What differs from what is in force. */
export function changes(entries: Entry[], values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(entries.filter((one) => (values[one.key] ?? one.value) !== one.value).map((one) => [one.key, values[one.key] ?? ""]));
}

export const linesOf = (value: string): number => Math.min(14, Math.max(1, value.split("\n").length));
