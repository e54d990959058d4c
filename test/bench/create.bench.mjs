import { createPods, percentile, report, startService, untilReady } from "./measure.mjs";

/** The bound of the product: 1,000 pods created over HTTP by 8 clients are Ready within 5 s at x100. */
export default async function create() {
  const service = await startService({ PEAPOD_CLOCK: "x100", PEAPOD_NODES: "10" });
  const before = service.residentBytes();
  const begunMs = performance.now();
  const latencies = await createPods(service, 1000);
  const createdMs = performance.now() - begunMs;
  await untilReady(service, 1000);
  const seconds = (performance.now() - begunMs) / 1000;
  report("pods created over HTTP and Ready", 1000 / seconds, "pods/s", { bound: 200 });
  report("pod create over HTTP", 1000 / (createdMs / 1000), "creates/s");
  report("pod create latency p99", percentile(latencies, 0.99), "ms");
  report("resident memory per Running pod", (service.residentBytes() - before) / 1000, "bytes");
  await service.stop();
}
