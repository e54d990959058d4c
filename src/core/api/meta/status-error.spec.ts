import { describe, expect, it } from "vitest";
import * as field from "./field-error.js";
import * as errors from "./status-error.js";

describe("Status errors", () => {
  it("API-1: notFound is the whole Status object", () => {
    expect(errors.notFound("leases.coordination.k8s.io", "a").status).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: 'leases.coordination.k8s.io "a" not found',
      reason: "NotFound",
      details: { name: "a", group: "coordination.k8s.io", kind: "leases" },
      code: 404,
    });
  });

  it.each([
    [errors.alreadyExists("pods", "a"), 409, "AlreadyExists", 'pods "a" already exists'],
    [errors.forbidden("pods", "a", "no"), 403, "Forbidden", 'pods "a" is forbidden: no'],
    [errors.forbidden("pods", "", "no"), 403, "Forbidden", "pods is forbidden: no"],
    [errors.forbidden("", "", "no"), 403, "Forbidden", "forbidden: no"],
    [
      errors.modified("pods", "a"),
      409,
      "Conflict",
      'Operation cannot be fulfilled on pods "a": the object has been modified; please apply your changes to the latest version and try again',
    ],
    [
      errors.methodNotSupported("pods", "create"),
      405,
      "MethodNotAllowed",
      'create is not supported on resources of kind "pods"',
    ],
    [errors.badRequest("x"), 400, "BadRequest", "x"],
    [errors.gone("x"), 410, "Gone", "x"],
    [errors.resourceExpired("x"), 410, "Expired", "x"],
    [
      errors.serverTimeout("pods", "list", 2),
      500,
      "ServerTimeout",
      "The list operation against pods could not be completed at this time, please try again.",
    ],
    [errors.timeout("x", 1), 504, "Timeout", "Timeout: x"],
    [errors.internalError("x"), 500, "InternalError", "Internal error occurred: x"],
    [
      errors.requestEntityTooLarge("x"),
      413,
      "RequestEntityTooLarge",
      "Request entity too large: x",
    ],
    [
      errors.notAcceptable(["a/b", "c/d"]),
      406,
      "NotAcceptable",
      "only the following media types are accepted: a/b, c/d",
    ],
  ])("API-2: %s", (error, code, reason, message) => {
    expect([error.code, error.reason, error.message]).toEqual([code, reason, message]);
  });

  it("VAL-1: one error stands alone, several stand in brackets, each once, with all causes", () => {
    const missing = field.required("spec.containers[0].name");
    const one = errors.invalid({ group: "", kind: "Pod" }, "a", [missing]);
    expect(one.message).toBe('Pod "a" is invalid: spec.containers[0].name: Required value');
    const two = errors.invalid({ group: "policy", kind: "PodDisruptionBudget" }, "a", [
      missing,
      field.invalid("spec.x", 7, "must be 1"),
      missing,
    ]);
    expect(two.message).toBe(
      'PodDisruptionBudget.policy "a" is invalid: [spec.containers[0].name: Required value, spec.x: Invalid value: 7: must be 1]',
    );
    expect(two.status.details?.causes).toHaveLength(3);
    expect(two.status.details?.causes?.[1]).toEqual({
      reason: "FieldValueInvalid",
      message: "Invalid value: 7: must be 1",
      field: "spec.x",
    });
  });

  it.each([
    [field.required("f", "why"), "FieldValueRequired", "Required value: why"],
    [field.invalid("f", 'a"b', "why"), "FieldValueInvalid", 'Invalid value: "a\\"b": why'],
    [field.invalid("f", true, ""), "FieldValueInvalid", "Invalid value: true"],
    [field.invalid("f", { a: "<" }, ""), "FieldValueInvalid", 'Invalid value: {"a":"\\u003c"}'],
    [field.invalid("f", undefined, "x"), "FieldValueInvalid", "Invalid value: null: x"],
    [field.duplicate("f", "a"), "FieldValueDuplicate", 'Duplicate value: "a"'],
    [field.notFound("f", "a"), "FieldValueNotFound", 'Not found: "a"'],
    [
      field.notSupported("f", "a", ["B", "C"]),
      "FieldValueNotSupported",
      'Unsupported value: "a": supported values: "B", "C"',
    ],
    [field.forbidden("f", "why"), "FieldValueForbidden", "Forbidden: why"],
    [field.tooLong("f", 63), "FieldValueTooLong", "Too long: may not be more than 63 bytes"],
    [field.tooMany("f", 4, 3), "FieldValueTooMany", "Too many: 4: must have at most 3 items"],
    [field.internal("f", "why"), "InternalError", "Internal error: why"],
    [field.typeInvalid("f", 1, "why"), "FieldValueTypeInvalid", "Invalid value: 1: why"],
  ])("VAL-2, VAL-3: %j", (error, type, body) => {
    expect([error.type, field.errorBody(error)]).toEqual([type, body]);
  });
});
