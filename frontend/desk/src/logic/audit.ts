/** The audit in words: what was done, to what, and what of its detail is worth a line. */

export const AUDIT_ACTION: Record<string, string> = {
  signed_in: "登录",
  signed_out: "退出登录",
  login_failed: "登录失败",
  password_set: "设置密码",
  presence_online: "在岗",
  presence_away: "暂离",
  presence_lapsed: "失去联系，视为离岗",
  fields_revealed: "查看完整信息",
  letter_forced: "坚持发出有问题的书面答复",
  reply_forced: "坚持发出有问题的回复",
  conversation_taken: "接入会话",
  conversation_served: "服务一位客户",
  conversation_transferred: "转接会话",
  conversation_bot: "交还机器人",
  conversation_closed: "结束会话",
  conversation_idle: "会话闲置结束",
  conversation_requeued: "会话排回队列",
  conversation_note: "会话备注",
  message_recalled: "撤回消息",
  message_resent: "再发一次消息",
  conversation_written_again: "再次联系客户",
  conversation_tagged: "给会话加标签",
  conversation_untagged: "去掉会话标签",
  hold_began: "挂起",
  hold_ended: "恢复服务",
  hold_run_out: "挂起超时",
  queue_joined: "客户排队",
  queue_left: "客户离开队列",
  browser_forgotten: "客户清除了聊天窗",
  queue_raised: "排队提前",
  customer_changed: "客户资料变更",
  customers_joined: "合并为同一位客户",
  customer_seen: "查看客户档案",
  customer_edited: "修改客户档案",
  customer_reviewed: "核对客户档案",
  customer_given: "客户档案交给同事保管",
  customers_merged: "合并客户档案",
  customers_parted: "撤销合并客户档案",
  follow_up_planned: "安排回访",
  follow_up_done: "回访完成",
  follow_up_dropped: "不再回访",
  follow_up_moved: "回访改时间",
  tier_set: "设定客户等级",
  phone_proved: "客户确认了手机号",
  promise_confirmed: "确认承诺",
  promise_dismissed: "认定不是承诺",
  promise_postponed: "承诺改期",
  promise_settled: "承诺兑现",
  promise_broken: "承诺未兑现",
  article_published: "发布知识",
  article_rolled_back: "恢复知识版本",
  article_drafted: "保存知识草稿",
  article_draft_dropped: "丢弃知识草稿",
  warning: "提醒",
  bottom_line: "触及底线，报告主管",
  form_abandoned: "客户放弃填写",
  order_hurried: "客户催单",
  setting_published: "修改设置",
  webhook_secret_shown: "查看推送密钥",
  event_pinged: "试发事件",
  event_replayed: "重发事件",
  events_replayed: "重发全部已放弃的事件",
};

const DETAIL: Record<string, string> = {
  reason: "理由",
  text: "内容",
  note: "说明",
  to: "交给",
  address: "来自",
  minutes: "分钟",
  state: "结果",
  fields: "看了",
};

/** What a subject is, where the desk has a page for it. */
export function about(subject: string, action: string): "ticket" | "conversation" | null {
  if (/^[A-Z]{2}\d{8}-\d{4,}$/.test(subject)) return "ticket";
  return /^(conversation|hold|queue)_/.test(action) && /^[0-9a-f]{32}$/.test(subject) ? "conversation" : null;
}

export function detailOf(detail: Record<string, unknown> | null): string {
  const told = Object.entries(DETAIL).flatMap(([name, title]) => {
    const value = detail?.[name];
    const shown = Array.isArray(value) ? value.filter((one) => typeof one === "string").join("、") : value;
    return typeof shown === "string" || typeof shown === "number" ? [`${title}：${shown}`] : [];
  });
  return told.join("；");
}
