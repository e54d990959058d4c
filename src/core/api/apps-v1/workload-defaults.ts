import type { Deployment, DeploymentStrategy, ReplicaSet } from "../generated/apps-v1.js";
import { changeField, fillAbsent, fillEmpty } from "../core-v1/defaults/fill.js";
import { defaultPodTemplate } from "../core-v1/defaults/pod-defaults.js";

/** pkg/apis/apps/v1/defaults.go SetDefaults_Deployment, 1.34 */
export function defaultDeployment(deployment: Deployment): Deployment {
  return changeField(deployment, "spec", (spec) => {
    const filled = fillAbsent(spec, {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: {},
    });
    const withStrategy = changeField(filled, "strategy", defaultStrategy);
    return changeField(withStrategy, "template", defaultPodTemplate);
  });
}

/** pkg/apis/apps/v1/defaults.go SetDefaults_ReplicaSet, 1.34 */
export function defaultReplicaSet(replicaSet: ReplicaSet): ReplicaSet {
  return changeField(replicaSet, "spec", (spec) =>
    changeField(fillAbsent(spec, { replicas: 1 }), "template", defaultPodTemplate),
  );
}

function defaultStrategy(strategy: DeploymentStrategy): DeploymentStrategy {
  const typed = fillEmpty(strategy, { type: "RollingUpdate" });
  if (typed.type !== "RollingUpdate") return typed;
  return changeField(fillAbsent(typed, { rollingUpdate: {} }), "rollingUpdate", (rollingUpdate) =>
    fillAbsent(rollingUpdate, { maxUnavailable: "25%", maxSurge: "25%" }),
  );
}
