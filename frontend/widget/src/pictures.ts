/** Pictures: what may be sent, sending one with progress, and reading one back; the service's side is helpdesk/channels/web/pictures.py. */

export const TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];
export const LARGEST = 5 * 1024 * 1024;
export const AT_ONCE = 9;

export type Problem = "type" | "size" | "count";

/** Why a file cannot be sent; the service looks at its bytes as well. */
export function problemWith(file: { type: string; size: number }): Problem | null {
  if (!TYPES.includes(file.type)) return "type";
  return file.size > LARGEST ? "size" : null;
}

export interface Uploaded {
  id?: string;
  /** `offline` when no answer came: worth another try. */
  error?: string;
}

export interface PictureDoor {
  send(session: string, file: Blob, progress: (share: number) => void): Promise<Uploaded>;
  read(session: string, src: string): Promise<Blob>;
}

const SESSION = "X-Session-Id";

/** The service over HTTP; XMLHttpRequest, for `fetch` does not tell how much of a body has gone. */
export function httpDoor(service: string): PictureDoor {
  return {
    send: (session, file, progress) =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest();
        const form = new FormData();
        form.append("picture", file);
        request.open("POST", `${service}/web/pictures`);
        request.setRequestHeader(SESSION, session);
        request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
        request.onload = () => resolve(readAnswer(request.status, request.responseText));
        request.onerror = request.onabort = request.ontimeout = () => resolve({ error: "offline" });
        request.timeout = 120_000;
        request.send(form);
      }),
    read: async (session, src) => {
      const answer = await fetch(service + src, { headers: { [SESSION]: session } });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.blob();
    },
  };
}

export function readAnswer(status: number, text: string): Uploaded {
  try {
    const body = JSON.parse(text) as { id?: string; error?: { code?: string } };
    if (status < 300 && body.id) return { id: body.id };
    return { error: status >= 500 ? "offline" : (body.error?.code ?? "refused") };
  } catch {
    return { error: status >= 500 || status === 0 ? "offline" : "refused" };
  }
}

/** Whether an image's address is one of ours, which only the session's own id opens. */
export function isOurs(src: string): boolean {
  return /^\/pictures\/[0-9a-f]{32}$/.test(src);
}

export function addressOf(id: string): string {
  return `/pictures/${id}`;
}
