import fc from "fast-check";
import jsonPatchLibrary from "fast-json-patch";
import type { Operation } from "fast-json-patch";
import { describe, expect, it } from "vitest";
import { applyJsonPatch, unknownFieldsOfJsonPatch } from "./json-patch.js";
import type { JsonValue } from "./json-value.js";
import {
  MAX_DOCUMENT_DEPTH,
  MAX_JSON_PATCH_COPY_BYTES,
  MAX_JSON_PATCH_OPERATIONS,
} from "./limits.js";
import { frozen, refusal, refusalText } from "./testing/fixtures.js";

interface Case {
  readonly name: string;
  readonly given: JsonValue;
  readonly patch: JsonValue;
  readonly expected: JsonValue;
}

const CASES: readonly Case[] = [
  {
    name: "add puts a field in",
    given: { metadata: { labels: { a: "1" } } },
    patch: [{ op: "add", path: "/metadata/labels/b", value: "2" }],
    expected: { metadata: { labels: { a: "1", b: "2" } } },
  },
  {
    name: "add replaces a field that is there",
    given: { a: 1 },
    patch: [{ op: "add", path: "/a", value: 2 }],
    expected: { a: 2 },
  },
  {
    name: "add without a value is null",
    given: {},
    patch: [{ op: "add", path: "/a" }],
    expected: { a: null },
  },
  {
    name: "add inserts before an index",
    given: { l: ["a", "c"] },
    patch: [{ op: "add", path: "/l/1", value: "b" }],
    expected: { l: ["a", "b", "c"] },
  },
  {
    name: "add appends at the index after the last",
    given: { l: ["a"] },
    patch: [{ op: "add", path: "/l/1", value: "b" }],
    expected: { l: ["a", "b"] },
  },
  {
    name: "add appends at a dash",
    given: { l: ["a"] },
    patch: [{ op: "add", path: "/l/-", value: "b" }],
    expected: { l: ["a", "b"] },
  },
  {
    name: "a negative index of add counts from behind the end",
    given: { l: ["a", "b"] },
    patch: [{ op: "add", path: "/l/-1", value: "c" }],
    expected: { l: ["a", "b", "c"] },
  },
  {
    name: "a negative index of remove counts from the end",
    given: { l: ["a", "b"] },
    patch: [{ op: "remove", path: "/l/-1" }],
    expected: { l: ["a"] },
  },
  {
    name: "slashes and tildes are escaped in keys",
    given: { metadata: { annotations: { "a/b~c": "1", x: "2" } } },
    patch: [{ op: "remove", path: "/metadata/annotations/a~1b~0c" }],
    expected: { metadata: { annotations: { x: "2" } } },
  },
  {
    name: "what stands before the first slash is ignored",
    given: { a: 1 },
    patch: [{ op: "replace", path: "anything/a", value: 2 }],
    expected: { a: 2 },
  },
  {
    name: "replace changes an element of a list",
    given: { spec: { containers: [{ image: "a" }, { image: "b" }] } },
    patch: [{ op: "replace", path: "/spec/containers/1/image", value: "c" }],
    expected: { spec: { containers: [{ image: "a" }, { image: "c" }] } },
  },
  {
    name: "replace of the whole document",
    given: { a: 1 },
    patch: [{ op: "replace", path: "", value: { b: 2 } }],
    expected: { b: 2 },
  },
  {
    name: "move takes a value elsewhere",
    given: { a: { x: 1 }, b: {} },
    patch: [{ op: "move", from: "/a/x", path: "/b/y" }],
    expected: { a: {}, b: { y: 1 } },
  },
  {
    name: "move within a list counts after the removal",
    given: { l: ["a", "b", "c"] },
    patch: [{ op: "move", from: "/l/0", path: "/l/2" }],
    expected: { l: ["b", "c", "a"] },
  },
  {
    name: "copy leaves the value where it is",
    given: { a: { x: [1] } },
    patch: [{ op: "copy", from: "/a/x", path: "/b" }],
    expected: { a: { x: [1] }, b: [1] },
  },
  {
    name: "test of an equal value passes whatever the order of fields",
    given: { a: { x: 1, y: 2 } },
    patch: [
      { op: "test", path: "/a", value: { y: 2, x: 1 } },
      { op: "remove", path: "/a/x" },
    ],
    expected: { a: { y: 2 } },
  },
  {
    name: "test for null passes where there is no field",
    given: { a: {} },
    patch: [{ op: "test", path: "/a/gone", value: null }],
    expected: { a: {} },
  },
  {
    name: "operations see what those before them did",
    given: {},
    patch: [
      { op: "add", path: "/a", value: {} },
      { op: "add", path: "/a/b", value: [] },
      { op: "add", path: "/a/b/-", value: 1 },
    ],
    expected: { a: { b: [1] } },
  },
  { name: "no operations change nothing", given: { a: 1 }, patch: [], expected: { a: 1 } },
  { name: "null is a patch without operations", given: { a: 1 }, patch: null, expected: { a: 1 } },
  {
    name: "a key called __proto__ is a key",
    given: { data: {} },
    patch: [{ op: "add", path: "/data/__proto__", value: "x" }],
    expected: JSON.parse('{"data":{"__proto__":"x"}}') as JsonValue,
  },
];

describe("JSON patch", () => {
  it.each(CASES)("$name", ({ given, patch, expected }) => {
    expect(applyJsonPatch(frozen(given), frozen(patch))).toEqual(expected);
  });

  it.each([
    ["test that fails", [{ op: "test", path: "/a", value: 2 }]],
    ["test outside of a list", [{ op: "test", path: "/l/5", value: null }]],
    ["add below what is not there", [{ op: "add", path: "/x/y", value: 1 }]],
    ["add below a scalar", [{ op: "add", path: "/a/y", value: 1 }]],
    ["add beyond a list", [{ op: "add", path: "/l/9", value: 1 }]],
    ["add at no index", [{ op: "add", path: "/l/first", value: 1 }]],
    ["add of the whole document", [{ op: "add", path: "", value: {} }]],
    ["remove of what is not there", [{ op: "remove", path: "/x" }]],
    ["remove too far from the end", [{ op: "remove", path: "/l/-9" }]],
    ["replace of what is not there", [{ op: "replace", path: "/x", value: 1 }]],
    ["replace of the document with a scalar", [{ op: "replace", path: "", value: 1 }]],
    ["move of what is not there", [{ op: "move", from: "/x", path: "/y" }]],
    ["copy of what is not there", [{ op: "copy", from: "/x", path: "/y" }]],
    ["no path", [{ op: "add", value: 1 }]],
    ["no operation", [{ path: "/a", value: 1 }]],
    ["an unknown operation", [{ op: "frobnicate", path: "/a" }]],
    ["a null operation", [null]],
    ["a field of every object", [{ op: "remove", path: "/constructor" }]],
  ])("cannot be applied: %s", (_name, patch) => {
    const error = refusal(() => applyJsonPatch({ a: 1, l: ["x"] }, patch));
    expect(error.status).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "the server rejected our request due to an error in our request",
      reason: "Invalid",
      details: {},
      code: 422,
    });
  });

  it.each<[JsonValue, string]>([
    [
      { op: "add" },
      "400 BadRequest: error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    ],
    [
      ["x"],
      "400 BadRequest: error decoding patch: json: cannot unmarshal string into Go value of type handlers.jsonPatchOp",
    ],
    [
      [{ op: 1 }],
      "400 BadRequest: error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string",
    ],
  ])("%j is no JSON patch", (patch, text) => {
    expect(refusalText(() => applyJsonPatch({}, patch))).toBe(text);
  });

  it("names fields that operations do not have", () => {
    expect(
      unknownFieldsOfJsonPatch([
        { op: "add", path: "/a" },
        { op: "add", pth: "/a" },
      ]),
    ).toEqual(['json patch unknown field "[1].pth"']);
  });

  it("takes 10,000 operations and not one more", () => {
    const operation = { op: "test", path: "/a", value: 1 };
    const most = new Array<JsonValue>(MAX_JSON_PATCH_OPERATIONS).fill(operation);
    expect(applyJsonPatch({ a: 1 }, most)).toEqual({ a: 1 });
    expect(refusalText(() => applyJsonPatch({ a: 1 }, [...most, operation]))).toBe(
      "413 RequestEntityTooLarge: Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001",
    );
  });

  it("bounds what copies may add", () => {
    const document = { a: "x".repeat(MAX_JSON_PATCH_COPY_BYTES / 2 - 2) };
    const copy = { op: "copy", from: "/a", path: "/b" };
    expect(applyJsonPatch(document, [copy, copy])).toHaveProperty("b", document.a);
    expect(refusal(() => applyJsonPatch(document, [copy, copy, copy])).code).toBe(422);
  });

  it("refuses to pile a document up beyond what can be walked", () => {
    const nested = (depth: number): JsonValue => {
      let value: JsonValue = {};
      for (let level = 1; level < depth; level += 1) {
        value = { a: value };
      }
      return value;
    };
    const add = { op: "add", path: "/x", value: nested(MAX_DOCUMENT_DEPTH - 1) };
    expect(applyJsonPatch({}, [add])).toHaveProperty("x");
    const onTop = { op: "move", from: "/x", path: "/y/z" };
    expect(refusal(() => applyJsonPatch({ y: {} }, [add, onTop])).code).toBe(422);
    const piled = new Array(40).fill(0).map((_zero, round) => ({
      op: "copy",
      from: "/x",
      path: `/x${"/a".repeat(2 ** Math.min(round, 8))}`,
    }));
    expect(refusal(() => applyJsonPatch({ x: nested(300) }, piled)).code).toBe(422);
  });

  it("takes ten thousand operations on one large object in one copy", () => {
    const data = Object.fromEntries(
      new Array(20_000).fill(0).map((_zero, index) => [`k${index}`, ""]),
    );
    const operations = new Array(MAX_JSON_PATCH_OPERATIONS)
      .fill(0)
      .map((_zero, index) => ({ op: "replace", path: `/data/k${index}`, value: "x" }));
    const patched = applyJsonPatch(frozen({ data }), operations) as {
      data: Record<string, string>;
    };
    expect(patched.data["k9999"]).toBe("x");
    expect(patched.data["k10000"]).toBe("");
  });

  it("a copy and its original change apart", () => {
    const patch = [
      { op: "copy", from: "/a", path: "/b" },
      { op: "add", path: "/b/x", value: 1 },
      { op: "add", path: "/a/l/-", value: 2 },
    ];
    expect(applyJsonPatch(frozen({ a: { l: [1] } }), frozen(patch))).toEqual({
      a: { l: [1, 2] },
      b: { l: [1], x: 1 },
    });
  });

  it("shares what it does not touch", () => {
    const document = { spec: { a: {} }, status: { b: {} } };
    const patched = applyJsonPatch(document, [{ op: "add", path: "/spec/c", value: 1 }]);
    expect(patched).not.toBe(document);
    expect((patched as typeof document).status).toBe(document.status);
    expect((patched as typeof document).spec.a).toBe(document.spec.a);
  });

  it("turns any document into any other with another library's patch", () => {
    const document = fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(document, document, (one, other) => {
        const [before, after] = [one, other].map((value) => frozen(value));
        const patch: Operation[] = jsonPatchLibrary.compare(before as object, after as object);
        expect(applyJsonPatch(before as JsonValue, frozen<unknown>(patch) as JsonValue)).toEqual(
          after,
        );
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
