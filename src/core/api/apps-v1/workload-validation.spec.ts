import { describe, expect, it } from "vitest";
import { admitted, createErrors, row, updateErrors } from "../core-v1/validation/testing.js";
import type { Deployment } from "../generated/apps-v1.js";

type Fields = Record<string, unknown>;

const DEPLOYMENTS = row("deployments", "apps");
const REPLICA_SETS = row("replicasets", "apps");
const labels = { app: "web" };
const containers = [{ name: "web", image: "nginx" }];

const template = (spec: Fields = {}): Fields => ({
  metadata: { labels },
  spec: { containers, ...spec },
});

const workload = (spec: Fields = {}): Fields => ({
  spec: { selector: { matchLabels: labels }, template: template(), ...spec },
});

const rolling = (rollingUpdate: Fields): Fields => ({
  strategy: { type: "RollingUpdate", rollingUpdate },
});

describe("defaults of Deployments", () => {
  it.each<[string, Fields, Fields]>([
    [
      "what is left out",
      {},
      {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
        },
      },
    ],
    ["none of both", rolling({ maxSurge: 0 }), rolling({ maxSurge: 0, maxUnavailable: "25%" })],
    ["Recreate", { strategy: { type: "Recreate" } }, { strategy: { type: "Recreate" } }],
    [
      "zeros stay",
      { replicas: 0, revisionHistoryLimit: 0 },
      { replicas: 0, revisionHistoryLimit: 0 },
    ],
  ])("DEF: %s", (_name, spec, expected) => {
    const { spec: filled } = admitted(DEPLOYMENTS, workload(spec)) as Deployment;
    expect(filled).toMatchObject(expected);
    expect(filled.template.spec).toMatchObject({
      restartPolicy: "Always",
      dnsPolicy: "ClusterFirst",
      terminationGracePeriodSeconds: 30,
    });
  });
});

describe("validation of Deployments", () => {
  it.each<[string, Fields, string[]]>([
    ["a good one", {}, []],
    [
      "negative replicas",
      { replicas: -1 },
      ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"],
    ],
    [
      "no selector",
      { selector: undefined },
      [
        "spec.selector: Required value",
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      ],
    ],
    [
      "an empty selector",
      { selector: {} },
      ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
    ],
    [
      "an unknown operator",
      { selector: { matchExpressions: [{ key: "a", operator: "Near" }] } },
      [
        'spec.selector.matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator',
        'spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Near"}]}: invalid label selector',
      ],
    ],
    [
      "a selector of other labels",
      { selector: { matchLabels: { app: "db" } } },
      [
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      ],
    ],
    [
      "another restart policy",
      { template: template({ restartPolicy: "OnFailure" }) },
      [
        'spec.template.spec.restartPolicy: Unsupported value: "OnFailure": supported values: "Always"',
      ],
    ],
    [
      "a deadline of its pods",
      { template: template({ activeDeadlineSeconds: 5 }) },
      [
        "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported",
      ],
    ],
    [
      "a bad pod",
      { template: template({ containers: [{ name: "web" }] }) },
      ["spec.template.spec.containers[0].image: Required value"],
    ],
    [
      "an unknown strategy",
      { strategy: { type: "BlueGreen" } },
      [
        'spec.strategy: Unsupported value: {"Type":"BlueGreen","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
      ],
    ],
    [
      "Recreate with a pace",
      { strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } },
      [
        "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
      ],
    ],
    [
      "no room at all",
      rolling({ maxSurge: 0, maxUnavailable: "0%" }),
      [
        'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
      ],
    ],
    [
      "more than all",
      rolling({ maxUnavailable: "101%", maxSurge: "200%" }),
      [
        'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
      ],
    ],
    [
      "no percentage",
      rolling({ maxUnavailable: "5", maxSurge: -1 }),
      [
        `spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "5": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`,
        "spec.strategy.rollingUpdate.maxSurge: Invalid value: -1: must be greater than or equal to 0",
      ],
    ],
    [
      "a deadline before pods can be available",
      { minReadySeconds: 30, progressDeadlineSeconds: 30 },
      ["spec.progressDeadlineSeconds: Invalid value: 30: must be greater than minReadySeconds"],
    ],
  ])("VAL: %s", (_name, spec, errors) => {
    expect(createErrors(DEPLOYMENTS, workload(spec))).toEqual(errors);
  });

  it.each<[string, typeof DEPLOYMENTS]>([
    ["Deployments", DEPLOYMENTS],
    ["ReplicaSets", REPLICA_SETS],
  ])("the selector of %s stays", (_name, resource) => {
    const selector = { matchLabels: { app: "web", tier: "a" } };
    const next = workload({
      selector,
      template: { ...template(), metadata: { labels: selector.matchLabels } },
    });
    expect(updateErrors(resource, next, workload())).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"web","tier":"a"}}: field is immutable',
    ]);
  });

  it("counts of a status agree", () => {
    const status = { replicas: 1, readyReplicas: 2, availableReplicas: 3, collisionCount: 0 };
    const before = { ...workload(), status: { collisionCount: 1 } };
    expect(updateErrors(DEPLOYMENTS, { ...workload(), status }, before, "status")).toEqual([
      "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas",
      "status.collisionCount: Invalid value: 0: cannot be decremented",
    ]);
    const ofSet = { replicas: 1, fullyLabeledReplicas: 2 };
    expect(
      updateErrors(REPLICA_SETS, { ...workload(), status: ofSet }, workload(), "status"),
    ).toEqual([
      "status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas",
    ]);
  });
});
