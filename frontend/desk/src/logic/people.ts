/** Forms and words about people: what an account asks for, what a browser calls itself, what a key may. */

import type { Person, PersonEdit } from "../people";
import type { FormField, Values } from "./forms";

export const ROLE: Record<string, string> = { agent: "客服", supervisor: "主管", admin: "管理员" };

export const SCOPE: Record<string, string> = {
  "conversations:read": "查看会话和排队",
  "tickets:read": "查看工单和承诺",
  "tickets:write": "备注、记录联系、推进工单",
  "knowledge:read": "查看知识库",
  "knowledge:write": "编辑知识库",
  "people:read": "查看人员",
  "people:write": "邀请、修改、停用人员",
};

export const PERSON_STATE = {
  invited: { title: "待加入", tone: "warning" },
  active: { title: "在用", tone: "success" },
  locked: { title: "已停用", tone: "info" },
} as const;

const options = (titles: Record<string, string>) => Object.entries(titles).map(([value, title]) => ({ value, title }));

/** What is asked of a new account, or of one that is there (which keeps its name to sign in with). */
export function personFields(person: Person | null, categories: Record<string, string>): FormField[] {
  const id: FormField = {
    name: "id",
    label: "账号",
    as: "text",
    required: true,
    max: 32,
    placeholder: "wangfang",
    hint: "登录时使用：小写字母、数字和 . _ -，以后不能修改。",
  };
  return [
    ...(person ? [] : [id]),
    { name: "name", label: "姓名", as: "text", required: true, max: 30, hint: "客户会看到。", initial: person?.name },
    { name: "number", label: "工号", as: "text", required: true, max: 16, hint: "客户会看到，不能重复。", initial: person?.number },
    { name: "role", label: "角色", as: "radio", required: true, options: options(ROLE), initial: person?.role ?? "agent" },
    { name: "department", label: "部门", as: "department", required: true, initial: person?.department ?? "service" },
    { name: "capacity", label: "同时接待（位）", as: "number", required: true, max: 2, initial: String(person?.capacity ?? 3) },
    {
      name: "skills",
      label: "专长",
      as: "many",
      options: options(categories),
      placeholder: "选填，可多选",
      hint: "对口的投诉优先分给有这项专长的同事。",
      initial: person?.skills.join(",") ?? "",
      wide: true,
    },
    {
      name: "second_factor_required",
      label: "登录",
      as: "yes",
      placeholder: "必须使用动态验证码",
      hint: "还没有开启的，下次操作前要先用手机开启。",
      initial: person?.second_factor_required ? "yes" : "",
      wide: true,
    },
  ];
}

/** The form's values as the server takes them; empty skills are none, not unchanged. */
export function personEdit(values: Values): PersonEdit {
  const { name, number, role, department } = values;
  return {
    name,
    number,
    role,
    department,
    capacity: Number(values.capacity),
    skills: (values.skills ?? "").split(",").filter(Boolean),
    second_factor_required: values.second_factor_required === "yes",
  };
}

const BROWSERS: [RegExp, string][] = [
  [/MicroMessenger/, "微信"],
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/Android/, "安卓手机"],
  [/iPhone|iPad/, "苹果手机或平板"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "Mac"],
  [/Linux/, "Linux"],
];

/** What a browser calls itself, in words; a program by its own name. */
export function agentWords(agent: string): string {
  const named = (table: [RegExp, string][]) => table.find(([sign]) => sign.test(agent))?.[1];
  const found = [named(BROWSERS), named(SYSTEMS)].filter(Boolean);
  return found.join(" · ") || agent.slice(0, 40) || "未知设备";
}

/** An invitation's full address, to be handed to its person. */
export function linkOf(path: string, origin: string): string {
  return origin + path;
}

/** The rule of two fields: what is typed twice is the same. */
export function sameTwice(values: Values): Values {
  return values.again && values.again !== values.password ? { again: "两次输入的密码不一样" } : {};
}

export const NEW_PASSWORD: FormField[] = [
  { name: "password", label: "新密码", as: "password", required: true, min: 10, max: 256, hint: "至少 10 个字符，可以是一句自己记得住的话。" },
  { name: "again", label: "再输入一次", as: "password", required: true },
];
