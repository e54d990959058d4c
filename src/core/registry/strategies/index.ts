import type { ResourceDefinition } from "../../api/index.js";
import type { Strategy } from "../strategy.js";
import { namespaceStrategy } from "./namespace.js";
import { podStrategy } from "./pod.js";

const STRATEGIES: Readonly<Record<string, Strategy>> = {
  namespaces: namespaceStrategy,
  pods: podStrategy,
};

/** Kinds without a strategy of their own are kept as they come. */
const PLAIN: Strategy = {};

export const strategyOf = (resource: ResourceDefinition): Strategy =>
  STRATEGIES[resource.storage] ?? PLAIN;
