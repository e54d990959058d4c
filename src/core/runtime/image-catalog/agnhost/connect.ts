import { SysError } from "../../../shell/index.js";
import { errnoText } from "../../look-path.js";
import { parseDuration, parseFlags } from "../go-server.js";
import { print } from "../program-io.js";
import type { Subcommand } from "./agnhost.js";

const NO_TIMEOUT_MS = 127_000;

/** test/images/agnhost/connect/connect.go */
export const connect: Subcommand = function* (sys, args) {
  const { flags, rest } = parseFlags(args);
  const [destination = ""] = rest;
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(destination) ?? [];
  const timeoutMs = parseDuration(flags.get("timeout") ?? "") ?? NO_TIMEOUT_MS;
  if (port === "") {
    yield* print(sys, 2, `UNKNOWN: address ${destination}: missing port in address\n`);
    return 1;
  }
  try {
    const [address] = yield* sys.resolve(host, "A");
    sys.close(
      yield* sys.connect({ host: address ?? host, port: Number(port) }, timeoutMs || NO_TIMEOUT_MS),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    yield* print(sys, 2, `${failureText(error, host, port)}\n`);
    return 1;
  }
};

const failureText = ({ errno }: SysError, host: string, port: string): string => {
  switch (errno) {
    case "ENOENT":
    case "EAGAIN":
      return `DNS: lookup ${host}: no such host`;
    case "ECONNREFUSED":
      return "REFUSED";
    case "ETIMEDOUT":
      return "TIMEOUT";
    default:
      return `OTHER: dial tcp ${host}:${port}: connect: ${errnoText(errno)}`;
  }
};
