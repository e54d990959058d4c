import { setTimeout as delay } from "node:timers/promises";
import { createPods, report, startService, untilReady } from "./measure.mjs";

/** 1,000 idle Running pods without probes use under 2 % of a core at realtime. */
export default async function idle() {
  const service = await startService({ PEAPOD_CLOCK: "x100", PEAPOD_NODES: "10" });
  await createPods(service, 1000);
  await untilReady(service, 1000);
  await service.request("PUT", "/sim/v1/clock", { speed: 1 });
  // The collector tidies up after the load: that is not what idle pods cost.
  await delay(10_000);
  const before = service.cpuSeconds();
  const begunMs = performance.now();
  await delay(20_000);
  const share = (service.cpuSeconds() - before) / ((performance.now() - begunMs) / 1000);
  report("CPU of 1,000 idle pods at realtime", share * 100, "% of a core", { bound: 2 });
  await service.stop();
}
