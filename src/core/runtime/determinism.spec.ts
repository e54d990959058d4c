import { describe, expect, it } from "vitest";
import { Engine } from "../engine/index.js";
import { ClusterNetwork } from "./cluster-network.js";
import { TestMachine } from "./testing/test-machine.js";

/** Scripts that start each other, race, talk and draw random numbers. */
const SCRIPTS: readonly string[] = [
  'while true; do echo "$RANDOM $(date +%s)"; sleep 1; done',
  'for i in 1 2 3 4 5 6; do (sleep 0.$i; echo "child $i") & done; wait; echo all',
  "seq 1 300 | while read n; do echo $n; done | sort -r | head -3; cat /dev/urandom | head -c 8 | od -An -tx1",
  'trap "echo trapped" USR1; sh -c "sleep 0.05; kill -USR1 $$" & while :; do sleep 0.02; done',
  "i=0; while [ $i -lt 200 ]; do i=$((i+1)); : $(echo $i); done; echo done $i; ls /proc | wc -l",
  "while :; do :; done",
  "yes | head -c 100000 | md5sum; mktemp; mktemp",
  "ls -Li /proc/self/fd/0 /proc/sys/kernel; stat -c %i /dev/shm /etc/hosts /bin/sh; df; cat /proc/meminfo",
];

const run = (seed: number): { digest: string; lines: number; processes: number } => {
  const engine = new Engine({ seed, startMs: 1_700_000_000_000 });
  const network = new ClusterNetwork();
  const { trace } = engine;
  let processes = 0;
  const machines = [1, 2].map(
    (index) =>
      new TestMachine({
        engine,
        network,
        nodeName: `node-${String(index)}`,
        podCidr: `10.244.${String(index)}.0/24`,
        nodeIp: `192.168.0.1${String(index)}`,
      }),
  );
  for (const machine of machines) {
    machine.start({ image: "nginx" });
    for (let copy = 0; copy < 8; copy += 1)
      for (const script of SCRIPTS) machine.start({ command: ["sh", "-c", script] });
  }
  for (let second = 0; second < 20; second += 1) {
    engine.runUntil(engine.nowMs + 1000);
    for (const machine of machines) {
      for (const status of machine.runtime.listContainers("u")) {
        const stats = machine.runtime.containerStats(status.id);
        processes = Math.max(processes, stats?.processes ?? 0);
        trace.add(JSON.stringify([status, stats]));
      }
    }
  }
  for (const machine of machines) for (const line of machine.lines) trace.add(line);
  return {
    digest: trace.digest(),
    lines: machines.reduce((sum, { lines }) => sum + lines.length, 0),
    processes,
  };
};

describe("determinism", () => {
  it("same seed, same trace, with hundreds of interacting processes; another seed, another", () => {
    const first = run(7);
    expect(run(7)).toEqual(first);
    expect(first.lines).toBeGreaterThan(500);
    expect(run(8).digest).not.toBe(first.digest);
  }, 60_000);
});
