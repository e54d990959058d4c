import { describe, expect, it } from "vitest";
import { RESOURCES } from "../api/index.js";
import { partialMetadataOf, printStatus, printTable } from "./index.js";
import { printerOf } from "./kind-printers.js";
import { CREATED, NOW_MS, object, resource } from "./testing/fixtures.js";

describe("tables", () => {
  it("have one name column, and types that kubectl knows, whatever the resource", () => {
    for (const definition of RESOURCES) {
      const { columns } = printerOf(definition);
      expect(columns.filter(({ format }) => format === "name")).toHaveLength(1);
      for (const { type, priority, description } of columns) {
        expect(["string", "integer", "boolean", "date"]).toContain(type);
        expect([0, 1]).toContain(priority);
        expect(description).not.toBe("");
      }
    }
  });

  it("leave the headers out on request", () => {
    const table = printTable(resource("configmaps"), [object({})], {
      nowMs: NOW_MS,
      noHeaders: true,
    });
    expect(table.columnDefinitions).toEqual([]);
    expect(table.rows[0]?.cells).toEqual(["a", 0, "60m"]);
  });

  it("a Status", () => {
    const printedStatus = printStatus({ status: "Failure", reason: "NotFound", message: "gone" });
    expect(printedStatus.columnDefinitions.map(({ name }) => name)).toEqual([
      "Status",
      "Reason",
      "Message",
    ]);
    expect(printedStatus.cells).toEqual(["Failure", "NotFound", "gone"]);
  });

  it("partial metadata has nothing else", () => {
    const whole = object({ kind: "Pod", spec: {} });
    expect(partialMetadataOf(whole, "meta.k8s.io/v1beta1")).toEqual({
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1beta1",
      metadata: { name: "a", creationTimestamp: CREATED },
    });
  });
});
