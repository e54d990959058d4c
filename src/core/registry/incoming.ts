import { apiVersionOf, badRequest, type KubeObject } from "../api/index.js";
import type { CreateRequest, UpdateRequest } from "./api-request.js";
import type { WriteContext } from "./strategy.js";

/** The object of a POST: decoded, with defaults, in its kind's version. @throws StatusError 400 */
export const readNewObject = (
  request: Pick<CreateRequest, "body" | "options">,
  context: WriteContext,
): KubeObject => readBody(request.body, context);

/** The object of a PUT, as a change of `current`. */
export const readChangedObject = (
  request: Pick<UpdateRequest, "body" | "options">,
  _current: KubeObject,
  context: WriteContext,
): KubeObject => readBody(request.body, context);

const readBody = (body: unknown, { resource }: WriteContext): KubeObject => {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw badRequest(`the object provided is unrecognized (must be of type ${resource.kind})`);
  }
  const object = body as Partial<KubeObject>;
  return {
    ...object,
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: object.metadata ?? {},
  } as KubeObject;
};
