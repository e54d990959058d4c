import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addQuantities,
  asInteger,
  asMilli,
  compareQuantities,
  divideRoundingUp,
  formatQuantity,
  parseQuantity,
  subtractQuantities,
  tryParseQuantity,
} from "./quantity.js";

const canonical = (text: string): string => formatQuantity(parseQuantity(text));

describe("quantities", () => {
  it.each([
    ["0", "0"],
    ["0Mi", "0"],
    ["1", "1"],
    ["0.5", "500m"],
    ["1.5", "1500m"],
    ["1.5Gi", "1536Mi"],
    ["1Gi", "1Gi"],
    ["1024Mi", "1Gi"],
    ["1000Mi", "1000Mi"],
    ["1000m", "1"],
    ["100m", "100m"],
    ["1000", "1k"],
    ["1500", "1500"],
    ["1e3", "1e3"],
    ["12e6", "12e6"],
    ["1E3", "1e3"],
    ["0.1m", "100u"],
    ["1n", "1n"],
    ["0.1n", "1n"],
    ["-0.1n", "-1n"],
    ["128974848", "128974848"],
    ["129M", "129M"],
    ["123Mi", "123Mi"],
    ["1Ki", "1Ki"],
    ["512", "512"],
    ["0.5Ki", "512"],
    ["0.5Mi", "512Ki"],
    ["1.1Ki", "1126400m"],
    ["+1", "1"],
    ["-1Gi", "-1Gi"],
    [".5", "500m"],
    ["5.", "5"],
    ["1Ei", "1Ei"],
    ["100Ei", "9223372036854775807"],
    ["1e19", "10e18"],
    ["10E", "10E"],
    ["00100m", "100m"],
  ])("prints %s as %s", (given, expected) => {
    expect(canonical(given)).toBe(expected);
  });

  const form =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  it.each([
    ["", form],
    ["abc", form],
    ["1 Gi", form],
    ["1x", form],
    ["1.1.1", form],
    ["1Kii", "unable to parse quantity's suffix"],
    ["1ki", "unable to parse quantity's suffix"],
    ["1mm", "unable to parse quantity's suffix"],
    ["1e", "unable to parse quantity's suffix"],
    ["1e99999999999", "unable to parse quantity's suffix"],
  ])("refuses %j", (given, message) => {
    expect(tryParseQuantity(given)).toEqual({ ok: false, message });
  });

  it("calculates exactly and keeps the format of what was not zero", () => {
    const sum = addQuantities(parseQuantity("0"), parseQuantity("1Gi"));
    expect(formatQuantity(sum)).toBe("1Gi");
    expect(formatQuantity(addQuantities(sum, parseQuantity("500M")))).toBe("1573741824");
    expect(formatQuantity(subtractQuantities(parseQuantity("1"), parseQuantity("250m")))).toBe(
      "750m",
    );
    expect(compareQuantities(parseQuantity("1000m"), parseQuantity("1"))).toBe(0);
    expect(compareQuantities(parseQuantity("1Mi"), parseQuantity("1M"))).toBe(1);
  });

  it("rounds up to whole and milli units", () => {
    expect(asMilli(parseQuantity("1u"))).toBe(1);
    expect(asMilli(parseQuantity("250m"))).toBe(250);
    expect(asInteger(parseQuantity("1500m"))).toBe(2);
    expect(asInteger(parseQuantity("-1500m"))).toBe(-2);
    expect(asInteger(parseQuantity("64Mi"))).toBe(67108864);
    expect(divideRoundingUp(parseQuantity("250m"), parseQuantity("1"))).toBe("1");
    expect(divideRoundingUp(parseQuantity("64Mi"), parseQuantity("1Mi"))).toBe("64");
  });

  it("canonical form is a fixed point and keeps the value", () => {
    const text = fc
      .tuple(
        fc.constantFrom("", "-", "+"),
        fc.nat(10_000_000),
        fc.nat(9999),
        fc.constantFrom("", "n", "u", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "e3", "e-3"),
      )
      .map(([sign, whole, part, suffix]) => `${sign}${String(whole)}.${String(part)}${suffix}`);
    fc.assert(
      fc.property(text, (given) => {
        const once = canonical(given);
        expect(canonical(once)).toBe(once);
        expect(compareQuantities(parseQuantity(once), parseQuantity(given))).toBe(0);
      }),
    );
  });
});
