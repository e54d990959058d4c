import { describe, expect, it } from "vitest";
import { cidrFamily, isDualStack, parseIp, specialIpErrors } from "./ip.js";
import { semanticEqual, typeOf } from "./semantic-equal.js";

describe("IP addresses", () => {
  it.each<[string, 4 | 6 | undefined]>([
    ["10.0.0.1", 4],
    ["010.0.0.01", 4],
    ["10.0.0.256", undefined],
    ["10.0.0", undefined],
    ["::", 6],
    ["::1", 6],
    ["fe80::1:2", 6],
    ["1:2:3:4:5:6:7:8", 6],
    ["1:2:3:4:5:6:7", undefined],
    ["1:2:3:4:5:6:7::", 6],
    ["1:2:3:4:5:6:7:8::", undefined],
    ["::ffff:1.2.3.4", 4],
    ["64:ff9b::1.2.3.4", 6],
    ["1::2::3", undefined],
    ["fe80::1%eth0", undefined],
    ["12345::", undefined],
    ["", undefined],
  ])("%s is of family %s", (text, family) => {
    expect(parseIp(text)?.family).toBe(family);
  });

  it("knows ranges, dual stacks and special addresses", () => {
    expect(cidrFamily("10.0.0.0/24")).toBe(4);
    expect(cidrFamily("fd00::/64")).toBe(6);
    expect(cidrFamily("10.0.0.0/33")).toBeNull();
    expect(cidrFamily("10.0.0.0")).toBeNull();
    expect(isDualStack(["10.0.0.1", "fd00::1"])).toBe(true);
    expect(isDualStack(["10.0.0.1", "10.0.0.2"])).toBe(false);
    for (const special of [
      "0.0.0.0",
      "::",
      "127.0.0.1",
      "::1",
      "169.254.1.1",
      "fe80::1",
      "224.0.0.1",
      "ff02::1",
    ]) {
      expect(specialIpErrors(special, "ip"), special).toHaveLength(1);
    }
    expect(specialIpErrors("10.0.0.1", "ip")).toEqual([]);
  });
});

describe("semantic equality", () => {
  const resources = typeOf("io.k8s.api.core.v1.ResourceRequirements");
  it.each<[unknown, unknown, boolean]>([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: [] }, {}, true],
    [{ a: null }, {}, true],
    [{ a: {} }, {}, false],
    [{ limits: {} }, {}, true],
    [{ limits: { memory: "1Gi" } }, { limits: { memory: "1073741824" } }, true],
    [{ limits: { memory: "1Gi" } }, { limits: { memory: "1G" } }, false],
    [[1, 2], [2, 1], false],
    ["1", 1, false],
  ])("%j and %j: %s", (a, b, equal) => {
    expect(semanticEqual(a, b, resources)).toBe(equal);
    expect(semanticEqual(b, a, resources)).toBe(equal);
  });
});
