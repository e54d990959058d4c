import { describe, expect, it } from "vitest";
import { formatDuration, humanDuration } from "./duration.js";
import { byteLength, marshal, quote } from "./go-format.js";
import {
  canonicalMicroTime,
  formatMicroTime,
  formatMilliTime,
  formatNanoTime,
  formatTime,
  parseTime,
} from "./time.js";

const INSTANT_MS = 1_136_214_245_678;

// First of all: it must hold before anything was formatted in this process.
it("an empty text is no time", () => {
  expect(parseTime("")).toBeNull();
});

describe("times", () => {
  it("formats", () => {
    expect(formatTime(INSTANT_MS)).toBe("2006-01-02T15:04:05Z");
    expect(formatMicroTime(INSTANT_MS)).toBe("2006-01-02T15:04:05.678000Z");
    expect(formatMilliTime(INSTANT_MS)).toBe("2006-01-02T15:04:05.678Z");
    expect(formatNanoTime(INSTANT_MS)).toBe("2006-01-02T15:04:05.678000000Z");
    expect(formatNanoTime(INSTANT_MS - 678)).toBe("2006-01-02T15:04:05.000000000Z");
  });

  it.each([
    ["2006-01-02T15:04:05Z", INSTANT_MS - 678],
    ["2006-01-02T15:04:05.678Z", INSTANT_MS],
    ["2006-01-02T15:04:05.678999Z", INSTANT_MS],
    ["2006-01-02T08:04:05.678-07:00", INSTANT_MS],
    ["2006-01-02", null],
    ["2006-02-29T00:00:00Z", null],
    ["2008-02-29T00:00:00Z", 1_204_243_200_000],
    ["2006-13-01T00:00:00Z", null],
    ["2006-01-02T24:00:00Z", null],
    ["2006-01-02 15:04:05Z", null],
    ["", null],
  ])("parses %s", (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });

  it("keeps microseconds", () => {
    expect(canonicalMicroTime("2006-01-02T08:04:05.123456789-07:00")).toBe(
      "2006-01-02T15:04:05.123456Z",
    );
    expect(canonicalMicroTime("yesterday")).toBeNull();
  });
});

describe("durations", () => {
  it.each([
    [0, "0s"],
    [10_000, "10s"],
    [80_000, "1m20s"],
    [160_000, "2m40s"],
    [300_000, "5m0s"],
    [3_605_000, "1h0m5s"],
    [1500, "1.5s"],
    [250, "250ms"],
    [0.5, "500µs"],
    [-80_000, "-1m20s"],
  ])("formats %d ms as Go does: %s", (given, expected) => {
    expect(formatDuration(given)).toBe(expected);
  });

  const minute = 60_000;
  const hour = 60 * minute;
  const day = 24 * hour;
  it.each([
    [-2000, "<invalid>"],
    [-1000, "0s"],
    [0, "0s"],
    [119_999, "119s"],
    [2 * minute, "2m"],
    [5 * minute + 3000, "5m3s"],
    [10 * minute + 3000, "10m"],
    [3 * hour - 1, "179m"],
    [3 * hour, "3h"],
    [3 * hour + minute, "3h1m"],
    [8 * hour + minute, "8h"],
    [48 * hour - 1, "47h"],
    [2 * day, "2d"],
    [2 * day + hour, "2d1h"],
    [8 * day + hour, "8d"],
    [729 * day, "729d"],
    [730 * day, "2y"],
    [731 * day, "2y1d"],
    [8 * 365 * day + day, "8y"],
  ])("an age of %d ms is %s", (given, expected) => {
    expect(humanDuration(given)).toBe(expected);
  });
});

describe("Go formatting", () => {
  it("quotes as strconv.Quote", () => {
    expect(quote('a"b\\c\n\u0000\u007fé\u200b😀')).toBe('"a\\"b\\\\c\\n\\x00\\x7fé\\u200b😀"');
  });

  it("marshals with HTML escapes", () => {
    expect(marshal({ a: "<&>" })).toBe('{"a":"\\u003c\\u0026\\u003e"}');
  });

  it("counts bytes", () => {
    expect(["a", "é", "€", "😀"].map(byteLength)).toEqual([1, 2, 3, 4]);
  });
});
