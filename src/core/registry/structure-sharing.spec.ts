import { describe, expect, it } from "vitest";
import { sharing } from "./structure-sharing.js";

const previous = {
  metadata: { labels: { a: "1" }, name: "x" },
  spec: { containers: [{ name: "one", ports: [{ port: 1 }] }, { name: "two" }] },
};
const copy = (): typeof previous => JSON.parse(JSON.stringify(previous)) as typeof previous;

describe("sharing", () => {
  it("gives the previous object back when nothing changed, whatever the order of its fields", () => {
    expect(sharing(previous, copy())).toBe(previous);
    const { metadata, spec } = copy();
    expect(sharing(previous, { spec, metadata })).toBe(previous);
  });

  it("shares all parts that did not change", () => {
    const next = copy();
    next.metadata.labels.a = "2";
    const shared = sharing(previous, next);
    expect(shared).toEqual(next);
    expect(shared.spec).toBe(previous.spec);
    expect(shared.metadata).not.toBe(previous.metadata);
  });

  it.each([
    ["in front", [{ name: "new" }, ...copy().spec.containers], 1],
    ["behind", [...copy().spec.containers, { name: "new" }], 0],
  ])("finds elements again when one is added %s", (_, containers, at) => {
    const shared = sharing(previous, { ...copy(), spec: { containers } });
    expect(shared.spec.containers).toEqual(containers);
    expect(shared.spec.containers[at]).toBe(previous.spec.containers[0]);
  });

  it.each([
    ["a field less", { metadata: { name: "x" } }],
    ["a field more", { ...copy(), status: {} }],
    ["another type", { metadata: [], spec: "x" }],
    ["null", { metadata: null }],
  ])("keeps what the next one says: %s", (_, next) => {
    expect(sharing(previous, next)).toEqual(next);
  });
});
