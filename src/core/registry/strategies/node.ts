import type { Node } from "../../api/index.js";
import type { Strategy } from "../strategy.js";
import { withStatusOf } from "../status-part.js";

/** A kubelet registers its node together with its first status. pkg/registry/core/node/strategy.go, 1.34 */
export const nodeStrategy: Strategy<Node> = {
  prepareForUpdate: (next, previous) => withStatusOf(next, previous),
  prepareForStatusUpdate: (next, previous) => ({ ...next, spec: previous.spec }),
};
