import { describeFailure } from "../../errno-text.js";
import { writeError } from "../../io/write.js";
import { IO_CHUNK_BYTES } from "../../limits.js";
import { SysError, type Blocking, type SocketAddress } from "../../syscall.js";
import type { Command } from "../command.js";
import { becomeProgram } from "../process/env.js";
import { parseOptions, usageFailure, type Options } from "../options.js";

const DEFAULT_CONNECT_TIMEOUT_MS = 127_000;

/** netcat: connects or listens, and passes bytes both ways. */
export function* nc(command: Command): Blocking<number> {
  const execAt = command.operands.indexOf("-e");
  const words = execAt < 0 ? command.operands : command.operands.slice(0, execAt);
  const program = execAt < 0 ? null : command.operands.slice(execAt + 1);
  const options = parseOptions(command, "lkp:s:w:i:f:nuvz46Nq:", {}, words);
  if (options.has("l")) return yield* serve(command, options, program);
  const [host, portText] = options.operands;
  if (host === undefined || portText === undefined) throw usageFailure(command);
  const [first = 0, last = first] = portText.split("-").map(Number);
  if (!(first >= 1 && last <= 65_535)) throw command.failure(`bad port '${portText}'`);
  let status = 1;
  for (let port = first; port <= last; port += 1) {
    const fd = yield* connect(command, options, host, port);
    if (fd === null) continue;
    status = 0;
    if (options.has("z")) command.sys.close(fd);
    else if (program !== null) return yield* become(command, fd, program);
    else yield* relay(command, fd, options);
  }
  return status;
}

function* connect(
  command: Command,
  options: Options,
  host: string,
  port: number,
): Blocking<number | null> {
  const { sys } = command;
  const seconds = options.value("w");
  const timeoutMs = seconds === undefined ? DEFAULT_CONNECT_TIMEOUT_MS : Number(seconds) * 1000;
  let ip: string | undefined;
  try {
    [ip] = yield* sys.resolve(host, "A");
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
  if (ip === undefined) throw command.failure(`bad address '${host}'`);
  try {
    const fd = yield* sys.connect({ host: ip, port }, timeoutMs);
    if (options.has("v")) yield* writeError(sys, `${host} (${ip}:${String(port)}) open\n`);
    return fd;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    if (!options.has("z") || options.has("v")) {
      const what =
        error.errno === "ETIMEDOUT" && seconds !== undefined
          ? "timed out"
          : `${host} (${ip}:${String(port)}): ${describeFailure(error)}`;
      yield* command.complain(what);
    }
    return null;
  }
}

function* serve(
  command: Command,
  options: Options,
  program: readonly string[] | null,
): Blocking<number> {
  const { sys } = command;
  const portText = options.value("p") ?? options.operands.at(-1) ?? "0";
  const address: SocketAddress = { host: options.value("s") ?? "0.0.0.0", port: Number(portText) };
  let listener: number;
  try {
    listener = sys.listen(address, 1);
  } catch (error) {
    throw command.failure(`bind: ${describeFailure(error)}`);
  }
  if (options.has("v")) yield* writeError(sys, `listening on ${address.host}:${portText} ...\n`);
  for (;;) {
    const fd = yield* sys.accept(listener);
    if (program === null) yield* relay(command, fd, options);
    else if (options.has("k")) startProgram(command, fd, program);
    else {
      sys.close(listener);
      return yield* become(command, fd, program);
    }
    if (!options.has("k")) return 0;
    yield* reapEnded(command);
  }
}

/** With -k each connection gets a process of its own. */
function startProgram(command: Command, fd: number, program: readonly string[]): void {
  const { sys } = command;
  sys.fork("nc", function* (child) {
    child.dup(fd, 0);
    child.dup(fd, 1);
    child.dup(fd, 2);
    if (fd > 2) child.close(fd);
    const path = program[0] ?? "";
    return yield* child.exec(path.includes("/") ? path : `/bin/${path}`, program, command.env);
  });
  sys.close(fd);
}

function* reapEnded(command: Command): Blocking<void> {
  try {
    while ((yield* command.sys.wait(-1, { noHang: true })) !== null);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}

function* become(command: Command, fd: number, program: readonly string[]): Blocking<number> {
  const { sys } = command;
  for (const standard of [0, 1, 2]) sys.dup(fd, standard);
  if (fd > 2) sys.close(fd);
  return yield* becomeProgram(command, program, command.env);
}

/** Both ways until the other side closes; the end of standard input is passed on. */
export function* relay(command: Command, fd: number, options: Options | null): Blocking<void> {
  const { sys } = command;
  const idle = options?.value("w");
  const idleMs = idle === undefined ? Infinity : Number(idle) * 1000;
  let inputOpen = true;
  for (;;) {
    const ready = yield* sys.waitReadable(inputOpen ? [fd, 0] : [fd], idleMs);
    if (ready === null) break;
    const bytes = yield* sys.read(ready, IO_CHUNK_BYTES);
    if (!sys.tryCharge(1)) yield* sys.charge(1);
    if (bytes.length > 0) {
      const target = ready === fd ? 1 : fd;
      if (!sys.tryWrite(target, bytes)) yield* sys.write(target, bytes);
      continue;
    }
    if (ready === fd) break;
    inputOpen = false;
    sys.shutdown(fd);
  }
  sys.close(fd);
}

/** Without the option negotiation, of which a plain server knows nothing. */
export function* telnet(command: Command): Blocking<number> {
  const [host, portText = "23"] = command.operands.filter((word) => !word.startsWith("-"));
  if (host === undefined) throw usageFailure(command);
  const { sys } = command;
  let ip: string | undefined;
  try {
    [ip] = yield* sys.resolve(host, "A");
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
  if (ip === undefined) throw command.failure(`bad address '${host}'`);
  try {
    const fd = yield* sys.connect({ host: ip, port: Number(portText) }, DEFAULT_CONNECT_TIMEOUT_MS);
    command.output.add(`Connected to ${host}\n`);
    yield* command.output.flush();
    yield* relay(command, fd, null);
    yield* writeError(sys, "Connection closed by foreign host\r\n");
    return 0;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw command.failure(`can't connect to remote host (${ip}): ${describeFailure(error)}`);
  }
}
