/** A value of Redis' protocol, RESP2. */
export type Reply =
  | { readonly kind: "status"; readonly text: string }
  | { readonly kind: "error"; readonly text: string }
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "bulk"; readonly text: string | null }
  | { readonly kind: "array"; readonly items: readonly Reply[] };

export const OK: Reply = { kind: "status", text: "OK" };
export const NIL: Reply = { kind: "bulk", text: null };
export const status = (text: string): Reply => ({ kind: "status", text });
export const failure = (text: string): Reply => ({ kind: "error", text });
export const integer = (value: number): Reply => ({ kind: "integer", value });
export const bulk = (text: string | null): Reply => ({ kind: "bulk", text });
export const array = (items: readonly Reply[]): Reply => ({ kind: "array", items });
export const bulks = (texts: Iterable<string>): Reply =>
  array([...texts].map((text) => bulk(text)));

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const encodeReply = (reply: Reply): string => {
  switch (reply.kind) {
    case "status":
      return `+${reply.text}\r\n`;
    case "error":
      return `-${reply.text}\r\n`;
    case "integer":
      return `:${String(reply.value)}\r\n`;
    case "bulk":
      if (reply.text === null) return "$-1\r\n";
      return `$${String(encoder.encode(reply.text).length)}\r\n${reply.text}\r\n`;
    case "array":
      return `*${String(reply.items.length)}\r\n${reply.items.map(encodeReply).join("")}`;
  }
};

export const encodeCommand = (words: readonly string[]): string => encodeReply(bulks(words));

/** A command from the start of what has come, and how many bytes it took; null when it is not complete. */
export const readCommand = (
  bytes: Uint8Array,
): { readonly words: readonly string[]; readonly used: number } | null => {
  if (bytes[0] !== STAR) return readInline(bytes);
  const read = readReply(bytes);
  if (read?.reply.kind !== "array") return null;
  const words = read.reply.items.map((item) => (item.kind === "bulk" ? (item.text ?? "") : ""));
  return { words, used: read.used };
};

/** The reply at the start of what has come; null when it is not complete. */
export const readReply = (
  bytes: Uint8Array,
  start = 0,
): { readonly reply: Reply; readonly used: number } | null => {
  const end = bytes.indexOf(NEWLINE, start);
  if (end < 0) return null;
  const line = decoder.decode(bytes.subarray(start + 1, end)).replace(/\r$/, "");
  const next = end + 1;
  switch (bytes[start]) {
    case PLUS:
      return { reply: status(line), used: next };
    case MINUS:
      return { reply: failure(line), used: next };
    case COLON:
      return { reply: integer(Number(line)), used: next };
    case DOLLAR: {
      const length = Number(line);
      if (length < 0) return { reply: NIL, used: next };
      if (bytes.length < next + length + 2) return null;
      const text = decoder.decode(bytes.subarray(next, next + length));
      return { reply: bulk(text), used: next + length + 2 };
    }
    case STAR:
      return readArray(bytes, next, Number(line));
    default:
      return { reply: failure(`ERR Protocol error: ${line}`), used: next };
  }
};

const readArray = (
  bytes: Uint8Array,
  start: number,
  count: number,
): { readonly reply: Reply; readonly used: number } | null => {
  const items: Reply[] = [];
  let at = start;
  for (let i = 0; i < Math.min(count, 1024 * 1024); i += 1) {
    const item = readReply(bytes, at);
    if (item === null) return null;
    items.push(item.reply);
    at = item.used;
  }
  return { reply: array(items), used: at };
};

const readInline = (
  bytes: Uint8Array,
): { readonly words: readonly string[]; readonly used: number } | null => {
  const end = bytes.indexOf(NEWLINE);
  if (end < 0) return null;
  const line = decoder.decode(bytes.subarray(0, end)).trim();
  return { words: line === "" ? [] : line.split(/\s+/), used: end + 1 };
};

const NEWLINE = 10;
const [PLUS, MINUS, COLON, DOLLAR, STAR] = [43, 45, 58, 36, 42];
