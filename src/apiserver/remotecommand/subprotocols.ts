import type { IncomingMessage } from "node:http";
import type { Subprotocol } from "./exec-status.js";

/** By preference. */
const SUBPROTOCOLS: readonly Subprotocol[] = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

/** A token among the subprotocols, for those who cannot set headers. apiserver/pkg/authentication/request/websocket/protocol.go, 1.34. */
const BEARER_PREFIX = "base64url.bearer.authorization.k8s.io.";

export function offeredProtocols(request: IncomingMessage): string[] {
  return allOf(request).filter((name) => !name.startsWith(BEARER_PREFIX));
}

export function chooseSubprotocol(offered: readonly string[]): Subprotocol | null {
  return SUBPROTOCOLS.find((name) => offered.includes(name)) ?? null;
}

/** As an Authorization header. */
export function bearerOf(request: IncomingMessage): string | undefined {
  const token = allOf(request).find((name) => name.startsWith(BEARER_PREFIX));
  if (token === undefined) return undefined;
  const text = Buffer.from(token.slice(BEARER_PREFIX.length), "base64url").toString("utf8");
  return `Bearer ${text}`;
}

function allOf(request: IncomingMessage): string[] {
  const header = request.headers["sec-websocket-protocol"] ?? "";
  return header
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
