/** English labels. What the assistant and staff say stays in their language. */

import { daysBetween, formatClock, wall } from "../../../shared/time";
import type { Words } from "./simplified";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function day(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days === -1) return "Tomorrow";
  const { year, month, day: date } = wall(at);
  return `${MONTHS[month - 1]} ${date}${year === wall(now).year ? "" : `, ${year}`}`;
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return `${minutes} min`;
  if (minutes >= 48 * 60) return `${Math.floor(minutes / 1440)} days`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
}

export const english: Words = {
  time: (at, now) => `${day(at, now)} ${formatClock(at)}`,
  duration,
  launch: "Chat with us",
  launcherWaiting: (ahead) => (ahead ? `In the queue, ${ahead} ahead` : "You are next"),
  launcherQueued: "In the queue",
  launcherStaff: (name) => `${name} is here for you`,
  launcherTyping: (name) => `${name} is typing…`,
  launcherAway: "Connection lost, trying again",
  dialog: (company) => `${company}: chat`,
  colon: ": ",
  comma: ", ",
  more: "More",
  sound: "Sound for new messages",
  on: "on",
  off: "off",
  noticeShow: "Show",
  noticeHide: "Hide",
  transcript: "Download this conversation",
  transcriptTitle: (company) => `Conversation with ${company}`,
  transcriptFailed: "The whole conversation could not be read. Please try again.",
  forget: "Forget me on this device",
  forgetLong:
    "The conversation is cleared from this browser, and the next one begins anew. You leave the queue; whoever is talking to you is told that you left. Cases that were registered go on, and you can follow them with their number and the last four digits of your phone.",
  forgetData: "To have your stored data deleted too, say 「删除我的个人信息」 in the chat.",
  forgetYes: "Forget me",
  forgetNo: "Not now",
  forgetFailed: "That did not work. Please check your connection and try again.",
  dayToday: "Today",
  dayYesterday: "Yesterday",
  dayBefore: "The day before",
  dayTomorrow: "Tomorrow",
  dayAfter: "In two days",
  dayOther: "Pick a date",
  dayPart: "Time of day",
  dayParts: ["any time", "morning", "afternoon", "evening"],
  dayChoose: "Send this date",
  dayLabel: "Answer with a date",
  close: "Close the chat",
  newMessages: "New messages",
  unread: (count) => `${count} unread message${count === 1 ? "" : "s"}`,
  log: "Conversation",
  input: "Your message",
  placeholder: "Type your question",
  placeholderWaiting: "You can write already; staff will read it",
  placeholderClosed: "Anything else? Just type",
  send: "Send",
  online: "online",
  away: "away for a moment",
  assistant: (name) => `Assistant ${name}`,
  assistantStatus: "here 24 hours",
  connecting: "Connecting…",
  unreachable: "not reachable",
  unreachableLong: "We cannot be reached just now and keep trying. Write already; it is sent once the connection is back.",
  offline: "You are offline. What you write is sent once you are back.",
  delivery: {
    sending: "Sending…",
    waiting: "Waits for the network",
    refused: "This could not be sent. Please put it differently.",
    sent: "Delivered",
    read: "Read",
  },
  typingBot: "Looking it up for you",
  typingStaff: "Typing",
  staffNumber: (number) => `No. ${number}`,
  recalled: (name) => `${name} took a message back`,
  queueTitle: "Getting a colleague for you",
  queueNext: "you are next",
  queueAhead: (count) => `${count} ahead of you`,
  queueEstimate: (duration) => `about ${duration}`,
  leaveQueue: "Leave the queue",
  ticketTitle: "Registered as",
  ticketPromise: "Answer by",
  copy: "Copy",
  copied: "Copied",
  edit: (label) => `Change ${label}`,
  editDone: "Done",
  editCancel: "Cancel",
  ratingTitle: "How was our service?",
  ratingScore: (score, word) => `${score} of 5, ${word}`,
  ratingScores: ["very poor", "poor", "fair", "good", "very good"],
  ratingComment: "Anything to add (optional)",
  ratingSend: "Send rating",
  ratingThanks: "Thank you for your rating",
  ratingFailed: "It could not be sent. Please check your connection and try again.",
  privacyTitle: "How we protect your data",
  privacyClose: "Understood",
  image: "Picture",
  fileSave: "Save",
  pictureAdd: "Send pictures",
  pictureRemove: (name) => `Remove ${name}`,
  pictureTray: "Pictures to send",
  pictureOpen: "Enlarge",
  pictureClose: "Close the picture",
  pictureDrop: "Drop pictures to send them",
  pictureUnread: "The picture did not load. Tap to try again.",
  pictureProgress: (percent) => `${percent}% sent`,
  pictureProblem: {
    type: (name) => `${name} cannot be sent: only JPG, PNG, WebP and GIF pictures. A screenshot works.`,
    size: (name) => `${name} is larger than 5 MB. Please make it smaller or send a screenshot.`,
    count: () => "At most 9 pictures at once. Please send the others afterwards.",
  },
  refusals: {
    picture_lost: "The page was reloaded before this picture was sent. Please choose it again.",
    picture_failed: "The picture could not be sent. Please check your connection and try again.",
    too_many_tries: "Too many pictures just now. Please try again in a while.",
    too_large: "This is too large to be sent.",
    picture: "This picture could not be sent. Please try another, or a screenshot.",
  },
  retry: "Try again",
  drop: "Delete",
  helpfulAsk: "Was this helpful?",
  helpfulThanks: "Thank you for telling us",
  helpfulYes: "Helpful",
  helpfulNo: "Not helpful",
  followTicket: "Follow it",
  letterUnfold: "Show all",
  letterFold: "Show less",
  status: {
    registered: "Registered",
    accepted: "Accepted",
    investigating: "Being looked into",
    answered: "Answered",
    satisfied: "Settled",
    concluded: "Concluded",
    withdrawn: "Withdrawn",
  },
  you: "You",
};
