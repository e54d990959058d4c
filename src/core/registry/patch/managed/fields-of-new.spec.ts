import { describe, expect, it } from "vitest";
import { config, updated } from "../testing/applications.js";
import { managedFieldsOf } from "../testing/fixtures.js";

describe("new objects of one shape", () => {
  const fieldsOf = (object: object): unknown =>
    managedFieldsOf(updated(null, object, "me"))[0]?.fieldsV1;

  it("share their field set", () => {
    const one = fieldsOf(config({ spec: { hostname: "a", containers: [{ name: "c" }] } }));
    expect(fieldsOf(config({ spec: { hostname: "b", containers: [{ name: "c" }] } }))).toBe(one);
  });

  const SPEC = { containers: [{ name: "c" }] };

  it.each([
    ["another element", { spec: { containers: [{ name: "d" }] } }],
    ["another field", { spec: { containers: [{ name: "c", image: "i" }] } }],
    ["a field with its zero value", { spec: { hostname: "", containers: [{ name: "c" }] } }],
    ["a label", { metadata: { labels: { a: "1" } }, spec: SPEC }],
    ["labels that read like two", { metadata: { labels: { "a,b": "1" } }, spec: SPEC }],
  ])("differ with %s", (_title, parts) => {
    const one = fieldsOf(config({ metadata: { labels: { a: "1", b: "" } }, spec: SPEC }));
    expect(fieldsOf(config(parts))).not.toEqual(one);
  });
});
