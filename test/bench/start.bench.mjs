import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aPod, createPods, report, startService } from "./measure.mjs";

/** Start to /readyz: under 1.3 s on an empty database, under 10 s with 10,000 pods stored. */
export default async function start() {
  const empty = await startService();
  report("start on an empty database", empty.readyMs / 1000, "s", { bound: 1.3 });
  await empty.stop();
  const folder = mkdtempSync(join(tmpdir(), "peapod-bench-"));
  const env = {
    PEAPOD_DATABASE: join(folder, "peapod.sqlite"),
    PEAPOD_NODES: "100",
    PEAPOD_CLOCK: "x100",
  };
  const filled = await startService(env);
  await createPods(filled, 10_000, 8, (i) => aPod(`stored-${i}`));
  await filled.stop();
  const again = await startService(env);
  report("start with 10,000 pods stored", again.readyMs / 1000, "s", { bound: 10 });
  await again.stop();
  rmSync(folder, { recursive: true, force: true });
}
