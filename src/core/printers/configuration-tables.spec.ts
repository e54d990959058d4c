import { describe, expect, it } from "vitest";
import { CREATED, printed, resource } from "./testing/fixtures.js";
import type { Golden } from "./testing/fixtures.js";

const spec = {
  containers: [
    { name: "a", image: "nginx:1" },
    { name: "b", image: "redis" },
  ],
};
const template = { metadata: { labels: { tier: "web", app: "x" } }, spec };

const CONFIGURATION: readonly Golden[] = [
  [
    "a config map",
    "configmaps",
    "",
    { data: { x: "1", y: "2" }, binaryData: { z: "AA==" } },
    { NAME: "a", DATA: 3, AGE: "60m" },
  ],
  [
    "a secret",
    "secrets",
    "",
    { type: "Opaque", data: { x: "MQ==" } },
    { NAME: "a", TYPE: "Opaque", DATA: 1, AGE: "60m" },
  ],
  [
    "a service account",
    "serviceaccounts",
    "",
    { secrets: [{ name: "s" }] },
    { NAME: "a", SECRETS: 1, AGE: "60m" },
  ],
  [
    "a limit range: Kubernetes has no printer for it",
    "limitranges",
    "",
    { spec: { limits: [] } },
    { NAME: "a", "CREATED AT": CREATED },
  ],
  [
    "a resource quota",
    "resourcequotas",
    "",
    {
      spec: {},
      status: {
        hard: { "requests.cpu": "1", "limits.memory": "2Gi", pods: "4", "limits.cpu": "2" },
        used: { "requests.cpu": "500m", pods: "1" },
      },
    },
    {
      NAME: "a",
      REQUEST: "pods: 1/4, requests.cpu: 500m/1",
      LIMIT: "limits.cpu: 0/2, limits.memory: 0/2Gi",
      AGE: "60m",
    },
  ],
  [
    "a pod template",
    "podtemplates",
    "",
    { template },
    { NAME: "a", CONTAINERS: "a,b", IMAGES: "nginx:1,redis", "POD LABELS": "app=x,tier=web" },
  ],
  [
    "a pod disruption budget",
    "poddisruptionbudgets",
    "policy",
    { spec: { maxUnavailable: "25%" }, status: { disruptionsAllowed: 1 } },
    {
      NAME: "a",
      "MIN AVAILABLE": "N/A",
      "MAX UNAVAILABLE": "25%",
      "ALLOWED DISRUPTIONS": 1,
      AGE: "60m",
    },
  ],
];

describe("tables of configuration", () => {
  it.each([...CONFIGURATION])("%s", (_title, plural, group, given, expected) => {
    expect(printed(resource(plural, group), given)).toEqual(expected);
  });
});
