import { describe, expect, it } from "vitest";
import type { KubeObject, ManagedFieldsEntry } from "../../../api/index.js";
import { frozen } from "../testing/fixtures.js";
import { ignoreTimestampChanges } from "./timestamps.js";

const entry: ManagedFieldsEntry = {
  manager: "m",
  operation: "Update",
  apiVersion: "v1",
  time: "2026-01-01T00:00:00Z",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:data": {} },
};

function object(managedFields: readonly ManagedFieldsEntry[], data = "1"): KubeObject {
  return frozen({
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
  });
}

describe("a write", () => {
  const previous = object([entry]);
  const later = { ...entry, time: "2026-01-01T00:00:09Z" };

  it("that changes times in managedFields alone is none", () => {
    expect(ignoreTimestampChanges(previous, object([later]))).toBe(previous);
    expect(ignoreTimestampChanges(previous, object([entry]))).toBe(previous);
  });

  it.each([
    ["something else", object([later], "2")],
    ["who owns what", object([{ ...later, fieldsV1: { "f:metadata": {} } }])],
    ["who the managers are", object([{ ...later, manager: "n" }])],
    ["how many managers there are", object([entry, later])],
    ["that there are managers", object([])],
  ])("that changes %s is one", (_title, next) => {
    expect(ignoreTimestampChanges(previous, next)).toBe(next);
  });
});
