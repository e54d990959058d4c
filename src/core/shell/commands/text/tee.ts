import { IO_CHUNK_BYTES } from "../../limits.js";
import { SysError, type Blocking } from "../../syscall.js";
import type { Command } from "../command.js";
import { parseOptions } from "../options.js";

export function* tee(command: Command): Blocking<number> {
  const { sys } = command;
  const options = parseOptions(command, "ia", { append: "a", "ignore-interrupts": "i" });
  if (options.has("i")) sys.onSignal("INT", "ignore");
  const fds = [1];
  for (const path of options.operands) {
    try {
      const how = options.has("a") ? { append: true } : { truncate: true };
      fds.push(path === "-" ? 1 : sys.open(path, { write: true, create: true, ...how }, 0o666));
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      yield* command.failWith(path, error);
    }
  }
  for (;;) {
    const bytes = yield* sys.read(0, IO_CHUNK_BYTES);
    if (bytes.length === 0) return command.status;
    for (const fd of fds) if (!sys.tryWrite(fd, bytes)) yield* sys.write(fd, bytes);
    if (!sys.tryCharge(2)) yield* sys.charge(2);
  }
}
