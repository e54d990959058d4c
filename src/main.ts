import { setFlagsFromString } from "node:v8";
import { ConfigError, readConfig, type Config } from "./config/index.js";
import { end, EXIT_MISCONFIGURED } from "./process-end.js";
import { StopSignal } from "./stop-signal.js";

/**
 * Code runs as machine code from its first call on: a burst of pods runs most of it a thousand times at most (`npm run bench create`). How soon it is optimized
 * depends on what goes on: simulation/jit.ts.
 */
setFlagsFromString("--always-sparkplug");

const configuration = (): Config => {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return end(EXIT_MISCONFIGURED, error.message);
    throw error;
  }
};

const stopSignal = new StopSignal();
const config = configuration();
// Only now is the rest loaded: a wrong value is answered at once.
const { serve } = await import("./serve.js");
await serve(config, stopSignal);
