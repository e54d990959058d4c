import type { Engine } from "../engine/index.js";
import type { Program } from "../shell/index.js";
import type { ContainerRuntime } from "./cri.js";
import { imageCatalog } from "./image-catalog/catalog.js";
import { ClusterBounds } from "./cluster-bounds.js";
import { Machine } from "./machine.js";
import { NodeRuntime } from "./node-runtime.js";
import { findProgram } from "./program-table.js";
import type { RuntimeOptions } from "./runtime-options.js";

/** The simulated container runtime of one node. */
export const createRuntime = (options: RuntimeOptions): ContainerRuntime => {
  const programs = (name: string): Program | null =>
    options.programs?.get(name) ?? findProgram(name);
  const machine = new Machine(
    options,
    imageCatalog,
    programs,
    boundsOf(options.engine),
    (process, error) => {
      options.onFault?.(`${process.command} (${process.argv.join(" ").slice(0, 200)})`, error);
    },
  );
  return new NodeRuntime(machine);
};

const boundsOfEngines = new WeakMap<Engine, ClusterBounds>();

const boundsOf = (engine: Engine): ClusterBounds => {
  let bounds = boundsOfEngines.get(engine);
  if (bounds === undefined) {
    bounds = new ClusterBounds();
    boundsOfEngines.set(engine, bounds);
  }
  return bounds;
};
