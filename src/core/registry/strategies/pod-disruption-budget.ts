import type { PodDisruptionBudget } from "../../api/index.js";
import type { Strategy } from "../strategy.js";
import { withFirstGeneration, withNextGeneration } from "./generation.js";

/** pkg/registry/policy/poddisruptionbudget/strategy.go, 1.34 */
export const podDisruptionBudgetStrategy: Strategy<PodDisruptionBudget> = {
  requiresVersion: true,
  prepareForCreate: (budget) => ({
    ...withFirstGeneration(budget),
    status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
  }),
  prepareForUpdate: (next, previous) =>
    withNextGeneration({ ...next, status: previous.status }, previous, (budget) => budget.spec),
  prepareForStatusUpdate: (next, previous) => ({ ...next, spec: previous.spec }),
};
