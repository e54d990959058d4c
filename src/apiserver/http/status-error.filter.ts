import {
  Catch,
  HttpException,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { internalError, StatusError, type FailureStatus } from "../../core/api/index.js";
import { negotiateMediaType, type MediaType } from "../negotiation/media-type.js";
import { unknownBodyType, unknownPatchType } from "../refusals.js";
import { writeObject } from "./response-writer.js";

const PLAIN_JSON: MediaType = { encoding: "json", pretty: true, conversion: null };

/** Every refusal becomes HTTP here, and only here. responsewriters/errors.go `ErrorNegotiated`, 1.34. */
@Catch()
export class StatusErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger("Http");

  async catch(exception: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) {
      this.#logger.error(exception);
      reply.raw.destroy();
      return;
    }
    if (isUnknownPath(exception)) {
      await writeNotFound(reply);
      return;
    }
    const status = this.#statusOf(exception, request.method);
    const retryAfter = status.details?.retryAfterSeconds;
    if (retryAfter !== undefined) reply.header("retry-after", String(retryAfter));
    const mediaType = negotiateMediaType(request.headers.accept, () => false) ?? PLAIN_JSON;
    await writeObject(request, reply, { code: status.code, body: status, mediaType });
  }

  #statusOf(exception: unknown, method: string): FailureStatus {
    if (exception instanceof StatusError) return exception.status;
    // Fastify itself refuses a content type that is not even one.
    if (exception instanceof HttpException && exception.getStatus() === 415)
      return (method === "PATCH" ? unknownPatchType() : unknownBodyType()).status;
    if (exception instanceof HttpException) return statusOfHttpException(exception);
    this.#logger.error(exception);
    return internalError(exception instanceof Error ? exception.message : String(exception)).status;
  }
}

/** What net/http says of a path that nobody serves. */
export async function writeNotFound(reply: FastifyReply): Promise<void> {
  await reply
    .code(404)
    .header("content-type", "text/plain; charset=utf-8")
    .header("x-content-type-options", "nosniff")
    .send("404 page not found\n");
}

/** Nest's own words for a path without a route. */
function isUnknownPath(exception: unknown): boolean {
  return (
    exception instanceof HttpException &&
    exception.getStatus() === 404 &&
    /^Cannot [A-Z]+ \//.test(exception.message)
  );
}

const REASONS: Readonly<Record<number, NonNullable<FailureStatus["reason"]>>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  409: "Conflict",
  410: "Gone",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
};

function statusOfHttpException(exception: HttpException): FailureStatus {
  const code = exception.getStatus();
  const reason = REASONS[code];
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: exception.message,
    ...(reason === undefined ? {} : { reason }),
    code,
  };
}
