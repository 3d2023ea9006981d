/** The desk's labels, in the words staff use. */

export const words = {
  title: "客服工作台",
  noAnswer: "服务暂时没有响应，请稍后再试。",
  signIn: "登录",
  username: "账号",
  password: "密码",
  signOut: "退出登录",
  online: "在岗",
  away: "暂离",
  work: "接待",
  talks: "会话",
  tickets: "工单",
  promises: "承诺台账",
  calls: "回电",
  customers: "客户",
  people: "人员",
  account: "我的账号",
  shortcuts: "键盘快捷键",
  queue: "排队",
  mine: "我的会话",
  take: "接入",
  transfer: "转接",
  release: "交还机器人",
  close: "结束会话",
  hold: "挂起",
  unhold: "恢复服务",
  openTicket: "登记投诉",
  note: "备注",
  send: "发送",
  sendAnyway: "仍然发送",
  packet: "客户资料",
} as const;

export const PRIORITY: Record<string, { title: string; tone: "danger" | "warning" | "info" }> = {
  safety: { title: "安全", tone: "danger" },
  urgent: { title: "紧急", tone: "danger" },
  key: { title: "重点客户", tone: "warning" },
};

export const CHANNEL: Record<string, string> = { web: "网页", wechat: "微信", rest: "接口" };

export const KIND: Record<string, string> = {
  complaint: "投诉",
  repair: "报修",
  installation: "安装",
  refund: "退货退款",
  exchange: "换货",
  price_protection: "价格保护",
  order_change: "订单修改",
  invoice: "发票",
  callback: "回电",
  offline_message: "留言",
  suggestion: "建议",
  praise: "表扬",
  data_request: "个人信息请求",
  internal: "内部意见",
};

export const STATUS: Record<string, { title: string; tone: "primary" | "success" | "warning" | "info" | "danger" }> = {
  registered: { title: "已登记", tone: "warning" },
  accepted: { title: "已受理", tone: "primary" },
  investigating: { title: "核查处理中", tone: "primary" },
  answered: { title: "已答复", tone: "success" },
  satisfied: { title: "已办结", tone: "info" },
  concluded: { title: "已终结", tone: "info" },
  withdrawn: { title: "已撤回", tone: "info" },
};

export const LEVEL: Record<string, string> = { department: "部门", office: "客服中心", management: "管理层" };
export const SOURCE: Record<string, string> = { chat: "对话", phone: "来电", counter: "来访", letter: "来信", email: "邮件" };
export const URGENCY: Record<string, string> = { normal: "一般", urgent: "加急", safety: "安全" };
export const PROMISE_KIND: Record<string, string> = {
  first_contact: "首次联系客户",
  result: "答复处理结果",
  callback: "给客户回电",
  staff: "客服承诺",
  internal: "内部答复",
};
export const PROMISE_STATE: Record<string, { title: string; tone: "primary" | "success" | "danger" }> = {
  open: { title: "待兑现", tone: "primary" },
  kept: { title: "已兑现", tone: "success" },
  broken: { title: "未兑现", tone: "danger" },
};

export const ACTION: Record<string, { title: string; says: string; needsNote?: boolean }> = {
  accept: { title: "受理", says: "客户会收到受理通知，内容包括您的姓名和最晚答复时间。" },
  investigate: { title: "开始核查", says: "客户会收到进度通知。" },
  answer: { title: "答复客户", says: "处理结果会写进书面答复发给客户，并请客户确认是否满意。", needsNote: true },
  correct: { title: "更正结果", says: "更正后的结果会重新发给客户，原来的答复作废但保留。", needsNote: true },
  satisfy: { title: "客户满意，办结", says: "工单办结，客户会收到确认。" },
  reinvestigate: { title: "重新核查", says: "换人、上调一级重新核查，客户会收到通知。", needsNote: true },
  conclude: { title: "终结", says: "最终意见连同外部救济途径一并发给客户。", needsNote: true },
  withdraw: { title: "客户撤回", says: "工单撤回，客户会收到确认，之后可以恢复办理。" },
  resume: { title: "恢复办理", says: "工单回到“已登记”，客户会收到通知。" },
};

export const TIMELINE_ACTION: Record<string, string> = {
  ...Object.fromEntries(Object.entries(ACTION).map(([key, { title }]) => [key, title])),
  registered: "登记",
  deletion_due: "安排删除个人信息",
  deletion_called_off: "取消删除个人信息",
  anonymised: "去除个人信息",
  urged: "客户催办",
  note: "备注",
  notice_received: "客户已收到信件",
  notice_undeliverable: "信件未能送达",
  call_missed: "电话未接通",
  call_moved: "电话改约",
  customer_note: "客户补充",
  customer_picture: "客户补充图片",
  repeated: "客户再次反映，已并入",
  again: "客户再次反映",
  contacted: "联系客户",
  handed_on: "更换负责人",
  transferred: "转交部门",
  escalated: "上报",
  investigator_added: "加入核查组",
  investigator_removed: "退出核查组",
  alternative_offered: "提出替代方案",
  asked: "请客户补充，暂停计时",
  continued: "恢复计时",
  compensation_proposed: "提出补偿",
  compensation_approved: "批准补偿",
  compensation_rejected: "未批准补偿",
  compensation_accepted: "客户接受补偿",
  compensation_refused: "客户不接受补偿",
  duty_warned: "提醒值班",
  postponed: "承诺改期",
  promise_settled: "承诺已兑现",
  promise_broken: "承诺未兑现",
};

export const MOOD: Record<string, string> = { angry: "情绪激动", upset: "不满", anxious: "着急", calm: "平静" };

export const REASON: Record<string, string> = {
  customer_asked: "客户要求人工",
  language: "客户说英语",
  request_human: "客户要求人工",
  offered: "机器人建议转人工",
  angry: "情绪激动",
  not_understood: "机器人未能理解",
  safety: "安全事项",
  failure: "系统出错",
  failed: "系统出错",
  staff: "客服主动接入",
};

export const LETTER: Record<string, string> = {
  acknowledgement: "受理回执",
  progress: "进度告知",
  postponement: "延期告知",
  reminder_question: "请客户补充",
  result_unfounded: "处理结果（不属实）",
  result_justified: "处理结果（属实）",
  corrected_result: "更正结果",
  withdrawal: "撤回确认",
  appeal_received: "异议受理",
  conclusion: "终结告知",
  compensation: "补偿方案",
  satisfied: "办结确认",
  thanks: "感谢信",
  survey: "服务质量调查",
};

export const COMPENSATION_FORM: Record<string, string> = { money: "现金", coupon: "优惠券", goods: "实物", service: "服务" };

export const COMPENSATION_STATE: Record<string, { title: string; tone: "primary" | "success" | "warning" | "info" | "danger" }> = {
  proposed: { title: "待审批", tone: "warning" },
  approved: { title: "已批准，待客户答复", tone: "primary" },
  rejected: { title: "未批准", tone: "info" },
  accepted: { title: "客户已接受", tone: "success" },
  refused: { title: "客户不接受", tone: "danger" },
};

export const FINDING: Record<string, string> = { justified: "属实", unfounded: "不属实" };
export const CONTACT_CHANNEL: Record<string, string> = { phone: "电话", visit: "上门", email: "邮件", other: "其他" };

/** Codes of GET /api/warnings and of a ticket's own warnings. */
export const WARNING: Record<string, string> = {
  calendar_year_unknown: "日历里还没有这一年的节假日安排，期限暂按周末计算。",
  due_soon: "快到期限了，请抓紧办理；来不及的，先告诉客户新的时间。",
  overdue: "已经超过期限，请马上联系客户说明。",
  safety_open: "涉及安全，请立即受理并联系客户。",
  promise_due: "有承诺快到期了。",
  promise_broken: "有承诺没有兑现，请联系客户说明。",
  paused_long: "等客户补充已经很久，请再问一次或恢复计时。",
};
