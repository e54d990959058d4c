import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "./json-value.js";
import { applyMergePatch, withoutNullFields } from "./merge-patch.js";
import { frozen, refusalText } from "./testing/fixtures.js";

const CASES: readonly [string, JsonObject, JsonObject, JsonObject][] = [
  ["replaces a scalar", { a: "b" }, { a: "c" }, { a: "c" }],
  ["adds a field", { a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  ["null removes a field", { a: "b", c: 1 }, { a: null }, { c: 1 }],
  ["null for what is not there does nothing", { a: 1 }, { b: null }, { a: 1 }],
  ["replaces a list by a scalar", { a: ["b"] }, { a: "c" }, { a: "c" }],
  ["replaces a scalar by a list", { a: "c" }, { a: ["b"] }, { a: ["b"] }],
  ["merges objects", { a: { b: 1, d: 2 } }, { a: { b: null, c: 3 } }, { a: { c: 3, d: 2 } }],
  ["replaces lists as a whole", { a: [{ b: 1 }, { c: 2 }] }, { a: [1] }, { a: [1] }],
  ["replaces a list by an object", { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
  ["drops nulls of what is new", {}, { a: { b: { c: null } } }, { a: { b: {} } }],
  [
    "drops nulls in objects of a new list",
    { a: [] },
    { a: [{ b: null }, null] },
    { a: [{}, null] },
  ],
  ["a null that is there is nothing to merge into", { a: null }, { a: { b: null } }, { a: {} }],
];

describe("JSON merge patch", () => {
  it.each(CASES)("%s", (_name, given, patch, expected) => {
    expect(applyMergePatch(frozen(given), frozen(patch))).toEqual(expected);
  });

  it.each<[JsonValue, string]>([
    [null, "400 BadRequest: Invalid JSON Patch"],
    [
      [{}],
      "400 BadRequest: error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
    ],
    [
      "x",
      "400 BadRequest: error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}",
    ],
  ])("%j is no merge patch", (patch, text) => {
    expect(refusalText(() => applyMergePatch({}, patch))).toBe(text);
  });

  it("keeps the identity of what does not change, and of the whole", () => {
    const document = frozen({ metadata: { labels: { a: "1" } }, spec: { list: [{ a: 1 }] } });
    expect(applyMergePatch(document, { spec: { list: [{ a: 1 }] }, metadata: {} })).toBe(document);
    const patched = applyMergePatch(document, { spec: { more: 1 } });
    expect(patched["metadata"]).toBe(document.metadata);
  });

  const json = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 3 }));
  const parsed = json.map((value) => frozen(value) as JsonObject);

  it("law: once is as good as twice", () => {
    fc.assert(
      fc.property(parsed, parsed, (document, patch) => {
        // Up to null fields, which decoding leaves out: a list that replaces an object keeps those of its elements.
        const once = withoutNullFields(applyMergePatch(document, patch));
        expect(withoutNullFields(applyMergePatch(once as JsonObject, patch))).toEqual(once);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it("law: an empty patch is the identity, and a document without nulls patches nothing into itself", () => {
    fc.assert(
      fc.property(parsed, (document) => {
        expect(applyMergePatch(document, {})).toBe(document);
        const withoutNulls = applyMergePatch({}, document);
        expect(applyMergePatch({}, withoutNulls)).toEqual(withoutNulls);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it("law: fields that the patch does not name stay", () => {
    fc.assert(
      fc.property(parsed, parsed, (document, patch) => {
        const patched = applyMergePatch(document, patch);
        for (const key of Object.keys(document)) {
          if (!Object.hasOwn(patch, key)) {
            expect(patched[key]).toBe(document[key]);
          }
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});
