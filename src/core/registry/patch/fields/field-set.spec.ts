import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  childrenOf,
  difference,
  EMPTY_SET,
  FieldSetBuilder,
  forEachPath,
  hasPath,
  inOrder,
  intersection,
  isEmptySet,
  readFieldSet,
  recursiveDifference,
  union,
} from "./field-set.js";
import type { FieldSet } from "./field-set.js";
import { compareElements, PathElementError, printPath } from "./path-element.js";

/** A set from paths such as `f:a f:b`. */
function setOf(...paths: readonly string[]): FieldSet {
  return inOrder(
    paths
      .map((path) =>
        path.split(" ").reduceRight<FieldSet>((node, element) => ({ [element]: node }), EMPTY_SET),
      )
      .reduce(union, EMPTY_SET),
  );
}

function pathsOf(set: FieldSet): string[] {
  const paths: string[] = [];
  forEachPath(set, (path) => paths.push(path.join(" ")));
  return paths.sort();
}

const element = fc.constantFrom("f:a", "f:b", 'k:{"name":"x"}', 'k:{"name":"y"}', 'v:"z"');
const path = fc.array(element, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" "));
const paths = fc.uniqueArray(path, { maxLength: 12 });

describe("field set", () => {
  it("is FieldsV1 as Kubernetes writes it", () => {
    expect(JSON.stringify(setOf("f:spec f:b", "f:spec f:a", "f:spec", "f:metadata f:x"))).toBe(
      '{"f:metadata":{"f:x":{}},"f:spec":{".":{},"f:a":{},"f:b":{}}}',
    );
  });

  it("agrees with sets of paths in every operation", () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const [one, other] = [setOf(...left), setOf(...right)];
        expect(pathsOf(one)).toEqual([...left].sort());
        expect(pathsOf(union(one, other))).toEqual([...new Set([...left, ...right])].sort());
        expect(pathsOf(intersection(one, other))).toEqual(
          left.filter((item) => right.includes(item)).sort(),
        );
        expect(pathsOf(difference(one, other))).toEqual(
          left.filter((item) => !right.includes(item)).sort(),
        );
        expect(pathsOf(recursiveDifference(one, other))).toEqual(
          left
            .filter((item) => !right.some((gone) => item === gone || item.startsWith(`${gone} `)))
            .sort(),
        );
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it("returns its first argument where nothing changes, and stays in one form", () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const [one, other] = [setOf(...left), setOf(...right)];
        expect(union(one, one)).toBe(one);
        const both = union(one, other);
        expect(union(both, other)).toBe(both);
        expect(JSON.stringify(both)).toBe(JSON.stringify(inOrder(both)));
        const rest = difference(one, other);
        expect(difference(rest, other)).toBe(rest);
        expect(JSON.stringify(union(rest, intersection(one, other)))).toBe(JSON.stringify(one));
        expect(isEmptySet(difference(one, one))).toBe(true);
      }),
      { seed: 8, numRuns: 500 },
    );
  });

  it("tells members from parents", () => {
    const set = setOf("f:a f:b", "f:c", "f:c f:d");
    expect(hasPath(set, ["f:a"])).toBe(false);
    expect(hasPath(set, ["f:a", "f:b"])).toBe(true);
    expect(hasPath(set, ["f:c"])).toBe(true);
    expect(hasPath(set, ["f:x", "f:y"])).toBe(false);
    expect(childrenOf(set, "f:c")).toEqual({ "f:d": {} });
    expect(childrenOf(set, "f:x")).toEqual({});
  });

  it("reads what a client wrote in any order and spelling", () => {
    const read = readFieldSet({
      'k:{ "protocol":"TCP", "containerPort": 80 }': { "f:b": {}, ".": {} },
      "f:z": { ".": {} },
      "f:a": {},
      "x:unknown": {},
      ".": {},
    });
    expect(JSON.stringify(read)).toBe(
      '{"f:a":{},"f:z":{},"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},"f:b":{}}}',
    );
  });

  it.each(["f", "fa", "k:{", "k:1", "v:nonsense", "i:x"])(
    "refuses %j as a path element",
    (text) => {
      expect(() => readFieldSet({ [text]: {} })).toThrow(PathElementError);
    },
  );

  it("builds from parts of one element", () => {
    const builder = new FieldSetBuilder();
    builder.add("f:b", EMPTY_SET);
    builder.add("f:a", { "f:x": EMPTY_SET });
    builder.add("f:a", EMPTY_SET);
    builder.add("f:c", undefined);
    expect(JSON.stringify(builder.build())).toBe('{"f:a":{".":{},"f:x":{}},"f:b":{}}');
  });
});

describe("path elements", () => {
  it("are in Kubernetes' order: fields, keys, values, indexes", () => {
    const inTheirOrder = [
      "f:a",
      "f:b",
      'k:{"containerPort":8,"protocol":"TCP"}',
      'k:{"containerPort":80,"protocol":"TCP"}',
      'k:{"containerPort":80,"protocol":"UDP"}',
      'k:{"name":"a"}',
      'k:{"name":"a","x":1}',
      "v:9",
      "v:10",
      'v:"a"',
      "v:false",
      "v:true",
      "i:2",
      "i:10",
    ];
    expect([...inTheirOrder].reverse().sort(compareElements)).toEqual(inTheirOrder);
  });

  it("are shown as messages show them", () => {
    const shown = printPath([
      "f:spec",
      "f:ports",
      'k:{"containerPort":80,"protocol":"TCP"}',
      'v:"a\\"b"',
      "v:1",
      "i:3",
    ]);
    expect(shown).toBe('.spec.ports[containerPort=80,protocol="TCP"][="a\\"b"][=1][3]');
  });
});
