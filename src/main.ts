import { setFlagsFromString } from "node:v8";
import { ConfigError, readConfig, type Config } from "./config/index.js";
import { end, EXIT_MISCONFIGURED } from "./process-end.js";
import { StopSignal } from "./stop-signal.js";

/**
 * Much of this program runs a few thousand times at most: V8's default of optimizing early costs a quarter of all CPU in a burst of pods (`npm run bench create`)
 * and gains a tenth. Machine code without optimization comes at once, optimization three times later than by default.
 */
setFlagsFromString("--always-sparkplug");
setFlagsFromString("--interrupt-budget=200000");

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
