import { klogLine, parseDuration, parseFlags } from "../go-server.js";
import { print } from "../program-io.js";
import type { Subcommand } from "./agnhost.js";

const METHODS = ["GET", "PUT", "POST"] as const;
const NAMESPACES = ["kube-system", "default", "ns"] as const;

/** test/images/agnhost/logs-generator/logs_generator.go */
export const logsGenerator: Subcommand = function* (sys, args, env) {
  const { flags } = parseFlags(args);
  const total = Number(flags.get("log-lines-total") ?? env.get("LOGS_GENERATOR_LINES_TOTAL") ?? 0);
  const durationText = flags.get("run-duration") ?? env.get("LOGS_GENERATOR_DURATION") ?? "";
  const durationMs = parseDuration(durationText) ?? 0;
  if (total <= 0) {
    yield* print(
      sys,
      2,
      klogLine(
        sys,
        "logs_generator.go:75",
        "Invalid total number of lines: " + String(total),
      ).replace(/^I/, "F"),
    );
    return 255;
  }
  const delayMs = durationMs / total;
  const below = (bound: number): number => Math.floor(sys.random() * bound);
  for (let id = 0; id < total; id += 1) {
    const name = Array.from({ length: 4 }, () => String.fromCharCode(97 + below(26))).join("");
    const method = METHODS[below(METHODS.length)] ?? "GET";
    const namespace = NAMESPACES[below(NAMESPACES.length)] ?? "default";
    const text = `${String(id)} ${method} /api/v1/namespaces/${namespace}/pods/${name} ${String(200 + below(400))}`;
    yield* print(sys, 2, klogLine(sys, "logs_generator.go:76", text));
    yield* sys.sleep(delayMs);
  }
  return 0;
};
