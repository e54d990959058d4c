import type { KubeObject, Namespace } from "../../api/index.js";
import { withFinalizersOf } from "../strategies/namespace.js";
import type { UpdateRules } from "../update-object.js";

/** The namespace controller takes its finalizer away here. pkg/registry/core/namespace/strategy.go namespaceFinalizeStrategy, 1.34 */
export const finalizeRules: UpdateRules = {
  prepare: (next: KubeObject, previous: KubeObject) =>
    withFinalizersOf(next as Namespace, previous as Namespace),
  validate: () => [],
};
