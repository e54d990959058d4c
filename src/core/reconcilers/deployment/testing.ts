import { formatTime, type Deployment, type ReplicaSet } from "../../api/index.js";

/** Deployments and sets for tables of decisions. */

export interface SetGiven {
  readonly replicas: number;
  readonly available?: number;
  /** What its annotations remember. */
  readonly desired?: number;
  readonly max?: number;
  readonly createdMs?: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

export const aSet = (name: string, given: SetGiven): ReplicaSet => {
  const { replicas, available = 0, desired, max, createdMs = 0, annotations = {} } = given;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      namespace: "default",
      uid: name,
      resourceVersion: "1",
      creationTimestamp: formatTime(createdMs),
      annotations: {
        ...annotations,
        ...(desired === undefined
          ? {}
          : { "deployment.kubernetes.io/desired-replicas": String(desired) }),
        ...(max === undefined ? {} : { "deployment.kubernetes.io/max-replicas": String(max) }),
      },
    },
    spec: { replicas, selector: {} },
    status: { replicas, readyReplicas: available, availableReplicas: available },
  };
};

export const aDeployment = (
  replicas: number,
  rollingUpdate: { maxSurge: number | string; maxUnavailable: number | string } = {
    maxSurge: 1,
    maxUnavailable: 0,
  },
): Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "web",
    namespace: "default",
    uid: "web",
    resourceVersion: "1",
    generation: 1,
    creationTimestamp: formatTime(0),
  },
  spec: {
    replicas,
    selector: {},
    template: {},
    progressDeadlineSeconds: 60,
    strategy: { type: "RollingUpdate", rollingUpdate },
  },
  status: {},
});
