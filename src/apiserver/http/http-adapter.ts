import type { IncomingMessage } from "node:http";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import type { FastifyReply, FastifyRequest } from "fastify";
import { badRequest } from "../../core/api/index.js";
import { MAX_BODY_BYTES } from "../limits.js";
import { parseBody, readBody, UnreadableBody } from "./request-body.js";

/** Longest path segment that is routed; a name has at most 253 characters. */
const MAX_PARAMETER_LENGTH = 1024;

/**
 * Fastify as the API needs it. Paths of resources get their body unread, since what its type means and how it is refused depends on the
 * route; all others get it as JSON. To be used with Nest's own body parser off.
 */
export function createHttpAdapter(): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    // Watches are open for half an hour and longer.
    requestTimeout: 0,
    keepAliveTimeout: 90_000,
    forceCloseConnections: true,
    // No Nest middleware is used; without its adapter a request costs less.
    skipMiddie: true,
    // A path that can't be decoded gets what net/http says of it.
    frameworkErrors: (_error: unknown, _request: FastifyRequest, reply: FastifyReply) => {
      void reply
        .code(400)
        .header("content-type", "text/plain; charset=utf-8")
        .send("400 Bad Request");
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAMETER_LENGTH },
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser("*", (request, payload, done) => {
    if (isResourcePath(request.url)) done(null, undefined);
    else readJson(payload).then((body) => done(null, body), done);
  });
  return adapter;
}

function isResourcePath(url: string): boolean {
  return url.startsWith("/api/") || url.startsWith("/apis/");
}

async function readJson(payload: IncomingMessage): Promise<unknown> {
  const bytes = await readBody(payload);
  if (bytes.length === 0) return undefined;
  try {
    return parseBody(bytes, "json").value;
  } catch (error) {
    if (error instanceof UnreadableBody) throw badRequest(error.message);
    throw error;
  }
}
