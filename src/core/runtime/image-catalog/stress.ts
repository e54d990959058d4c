import type { Blocking } from "../../shell/index.js";
import { asImageSys, type ImageProgram, type ImageSys } from "../kernel/image-sys.js";
import { goSignals, klogLine, logTo, parseDuration, parseFlags } from "./go-server.js";
import { print } from "./program-io.js";

/** Of a spinning worker, the CPU time used between two looks at the clock. */
const SPIN_MS = 100;

/** stress 1.0.4: --cpu n --vm n --vm-bytes b --vm-hang s --timeout s … */
export const stressProgram: ImageProgram = function* (sys, argv) {
  const options = parseOptions(argv.slice(1));
  const { cpu, io, vm, hdd } = options;
  const me = String(sys.pid);
  if (cpu + io + vm + hdd === 0) {
    yield* print(sys, 1, USAGE);
    return 0;
  }
  yield* print(
    sys,
    1,
    `stress: info: [${me}] dispatching hogs: ${String(cpu)} cpu, ${String(io)} io, ${String(vm)} vm, ${String(hdd)} hdd\n`,
  );
  const startedAtMs = sys.nowMs();
  const workers: number[] = [];
  for (let i = 0; i < Math.min(64, cpu + io); i += 1)
    workers.push(sys.fork("stress", (child) => spin(asImageSys(child), options.timeoutMs)));
  for (let i = 0; i < Math.min(64, vm); i += 1)
    workers.push(sys.fork("stress", (child) => hold(asImageSys(child), options)));
  for (const worker of workers) {
    const ended = yield* sys.wait(worker);
    const status = ended?.status ?? { code: 0 };
    if ("code" in status && status.code === 0) continue;
    const how =
      "code" in status
        ? `returned error ${String(status.code)}`
        : `got signal ${String(status.number)}`;
    yield* print(sys, 2, `stress: FAIL: [${me}] (415) <-- worker ${String(worker)} ${how}\n`);
    yield* print(sys, 2, `stress: WARN: [${me}] (417) now reaping child worker processes\n`);
    for (const other of workers) if (other !== worker) sys.kill(other, "TERM");
    yield* print(
      sys,
      2,
      `stress: FAIL: [${me}] (451) failed run completed in ${String(Math.floor((sys.nowMs() - startedAtMs) / 1000))}s\n`,
    );
    return 1;
  }
  yield* print(
    sys,
    1,
    `stress: info: [${me}] successful run completed in ${String(Math.floor((sys.nowMs() - startedAtMs) / 1000))}s\n`,
  );
  return 0;
};

function* spin(sys: ImageSys, timeoutMs: number): Blocking<number> {
  const dueMs = sys.nowMs() + timeoutMs;
  while (sys.nowMs() < dueMs) yield* sys.compute(SPIN_MS);
  return 0;
}

/** Takes its memory at once and touches it again and again, or holds it for `--vm-hang` seconds each time. */
function* hold(sys: ImageSys, options: StressOptions): Blocking<number> {
  const dueMs = sys.nowMs() + options.timeoutMs;
  // Faulting in pages takes about half a millisecond a megabyte.
  const touchMs = options.vmBytes / 2 / 1_048_576;
  while (sys.nowMs() < dueMs) {
    sys.reserve(options.vmBytes);
    yield* sys.charge(1);
    if (options.vmHangMs === Infinity || options.vmKeep) {
      if (dueMs === Infinity) yield* sys.pause();
      else yield* sys.sleep(dueMs - sys.nowMs());
      continue;
    }
    if (options.vmHangMs > 0) yield* sys.sleep(Math.min(options.vmHangMs, dueMs - sys.nowMs()));
    else yield* sys.compute(SPIN_MS);
    yield* sys.sleep(touchMs);
    sys.reserve(-options.vmBytes);
  }
  return 0;
}

interface StressOptions {
  readonly cpu: number;
  readonly io: number;
  readonly vm: number;
  readonly hdd: number;
  readonly vmBytes: number;
  readonly vmHangMs: number;
  readonly vmKeep: boolean;
  readonly timeoutMs: number;
}

const SHORT: Readonly<Record<string, string>> = {
  c: "cpu",
  i: "io",
  m: "vm",
  d: "hdd",
  t: "timeout",
};

const parseOptions = (words: readonly string[]): StressOptions => {
  const values = new Map<string, string>();
  for (let i = 0; i < words.length; i += 1) {
    const [, dashes, name = "", value] = /^(--?)([\w-]+)(?:=(.*))?$/.exec(words[i] ?? "") ?? [];
    if (dashes === undefined) continue;
    const full = SHORT[name] ?? name;
    if (/^(vm-keep|verbose|quiet|dry-run|v|q|n)$/.test(full)) values.set(full, "1");
    else values.set(full, value ?? words[(i += 1)] ?? "");
  }
  const count = (name: string): number => Number(values.get(name) ?? 0) || 0;
  const hang = values.get("vm-hang");
  const timeout = values.get("timeout");
  return {
    cpu: count("cpu"),
    io: count("io"),
    vm: count("vm"),
    hdd: count("hdd"),
    vmBytes: toBytes(values.get("vm-bytes") ?? "256M"),
    vmHangMs: hang === undefined ? 0 : Number(hang) === 0 ? Infinity : Number(hang) * 1000,
    vmKeep: values.has("vm-keep"),
    timeoutMs: timeout === undefined ? Infinity : toSeconds(timeout) * 1000,
  };
};

const toBytes = (text: string): number => {
  const [, number = "0", unit = ""] = /^(\d+)\s*([bkmg]?)/i.exec(text) ?? [];
  return (
    Number(number) * ({ "": 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit.toLowerCase()] ?? 1)
  );
};

const toSeconds = (text: string): number => {
  const [, number = "0", unit = "s"] = /^(\d+)\s*([smhdy]?)/i.exec(text) ?? [];
  return (
    Number(number) * ({ s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 }[unit.toLowerCase()] ?? 1)
  );
};

const USAGE = `\`stress' imposes certain types of compute stress on your system

Usage: stress [OPTION [ARG]] ...
 -?, --help         show this help statement
     --version      show version statement
 -v, --verbose      be verbose
 -q, --quiet        be quiet
 -n, --dry-run      show what would have been done
 -t, --timeout N    timeout after N seconds
     --backoff N    wait factor of N microseconds before work starts
 -c, --cpu N        spawn N workers spinning on sqrt()
 -i, --io N         spawn N workers spinning on sync()
 -m, --vm N         spawn N workers spinning on malloc()/free()
     --vm-bytes B   malloc B bytes per vm worker (default is 256MB)
     --vm-stride B  touch a byte every B bytes (default is 4096)
     --vm-hang N    sleep N secs before free (default none, 0 is inf)
     --vm-keep      redirty memory instead of freeing and reallocating
 -d, --hdd N        spawn N workers spinning on write()/unlink()
     --hdd-bytes B  write B bytes per hdd worker (default is 1GB)

Example: stress --cpu 8 --io 4 --vm 2 --vm-bytes 128M --timeout 10s

Note: Numbers may be suffixed with s,m,h,d,y (time) or B,K,M,G (size).
`;

/** vish/stress (registry.k8s.io/stress): -mem-total, -mem-alloc-size, -mem-alloc-sleep, -cpus. */
export const vishStress: ImageProgram = function* (sys, argv) {
  goSignals(sys);
  const { flags } = parseFlags(argv.slice(1), ["logtostderr", "alsologtostderr"]);
  const total = quantity(flags.get("mem-total") ?? "0");
  const chunk = quantity(flags.get("mem-alloc-size") ?? "4Ki");
  const sleepMs = parseDuration(flags.get("mem-alloc-sleep") ?? "1ms") ?? 1;
  const cpus = Number(flags.get("cpus") ?? 0);
  const words = (name: string, fallback: string): string => flags.get(name) ?? fallback;
  yield* logTo(
    sys,
    klogLine(
      sys,
      "main.go:26",
      `Allocating ${JSON.stringify(words("mem-total", "0"))} memory, in ${JSON.stringify(words("mem-alloc-size", "4Ki"))} chunks, with a ${words("mem-alloc-sleep", "1ms")} sleep between allocations`,
    ),
  );
  for (let i = 0; i < Math.min(64, cpus); i += 1) {
    yield* logTo(sys, klogLine(sys, "main.go:39", "Spawning a thread to consume CPU"));
    sys.fork("stress", (child) => spin(asImageSys(child), Infinity));
  }
  for (let taken = 0; taken < total; taken += chunk) {
    sys.reserve(Math.min(chunk, total - taken));
    if (sleepMs > 0) yield* sys.sleep(sleepMs);
    else yield* sys.charge(1);
  }
  yield* logTo(
    sys,
    klogLine(sys, "main.go:29", `Allocated ${JSON.stringify(words("mem-total", "0"))} memory`),
  );
  for (;;) yield* sys.pause();
};

const quantity = (text: string): number => {
  const [, number = "0", unit = ""] = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|k|M|G)?$/.exec(text) ?? [];
  return (
    Number(number) *
    ({ "": 1, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, k: 1e3, M: 1e6, G: 1e9 }[unit] ?? 1)
  );
};
