import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** Browsers say where a page is from and ask nobody before they open a WebSocket. Pages of this machine are let in: the dashboard in development. */
export const isForeignPage = (request: IncomingMessage): boolean => {
  const { origin, host } = request.headers;
  if (origin === undefined) return false;
  const url = URL.canParse(origin) ? new URL(origin) : null;
  if (url === null) return true;
  return url.host !== host && !["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
};

/** Answers a request that wants another protocol, and does not get it, as plain HTTP. */
export const refuseUpgrade = (
  socket: Duplex,
  { code, body, contentType }: { code: number; body: string; contentType: string },
): void => {
  socket.end(
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ""}\r\n` +
      `Content-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
};
