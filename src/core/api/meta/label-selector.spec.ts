import { describe, expect, it } from "vitest";
import { labelSelectorFrom, parseLabelSelector } from "./label-selector.js";
import { isStatusError } from "./status-error.js";

const refusal = (text: string): string => {
  try {
    parseLabelSelector(text);
  } catch (error) {
    if (isStatusError(error, "BadRequest")) return error.message;
    throw error;
  }
  throw new Error("it was accepted");
};

describe("label selectors", () => {
  it.each([
    ["app=web", { app: "web" }, true],
    ["app=web", { app: "db" }, false],
    ["app==web", { app: "web" }, true],
    ["app!=web", {}, true],
    ["app!=web", { app: "web" }, false],
    ["app", { app: "" }, true],
    ["app", {}, false],
    ["!app", {}, true],
    ["!app", { app: "x" }, false],
    ["app in (a, b)", { app: "b" }, true],
    ["app in (a,,b)", { app: "" }, true],
    ["app notin (a,b)", {}, true],
    ["app notin (a)", { app: "a" }, false],
    ["app in ()", { app: "" }, true],
    ["app=", { app: "" }, true],
    ["x>1", { x: "2" }, true],
    ["x<1", { x: "2" }, false],
    ["x>1", { x: "two" }, false],
    ["a=1,b=2", { a: "1", b: "2" }, true],
    ["a=1,b=2", { a: "1" }, false],
    ["in in (in)", { in: "in" }, true],
    ["", { any: "thing" }, true],
    [" a = 1 , b ", { a: "1", b: "" }, true],
    ["constructor", {}, false],
  ])("%s on %j is %s", (text, labels, expected) => {
    expect(parseLabelSelector(text).matches(labels)).toBe(expected);
  });

  it.each([
    ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ["a=b c", "found 'c', expected: ',' or 'end of string'"],
    ["a,", "found '', expected: identifier after ','"],
    [",a", "found ',', expected: !, identifier, or 'end of string'"],
    ["!", "unable to parse requirement: found '', expected: identifier"],
    ["a in", "unable to parse requirement: found '' expected: '('"],
    ["a in (b", "unable to parse requirement: found '', expected: ',' or ')'"],
    ["a=(b", "unable to parse requirement: found '(', expected: identifier"],
    [
      "x>y",
      "unable to parse requirement: values[0]: Invalid value: \"y\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    [
      "a/b/c=d",
      "unable to parse requirement: <nil>: Invalid value: \"a/b/c\": a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ],
    [
      "a=b@c",
      "unable to parse requirement: values[0][a]: Invalid value: \"b@c\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
  ])("refuses %j", (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  it("an absent LabelSelector matches nothing, an empty one everything", () => {
    expect(labelSelectorFrom(undefined).matches({ a: "1" })).toBe(false);
    expect(labelSelectorFrom({}).matches({})).toBe(true);
    const both = labelSelectorFrom({
      matchLabels: { a: "1" },
      matchExpressions: [{ key: "b", operator: "NotIn", values: ["2"] }],
    });
    expect(both.matches({ a: "1" })).toBe(true);
    expect(both.matches({ a: "1", b: "2" })).toBe(false);
    expect(both.toString()).toBe("a=1,b notin (2)");
  });
});
