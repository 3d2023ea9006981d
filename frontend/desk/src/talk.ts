/** Handing on, giving back and ending a conversation: each can be called back before anybody hears of it. */

import { customerTitle, desk, refreshLists } from "./desk";
import { told } from "./notify";
import { inAWhile } from "./undo";

interface Leaving {
  id: string;
  /** 「会话将结束」. */
  says: string;
  /** 「即将结束」. */
  soon: string;
  /** 「会话已结束」: said when it was. */
  done: string;
  work: () => Promise<unknown>;
  /** Not after the customer wrote once more. */
  endsIt?: boolean;
}

export function leaveTalk(leaving: Leaving): void {
  const listed = () => desk.mine.find((one) => one.conversation_id === leaving.id);
  const who = customerTitle(listed()?.customer_name, listed()?.sender);
  let lastSaid = listed()?.last_customer_at;
  /** The list may not have come yet, or have let the conversation go: neither is a word of the customer's. */
  const spokeAgain = () => {
    const said = listed()?.last_customer_at;
    lastSaid ??= said;
    return !!said && said !== lastSaid;
  };
  inAWhile({
    about: `talk:${leaving.id}`,
    says: `${who}：${leaving.says}`,
    soon: leaving.soon,
    work: leaving.work,
    after: async (done) => {
      if (done) told(leaving.done);
      await refreshLists();
    },
    unless: () => (leaving.endsIt && spokeAgain() ? `${who}又说话了，会话没有结束。` : ""),
  });
}
