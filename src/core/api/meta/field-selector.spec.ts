import { describe, expect, it } from "vitest";
import { findResource } from "../resource-table.js";
import { parseFieldSelector, parseFieldSelectorFor } from "./field-selector.js";

const resource = (group: string, plural: string) => {
  const found = findResource(group, "v1", plural);
  if (found === undefined) throw new Error(`no row for ${plural}`);
  return found;
};

describe("field selectors", () => {
  it.each([
    ["a=1", { a: "1" }, true],
    ["a==1", { a: "1" }, true],
    ["a!=1", { a: "1" }, false],
    ["a!=1", {}, true],
    ["a=", {}, true],
    ["a=1,b=2", { a: "1", b: "3" }, false],
    ["a=x\\,y", { a: "x,y" }, true],
    ["a=x\\=y", { a: "x=y" }, true],
    ["", { a: "1" }, true],
  ])("%s on %j is %s", (text, fields, expected) => {
    expect(parseFieldSelector(text).matches(fields)).toBe(expected);
  });

  it.each([
    ["a", "invalid selector: 'a'; can't understand 'a'"],
    ["a=b\\c", "invalid field selector: invalid escape sequence: \\c"],
    ["a=b\\", "invalid field selector: invalid escape sequence: \\"],
    ["a=b=c", "invalid field selector: unescaped character in value: 61"],
  ])("refuses %s", (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(message);
  });

  it("API-11: a kind refuses labels it can't be selected by", () => {
    const pods = resource("", "pods");
    expect(parseFieldSelectorFor(pods, "spec.host=node-1").requiredValue("spec.nodeName")).toBe(
      "node-1",
    );
    expect(() => parseFieldSelectorFor(pods, "spec.foo=1")).toThrow(
      "field label not supported: spec.foo",
    );
    expect(() => parseFieldSelectorFor(resource("", "configmaps"), "data=1")).toThrow(
      '"data" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    expect(
      parseFieldSelectorFor(resource("events.k8s.io", "events"), "regarding.name=p").toString(),
    ).toBe("involvedObject.name=p");
  });
});
