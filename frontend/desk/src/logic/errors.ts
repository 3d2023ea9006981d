/** What a refusal is in words staff can use; the service's own words count where they are Chinese. */

const BY_CODE: Record<string, string> = {
  invalid_input: "有内容不符合要求，没有保存。请检查后再试。",
  too_large: "内容太大，没有发出。请缩短或压缩后再试。",
  headers_too_large: "请求太大，没有发出。请刷新页面后再试。",
  broken_article: "这篇文章还不能使用，没有保存。请检查后再试。",
  not_signed_in: "登录已经过期，请重新登录。写好的内容会保留。",
  second_factor: "还需要手机上的动态验证码。",
  not_allowed: "您没有这项权限。需要时请找主管或管理员。",
  setup_needed: "请先完成账号设置。",
  not_found: "没有找到，可能已经被删除，或者不属于您。",
  conflict: "同事先一步处理了，请刷新后再看。",
  move_refused: "现在的状态不能这样做，请刷新后再看。",
  too_many_tries: "操作太频繁，请稍等一会儿再试。",
  too_slow: "网络太慢，没有发完。请再试一次。",
  not_ready: "服务正在启动，请稍等一会儿再试。",
  not_stored: "数据库暂时没有响应，没有保存。请稍后再试。",
  no_room: "磁盘空间不足，没有保存。请联系管理员。",
  worker_failed: "机器人暂时没有响应，请稍后再试。",
  not_answering: "公司的业务系统暂时没有响应，请稍后再试。",
  channel_failed: "对方平台没有收下，没有发出。请稍后再试。",
  company_file: "公司设置里有一项不能使用，请联系管理员。",
  client_gone: "请求没有发完，请再试一次。",
  missing_wording: "缺少一句话术，没有完成。请联系管理员。",
  bad_request: "请求不完整，没有完成。请刷新页面后再试。",
  method_not_allowed: "请求不对，没有完成。请刷新页面后再试。",
  internal: "服务出了问题，没有完成。请稍后再试，一直这样请联系管理员。",
};

const HAN = /[\u4e00-\u9fff]/;
/** Whoever edits a file of the company needs to know which key is wrong. */
const SAYS_WHERE = new Set(["invalid_input", "company_file", "broken_article"]);
const TO_REPEAT = "服务暂时没有响应，请稍后再试。";

/** One sentence: what happened, and what to do. */
export function sayError(status: number, code?: string, message?: string): string {
  if (message && HAN.test(message)) return message;
  if (message && SAYS_WHERE.has(code ?? "")) return `${BY_CODE[code!]}（${message}）`;
  return BY_CODE[code ?? ""] ?? (status >= 500 ? TO_REPEAT : BY_CODE.invalid_input!);
}

/** The codes that are known, for the test that compares them with the service's. */
export const CODES = Object.keys(BY_CODE);
