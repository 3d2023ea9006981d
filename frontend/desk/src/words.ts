/** The desk's labels, in the words staff use. */

export const words = {
  title: "客服工作台",
  signIn: "登录",
  username: "账号",
  password: "密码",
  signOut: "退出登录",
  online: "在岗",
  away: "暂离",
  work: "接待",
  tickets: "工单",
  promises: "承诺台账",
  shortcuts: "键盘快捷键",
  queue: "排队",
  mine: "我的会话",
  take: "接入",
  transfer: "转接",
  release: "交还机器人",
  close: "结束会话",
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

export const ACTION: Record<string, { title: string; says: string; needsNote?: boolean; supervisor?: boolean }> = {
  accept: { title: "受理", says: "客户会收到受理通知，内容包括您的姓名和最晚答复时间。" },
  investigate: { title: "开始核查", says: "客户会收到进度通知。" },
  answer: { title: "答复客户", says: "处理结果会原样发给客户，并请客户确认是否满意。", needsNote: true },
  satisfy: { title: "客户满意，办结", says: "工单办结，客户会收到确认。" },
  reinvestigate: { title: "重新核查", says: "换人、上调一级重新核查，客户会收到通知。", needsNote: true },
  conclude: { title: "终结", says: "最终意见连同外部救济途径一并发给客户。", needsNote: true, supervisor: true },
  withdraw: { title: "客户撤回", says: "工单撤回，客户会收到确认，之后可以恢复办理。" },
  resume: { title: "恢复办理", says: "工单回到“已登记”，客户会收到通知。" },
};

export const TIMELINE_ACTION: Record<string, string> = {
  ...Object.fromEntries(Object.entries(ACTION).map(([key, { title }]) => [key, title])),
  registered: "登记",
  urged: "客户催办",
  note: "备注",
  customer_note: "客户补充",
  repeated: "客户再次反映，已并入",
  contacted: "联系客户",
  handed_on: "更换负责人",
  postponed: "承诺改期",
  promise_broken: "承诺未兑现",
};

export const MOOD: Record<string, string> = { angry: "情绪激动", upset: "不满", anxious: "着急", calm: "平静" };

export const REASON: Record<string, string> = {
  customer_asked: "客户要求人工",
  request_human: "客户要求人工",
  offered: "机器人建议转人工",
  angry: "情绪激动",
  not_understood: "机器人未能理解",
  safety: "安全事项",
  failure: "系统出错",
  failed: "系统出错",
  staff: "客服主动接入",
};
