import { Controller, Get, Inject, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { queryOf, writeText } from "../http/response-writer.js";
import { writeNotFound } from "../http/status-error.filter.js";
import { parseAccept } from "../negotiation/accept.js";
import { OpenApiService } from "./openapi.service.js";

const JSON_SUBTYPE = "json";
/** Both spellings are asked for; the answer has the one that is a valid media type. kube-openapi/pkg/handler/handler.go, 1.34. */
const PROTOBUF_SUBTYPES: readonly string[] = [
  "com.github.proto-openapi.spec.v2@v1.0+protobuf",
  "com.github.proto-openapi.spec.v2.v1.0+protobuf",
];
const PROTOBUF_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/** One year: a document with its hash in the URL never changes. */
const CACHED_MS = 365 * 24 * 60 * 60 * 1000;

/** The API described for programs. */
@Controller("openapi")
export class OpenApiController {
  constructor(@Inject(OpenApiService) private readonly documents: OpenApiService) {}

  @Get("v2")
  async version2(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const subtype = acceptedSubtype(request, [JSON_SUBTYPE, ...PROTOBUF_SUBTYPES]);
    reply.header("vary", "Accept");
    if (subtype === null) {
      await reply.code(406).send();
      return;
    }
    const { json, etag } = this.documents.version2();
    if (await isUnchanged(request, reply, etag)) return;
    if (subtype === JSON_SUBTYPE) {
      reply.header("content-type", "application/json");
      await writeText(request, reply, json);
      return;
    }
    await reply.header("content-type", PROTOBUF_TYPE).send(this.documents.version2Protobuf());
  }

  @Get("v3")
  async index(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { json, etag } = this.documents.version3Index();
    if (await isUnchanged(request, reply, etag)) return;
    reply.header("content-type", "application/json");
    await writeText(request, reply, json);
  }

  @Get("v3/*")
  async version3(
    @Req() request: FastifyRequest<{ Params: { "*": string } }>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = request.params["*"];
    const document = this.documents.version3(path);
    if (document === null) {
      await writeNotFound(reply);
      return;
    }
    reply.header("vary", "Accept");
    if (acceptedSubtype(request, [JSON_SUBTYPE]) === null) {
      await reply.code(406).send();
      return;
    }
    const hash = queryOf(request)?.get("hash") ?? "";
    if (hash !== "" && hash !== document.etag) {
      await reply.redirect(this.documents.version3Url(path), 301);
      return;
    }
    if (await isUnchanged(request, reply, document.etag)) return;
    reply.header("content-type", "application/json");
    if (hash !== "") reply.header("expires", new Date(Date.now() + CACHED_MS).toUTCString());
    const caching = hash === "" ? undefined : "public, immutable";
    await writeText(request, reply, document.json, caching);
  }
}

function acceptedSubtype(request: FastifyRequest, served: readonly string[]): string | null {
  for (const { type, subtype } of parseAccept(request.headers.accept ?? "*/*")) {
    if (type !== "application" && type !== "*") continue;
    const match = subtype === "*" ? served[0] : served.find((known) => known === subtype);
    if (match !== undefined) return match;
  }
  return null;
}

/** Answers 304 when the client has this version already. */
async function isUnchanged(
  request: FastifyRequest,
  reply: FastifyReply,
  etag: string,
): Promise<boolean> {
  const quoted = `"${etag}"`;
  reply.header("etag", quoted);
  if (request.headers["if-none-match"] !== quoted) return false;
  await reply.code(304).send();
  return true;
}
