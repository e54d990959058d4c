import { expect, it } from "vitest";
import * as timing from "./timing.js";

it.each<[what: keyof typeof timing, milliseconds: number]>([
  ["RELIST_MS", 1_000],
  ["ERROR_BACKOFF_MS", 10_000],
  ["RESYNC_INTERVAL_MS", 60_000],
  ["IMAGE_COLLECTION_MS", 300_000],
  ["EVICTION_INTERVAL_MS", 10_000],
  ["NODE_STATUS_UPDATE_MS", 10_000],
  ["NODE_STATUS_REPORT_MS", 300_000],
  ["LEASE_RENEW_MS", 10_000],
])("NODE-14: the kubelet's own pace, %s, is %i ms", (what, milliseconds) => {
  expect(timing[what]).toBe(milliseconds);
});
