import { describe, expect, it } from "vitest";
import { printed, resource } from "./testing/fixtures.js";
import type { Golden } from "./testing/fixtures.js";

const EVENTS: readonly Golden[] = [
  [
    "an event that was counted",
    "events",
    "",
    {
      type: "Warning",
      reason: "BackOff",
      involvedObject: { kind: "Pod", name: "x", fieldPath: "spec.containers{app}" },
      source: { component: "kubelet", host: "node-1" },
      message: " Back-off \n",
      firstTimestamp: "2026-01-01T00:30:00Z",
      lastTimestamp: "2026-01-01T00:59:50Z",
      count: 5,
    },
    {
      "LAST SEEN": "10s",
      TYPE: "Warning",
      REASON: "BackOff",
      OBJECT: "pod/x",
      "<SUBOBJECT>": "spec.containers{app}",
      "<SOURCE>": "kubelet, node-1",
      MESSAGE: "Back-off",
      "<FIRST SEEN>": "30m",
      "<COUNT>": 5,
      "<NAME>": "a",
    },
  ],
  [
    "an event of the newer API",
    "events",
    "events.k8s.io",
    {
      type: "Normal",
      reason: "Scheduled",
      regarding: { kind: "Pod", name: "x" },
      reportingController: "default-scheduler",
      note: "Assigned",
      eventTime: "2026-01-01T00:59:00.000000Z",
      deprecatedFirstTimestamp: null,
    },
    {
      "LAST SEEN": "60s",
      TYPE: "Normal",
      REASON: "Scheduled",
      OBJECT: "pod/x",
      "<SUBOBJECT>": "",
      "<SOURCE>": "default-scheduler",
      MESSAGE: "Assigned",
      "<FIRST SEEN>": "60s",
      "<COUNT>": 1,
      "<NAME>": "a",
    },
  ],
  [
    "a series",
    "events",
    "",
    {
      type: "Normal",
      reason: "R",
      involvedObject: { kind: "Node" },
      reportingComponent: "c",
      reportingInstance: "i",
      eventTime: "2026-01-01T00:30:00.000000Z",
      series: { count: 9, lastObservedTime: "2026-01-01T00:59:30.000000Z" },
      count: 2,
    },
    {
      "LAST SEEN": "30s",
      TYPE: "Normal",
      REASON: "R",
      OBJECT: "node",
      "<SUBOBJECT>": "",
      "<SOURCE>": "c, i",
      MESSAGE: "",
      "<FIRST SEEN>": "30m",
      "<COUNT>": 9,
      "<NAME>": "a",
    },
  ],
  [
    "an event without any time",
    "events",
    "",
    { involvedObject: {}, firstTimestamp: null, lastTimestamp: null, eventTime: null },
    {
      "LAST SEEN": "<unknown>",
      TYPE: "",
      REASON: "",
      OBJECT: "",
      "<SUBOBJECT>": "",
      "<SOURCE>": "",
      MESSAGE: "",
      "<FIRST SEEN>": "<unknown>",
      "<COUNT>": 1,
      "<NAME>": "a",
    },
  ],
];

describe("tables of events", () => {
  it.each([...EVENTS])("%s", (_title, plural, group, given, expected) => {
    expect(printed(resource(plural, group), given)).toEqual(expected);
  });
});
