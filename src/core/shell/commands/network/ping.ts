import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseDurationMs } from "../duration.js";
import { parseOptions, usageFailure, type Options } from "../options.js";

/** A port nobody listens on: whoever has the address refuses it, which tells that he is there. */
const PROBE_PORT = 7;
const DEFAULT_WAIT_MS = 10_000;

/**
 * ICMP echo, told from whether the address answers a connection at all: refused is as good as accepted. (Raw sockets are not simulated.)
 */
export function* ping(command: Command): Blocking<number> {
  const options = parseOptions(command, "qvAc:+s:t:+w:W:i:I:np:46O");
  const [host] = options.operands;
  if (host === undefined) throw usageFailure(command);
  const plan = planOf(command, options);
  const address = yield* resolve(command, host);
  command.output.add(`PING ${host} (${address}): ${String(plan.sizeBytes)} data bytes\n`);
  yield* command.output.flush();
  const tally = new Tally(command, host);
  command.sys.onSignal("INT", () => {
    tally.isInterrupted = true;
  });
  while (tally.sent < plan.count && !tally.isInterrupted) {
    const startMs = command.sys.nowMs();
    if (startMs >= plan.deadlineMs) break;
    yield* echo(command, address, plan, tally);
    if (tally.sent < plan.count) {
      const dueMs = Math.min(startMs + plan.intervalMs, plan.deadlineMs);
      yield* command.sys.sleep(Math.max(0, dueMs - command.sys.nowMs()));
    }
  }
  tally.print();
  return tally.received > 0 ? 0 : 1;
}

interface Plan {
  readonly count: number;
  readonly sizeBytes: number;
  readonly intervalMs: number;
  readonly waitMs: number;
  readonly deadlineMs: number;
  readonly isQuiet: boolean;
}

function planOf(command: Command, options: Options): Plan {
  return {
    count: Number(options.value("c") ?? Infinity),
    sizeBytes: Number(options.value("s") ?? 56),
    intervalMs: parseDurationMs(options.value("i") ?? "1") ?? 1000,
    waitMs: Number(options.value("W") ?? 10) * 1000 || DEFAULT_WAIT_MS,
    deadlineMs: command.sys.nowMs() + Number(options.value("w") ?? Infinity) * 1000,
    isQuiet: options.has("q"),
  };
}

/** One request, and its answer if one comes. */
function* echo(command: Command, address: string, plan: Plan, tally: Tally): Blocking<void> {
  const { sys } = command;
  const startMs = sys.nowMs();
  const sequence = tally.sent;
  tally.sent += 1;
  const waitMs = Math.min(plan.waitMs, plan.deadlineMs - startMs);
  if (!(yield* isThere(command, address, waitMs))) return;
  const tripMicroseconds = 60 + Math.floor(sys.random() * 80) + (sys.nowMs() - startMs) * 1000;
  tally.add(tripMicroseconds);
  if (plan.isQuiet) return;
  command.output.add(
    `${String(plan.sizeBytes + 8)} bytes from ${address}: seq=${String(sequence)} ttl=64 time=${milliseconds(tripMicroseconds)} ms\n`,
  );
  yield* command.output.flush();
}

function* resolve(command: Command, host: string): Blocking<string> {
  try {
    const [address] = yield* command.sys.resolve(host, "A");
    if (address !== undefined) return address;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
  throw command.failure(`bad address '${host}'`);
}

function* isThere(command: Command, host: string, waitMs: number): Blocking<boolean> {
  try {
    const fd = yield* command.sys.connect({ host, port: PROBE_PORT }, waitMs);
    command.sys.close(fd);
    return true;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return error.errno === "ECONNREFUSED";
  }
}

function milliseconds(microseconds: number): string {
  const whole = Math.floor(microseconds);
  return `${String(Math.floor(whole / 1000))}.${String(whole % 1000).padStart(3, "0")}`;
}

class Tally {
  sent = 0;
  isInterrupted = false;
  received = 0;
  #least = Infinity;
  #most = 0;
  #sum = 0;

  constructor(
    private readonly command: Command,
    private readonly host: string,
  ) {}

  add(microseconds: number): void {
    this.received += 1;
    this.#sum += microseconds;
    this.#least = Math.min(this.#least, microseconds);
    this.#most = Math.max(this.#most, microseconds);
  }

  // networking/ping.c print_stats_and_exit
  print(): void {
    const loss = this.sent === 0 ? 0 : Math.floor(((this.sent - this.received) * 100) / this.sent);
    this.command.output.add(
      `\n--- ${this.host} ping statistics ---\n${String(this.sent)} packets transmitted, ` +
        `${String(this.received)} packets received, ${String(loss)}% packet loss\n`,
    );
    if (this.received === 0) return;
    this.command.output.add(
      `round-trip min/avg/max = ${milliseconds(this.#least)}/${milliseconds(this.#sum / this.received)}/${milliseconds(this.#most)} ms\n`,
    );
  }
}
