import { describe, expect, it } from "vitest";
import { CREATED, printed, resource } from "./testing/fixtures.js";

const spec = {
  containers: [
    { name: "a", image: "nginx:1" },
    { name: "b", image: "redis" },
  ],
};
const template = { metadata: { labels: { tier: "web", app: "x" } }, spec };

describe("tables of workloads", () => {
  const selector = {
    matchLabels: { app: "x" },
    matchExpressions: [{ key: "tier", operator: "In", values: ["web", "db"] }],
  };
  const deployments = resource("deployments", "apps", "io.k8s.api.apps.v1.Deployment");
  const replicaSets = resource("replicasets", "apps", "io.k8s.api.apps.v1.ReplicaSet");
  const jobs = resource("jobs", "batch", "io.k8s.api.batch.v1.Job");

  it("a deployment", () => {
    const given = {
      spec: { replicas: 3, selector, template },
      status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1 },
    };
    expect(printed(deployments, given)).toEqual({
      NAME: "a",
      READY: "2/3",
      "UP-TO-DATE": 3,
      AVAILABLE: 1,
      AGE: "60m",
      "<CONTAINERS>": "a,b",
      "<IMAGES>": "nginx:1,redis",
      "<SELECTOR>": "app=x,tier in (db,web)",
    });
  });

  it("a deployment whose selector is none", () => {
    const broken = { matchExpressions: [{ key: "a", operator: "Like", values: ["b"] }] };
    const given = { spec: { selector: broken, template }, status: {} };
    expect(printed(deployments, given)["<SELECTOR>"]).toBe("<invalid>");
    expect(printed(replicaSets, given)["<SELECTOR>"]).toBe("<error>");
  });

  it("a replica set", () => {
    const given = {
      spec: { replicas: 3, selector: {}, template },
      status: { replicas: 2, readyReplicas: 1 },
    };
    expect(printed(replicaSets, given)).toEqual({
      NAME: "a",
      DESIRED: 3,
      CURRENT: 2,
      READY: 1,
      AGE: "60m",
      "<CONTAINERS>": "a,b",
      "<IMAGES>": "nginx:1,redis",
      "<SELECTOR>": "<none>",
    });
  });

  it.each([
    ["runs", {}, {}, "Running", "0/1", ""],
    [
      "takes time",
      { completions: 4 },
      { succeeded: 1, startTime: "2026-01-01T00:58:00Z" },
      "Running",
      "1/4",
      "2m",
    ],
    [
      "is complete",
      { completions: 1 },
      {
        succeeded: 1,
        startTime: CREATED,
        completionTime: "2026-01-01T00:00:20Z",
        conditions: [
          { type: "SuccessCriteriaMet", status: "True" },
          { type: "Complete", status: "True" },
        ],
      },
      "Complete",
      "1/1",
      "20s",
    ],
    [
      "has failed",
      { parallelism: 3 },
      { conditions: [{ type: "Failed", status: "True" }] },
      "Failed",
      "0/1 of 3",
      "",
    ],
    [
      "is suspended",
      { parallelism: 1 },
      { conditions: [{ type: "Suspended", status: "True" }] },
      "Suspended",
      "0/1",
      "",
    ],
    [
      "is about to fail",
      {},
      { conditions: [{ type: "FailureTarget", status: "True" }] },
      "FailureTarget",
      "0/1",
      "",
    ],
  ])("a job that %s", (_title, jobSpec, status, shownStatus, completions, duration) => {
    const given = { spec: { ...jobSpec, template, selector }, status };
    expect(printed(jobs, given)).toMatchObject({
      STATUS: shownStatus,
      COMPLETIONS: completions,
      DURATION: duration,
      "<SELECTOR>": "app=x,tier in (db,web)",
    });
  });

  it("a job that is being deleted", () => {
    const given = { metadata: { deletionTimestamp: CREATED }, spec: { template }, status: {} };
    expect(printed(jobs, given)["STATUS"]).toBe("Terminating");
  });
});
