import { describe, expect, it } from "vitest";
import type { EndpointSubset } from "../../api/index.js";
import { MAX_ENDPOINTS } from "../limits.js";
import { truncated } from "./endpoint-subsets.js";

const subset = (ready: number, notReady: number): EndpointSubset => ({
  addresses: Array.from({ length: ready }, () => ({ ip: "10.244.1.2" })),
  notReadyAddresses: Array.from({ length: notReady }, () => ({ ip: "10.244.1.2" })),
});

describe("truncated", () => {
  it.each<[string, EndpointSubset[], [number, number][] | null]>([
    ["as many as fit", [subset(MAX_ENDPOINTS, 0)], null],
    ["one too many", [subset(MAX_ENDPOINTS + 1, 5)], [[1000, 0]]],
    ["what is ready first", [subset(900, 300)], [[900, 100]]],
    [
      "a share of each",
      [subset(900, 0), subset(300, 9)],
      [
        [750, 0],
        [250, 0],
      ],
    ],
  ])("%s", (_name, subsets, expected) => {
    const counts = truncated(subsets)?.map(({ addresses = [], notReadyAddresses = [] }) => [
      addresses.length,
      notReadyAddresses.length,
    ]);
    expect(counts ?? null).toEqual(expected);
  });
});
