import type { Config } from "../config/index.js";
import type { Journal } from "../persistence/index.js";
import type { ClusterFactory } from "./cluster-port.js";
import { firstNodes } from "./node-names.js";
import { SimulationService } from "./simulation.service.js";
import { tokenKeyOf } from "./token-key.js";
import type { WallClock } from "./wall-clock.js";

export interface SimulationParts {
  readonly config: Config;
  readonly journal: Journal;
  readonly wall: WallClock;
  readonly createCluster: ClusterFactory;
}

/** Makes the cluster anew, or from what the journal kept, and starts its clock. */
export const startSimulation = async (parts: SimulationParts): Promise<SimulationService> => {
  const simulation = await open(parts);
  await simulation.start();
  return simulation;
};

const open = async (parts: SimulationParts): Promise<SimulationService> => {
  const { config, journal, wall, createCluster } = parts;
  const { seed, clock: setting } = config;
  const meta = await journal.meta();
  const epochMs = meta?.epochMs ?? config.epochMs ?? wall.unixMs();
  const { sign: signToken, keySet: tokenKeys } = tokenKeyOf(seed);
  const shared = { journal, wall, setting, seed, epochMs, tokenKeys };
  if (meta === null) {
    await journal.begin({ seed, epochMs });
    const cluster = createCluster({
      seed,
      startMs: epochMs,
      nodes: firstNodes(config.nodes),
      signToken,
    });
    return new SimulationService({ ...shared, cluster, durableSequence: 0 });
  }
  if (meta.seed !== seed) await journal.begin({ seed, epochMs });
  const snapshot = await journal.load();
  const cluster = createCluster({
    seed: seedAfterRestart(seed, snapshot.lastSequence),
    startMs: restartTimeMs(config, snapshot.timeMs, wall.unixMs()),
    snapshot,
    signToken,
  });
  return new SimulationService({ ...shared, cluster, durableSequence: snapshot.lastSequence });
};

/** In real time a machine that was off finds that time has passed; any other clock goes on from where it stood. */
export const restartTimeMs = (config: Config, keptMs: number, unixMs: number): number => {
  const isRealTime = config.clock.mode === "running" && config.clock.speed === 1;
  return isRealTime && config.epochMs === null ? Math.max(keptMs, unixMs) : keptMs;
};

/** The same seed would draw the same uids and suffixes again, which objects from before the restart already have. */
const seedAfterRestart = (seed: number, lastSequence: number): number =>
  (seed + lastSequence * 0x9e3779b1) % Number.MAX_SAFE_INTEGER;
