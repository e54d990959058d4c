import { describe, expect, it } from "vitest";
import * as names from "./names.js";

describe("names", () => {
  it("VAL-6: the DNS-1123 label text, double space and all", () => {
    expect(names.dns1123Label("A_b")).toEqual([
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ]);
    expect(names.dns1123Label("a.b")).toEqual(["must not contain dots"]);
    expect(names.dns1123Label("a".repeat(64))).toEqual(["must be no more than 63 characters"]);
    expect(names.dns1123Label("a".repeat(63))).toEqual([]);
  });

  it.each([
    [names.dns1123Subdomain, "a.b-c.d", true],
    [names.dns1123Subdomain, "a..b", false],
    [names.dns1123Subdomain, "a".repeat(254), false],
    [names.dns1035Label, "a1", true],
    [names.dns1035Label, "1a", false],
    [names.qualifiedName, "example.com/MyName", true],
    [names.qualifiedName, "/MyName", false],
    [names.qualifiedName, "example.com/", false],
    [names.labelValue, "", true],
    [names.labelValue, "-a", false],
    [names.cIdentifier, "_a1", true],
    [names.cIdentifier, "1a", false],
    [names.configMapKey, ".dotfile", true],
    [names.configMapKey, "..dotfile", false],
    [names.configMapKey, "a/b", false],
    [names.portName, "http-1", true],
    [names.portName, "80", false],
    [names.portName, "a--b", false],
    [names.portName, "0123456789abcdef", false],
    [names.percent, "50%", true],
    [names.percent, "50", false],
    [names.wildcardDns1123Subdomain, "*.a.b", true],
    [names.wildcardDns1123Subdomain, "*", false],
  ])("%o on %s: %s", (rule, value, valid) => {
    expect(rule(value).length === 0).toBe(valid);
  });

  it("VAL-24: environment variable names are any printable ASCII but =", () => {
    expect(names.environmentVariableName("1 a.b-c!")).toEqual([]);
    expect(names.environmentVariableName("")).toEqual([
      "environment variable name must be non-empty",
    ]);
    for (const bad of ["a=b", "ä", "a\tb"]) {
      expect(names.environmentVariableName(bad)).toEqual([
        "a valid environment variable name must consist only of printable ASCII characters other than '='",
      ]);
    }
  });

  it("DEF-13: a generated name is at most 63 long and ends in five characters of the alphabet", () => {
    const draws: [number, string][] = [];
    const characters = (length: number, alphabet: string): string => {
      draws.push([length, alphabet]);
      return "x".repeat(length);
    };
    expect(names.generateName("web-", characters)).toBe("web-xxxxx");
    expect(names.generateName("a".repeat(70), characters)).toBe(`${"a".repeat(58)}xxxxx`);
    expect(draws[0]).toEqual([5, "bcdfghjklmnpqrstvwxz2456789"]);
  });

  it("a generateName may end in a dash", () => {
    expect(names.nameIsDnsSubdomain("web-", true)).toEqual([]);
    expect(names.nameIsDnsSubdomain("web-", false)).toHaveLength(1);
    expect(names.nameIsPathSegment("a/b", false)).toEqual(["may not contain '/'"]);
    expect(names.nameIsPathSegment("..", false)).toEqual(["may not be '..'"]);
  });
});
