import type { Namespace } from "../../api/index.js";
import { withFinalizersOf } from "../strategies/namespace.js";
import type { Preparation } from "../update-object.js";

/** The namespace controller takes its finalizer away here. pkg/registry/core/namespace/strategy.go namespaceFinalizeStrategy, 1.34 */
export const prepareFinalization: Preparation = (next, previous) =>
  withFinalizersOf(next as Namespace, previous as Namespace);
