import { z } from "zod";
import { badRequest } from "../core/api/index.js";

/** What a client sent, checked. @throws StatusError 400 that names the first wrong field. */
export const parseRequest = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badRequest(explain(parsed.error));
};

/** The first thing that is wrong, as `field: why`. */
export const explain = (error: z.ZodError): string => {
  const issue = error.issues[0];
  if (issue === undefined) return "invalid request";
  const path = issue.path.map(String).join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
};

/** The schema as OpenAPI 3.0 has it, so that the document and the check cannot differ. */
export const openApiSchema = (schema: z.ZodType): Record<string, unknown> =>
  z.toJSONSchema(schema, { target: "openapi-3.0", io: "input", unrepresentable: "any" });
