import { aPod, report, startService } from "./measure.mjs";

/** One pod with a 10 s liveness probe through 24 virtual hours by clock/advance: under 2 s. */
export default async function probeDay() {
  const service = await startService({ PEAPOD_CLOCK: "paused", PEAPOD_DATABASE: ":memory:" });
  const livenessProbe = { exec: { command: ["true"] }, periodSeconds: 10 };
  const container = { image: "busybox", command: ["sleep", "1000000"], livenessProbe };
  await service.request("POST", "/api/v1/namespaces/default/pods", aPod("watched", container));
  await service.request("POST", "/sim/v1/clock/advance", { seconds: 60 });
  const begunMs = performance.now();
  await service.request("POST", "/sim/v1/clock/advance", { seconds: 86_400 });
  report("24 virtual hours of one liveness probe", (performance.now() - begunMs) / 1000, "s", {
    bound: 2,
  });
  await service.stop();
}
