import { describe, expect, it } from "vitest";
import type { KubeObject, ManagedFieldsEntry } from "../api/index.js";
import { isSameState } from "./object-equality.js";

const entry: ManagedFieldsEntry = {
  manager: "m",
  operation: "Update",
  apiVersion: "v1",
  time: "2026-01-01T00:00:00Z",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:data": {} },
};

function object(managedFields: readonly ManagedFieldsEntry[], data = "1"): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "a",
      uid: "u",
      resourceVersion: "5",
      creationTimestamp: "",
      managedFields: [...managedFields],
    },
    data: { a: data },
  } as KubeObject;
}

describe("a write", () => {
  const previous = object([entry]);
  const later = { ...entry, time: "2026-01-01T00:00:09Z" };

  it("that changes times in managedFields alone is none", () => {
    expect(isSameState(previous, object([later]))).toBe(true);
    expect(isSameState(previous, object([entry]))).toBe(true);
  });

  it.each([
    ["something else", object([later], "2")],
    ["who owns what", object([{ ...later, fieldsV1: { "f:metadata": {} } }])],
    ["who the managers are", object([{ ...later, manager: "n" }])],
    ["how many managers there are", object([entry, later])],
    ["that there are managers", object([])],
  ])("that changes %s is one", (_title, next) => {
    expect(isSameState(previous, next)).toBe(false);
  });
});
