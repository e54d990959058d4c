import { SysError, type Blocking } from "../../../shell/index.js";
import type { ImageSys } from "../../kernel/image-sys.js";
import { errnoText } from "../../look-path.js";
import { goQuote, goSignals } from "../go-server.js";
import { print } from "../program-io.js";
import type { Subcommand } from "./agnhost.js";

/** Between the end of what is sent and the end of the connection: rstAvoidanceDelay. */
const CLOSE_DELAY_MS = 500;
/** The largest chunk that is made. */
const MAX_CHUNK_BYTES = 1_048_576;

/** test/images/agnhost/port-forward-tester/portforwardtester.go */
export const portForwardTester: Subcommand = function* (sys, _args, env) {
  goSignals(sys);
  const host = bindAddress(env.get("BIND_ADDRESS") ?? "");
  let fd: number;
  try {
    fd = yield* sys.accept(sys.listen({ host, port: Number(env.get("BIND_PORT") ?? "") }, 128));
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* print(sys, 1, `Error listening: ${errnoText(error.errno)}\n`);
    return 1;
  }
  yield* print(sys, 1, "Accepted client connection\n");
  const expected = env.get("EXPECTED_CLIENT_DATA") ?? "";
  const status = expected === "" ? 0 : yield* expectData(sys, fd, expected);
  if (status !== 0) return status;
  const numbers = yield* readNumbers(sys, env);
  if (numbers === null) return 1;
  const [chunks = 0, size = 0, intervalMs = 0] = numbers;
  const chunk = new Uint8Array(Math.min(Math.max(0, size), MAX_CHUNK_BYTES)).fill(0x78);
  for (let sent = 0; sent < chunks; sent += 1) {
    yield* sys.write(fd, chunk);
    if (sent + 1 < chunks) yield* sys.sleep(intervalMs);
  }
  yield* print(sys, 1, "Shutting down connection\n");
  sys.shutdown(fd);
  yield* sys.sleep(CLOSE_DELAY_MS);
  sys.close(fd);
  yield* print(sys, 1, "Done\n");
  return 0;
};

const bindAddress = (name: string): string =>
  name === "" || name === "localhost" ? "127.0.0.1" : name;

function* readNumbers(
  sys: ImageSys,
  env: ReadonlyMap<string, string>,
): Blocking<readonly number[] | null> {
  const numbers: number[] = [];
  for (const name of ["CHUNKS", "CHUNK_SIZE", "CHUNK_INTERVAL"]) {
    const text = env.get(name) ?? "";
    if (!/^[-+]?\d+$/.test(text)) {
      const why = `strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`;
      yield* print(sys, 1, `Error parsing ${name} ${goQuote(text)}: ${why}\n`);
      return null;
    }
    numbers.push(Number(text));
  }
  return numbers;
}

function* expectData(sys: ImageSys, fd: number, expected: string): Blocking<number> {
  const got = new TextDecoder().decode(yield* sys.read(fd, expected.length));
  const error = got === "" ? "EOF" : "<nil>";
  if (got.length !== expected.length) {
    yield* print(
      sys,
      1,
      `Expected to read ${String(expected.length)} bytes from client, but got ${String(got.length)} instead. err=${error}\n`,
    );
    return 2;
  }
  if (got !== expected) {
    yield* print(
      sys,
      1,
      `Expect to read ${goQuote(expected)}, but got ${goQuote(got)}. err=${error}\n`,
    );
    return 3;
  }
  yield* print(sys, 1, "Received expected client data\n");
  return 0;
}
