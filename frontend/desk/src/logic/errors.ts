/** What a refusal is in words staff can use: the service's own, or ours where a proxy has answered for it. */

const HAN = /[\u4e00-\u9fff]/;

/** One sentence: what happened, and what to do. */
export function sayError(status: number, message?: string): string {
  if (message && HAN.test(message)) return message;
  return status >= 500 ? "服务暂时没有响应，请稍后再试。" : "没有完成，请检查后再试。";
}
