/** Files that may go to a customer; the service looks at their bytes as well. */

export const ENDINGS = ["pdf", "docx", "xlsx", "pptx", "txt", "csv"];
export const LARGEST_FILE = 10 * 1024 * 1024;
export const ACCEPTED = ENDINGS.map((ending) => `.${ending}`).join(",");

/** Why it cannot be sent, in words; empty where it can. */
export function fileProblem(file: { name: string; size: number }): string {
  const ending = file.name.split(".").at(-1)!.toLowerCase();
  if (!file.name.includes(".") || !ENDINGS.includes(ending)) return `「${file.name}」发不了：只能发图片，或 PDF、Word、Excel、PPT、TXT、CSV 文件。`;
  return file.size > LARGEST_FILE ? `「${file.name}」超过 10 MB，请压缩或拆开再发。` : "";
}
