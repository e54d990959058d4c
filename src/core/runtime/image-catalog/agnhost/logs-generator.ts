import type { Blocking } from "../../../shell/index.js";
import type { ImageSys } from "../../kernel/image-sys.js";
import { klogLine, parseDuration, parseFlags } from "../go-server.js";
import { print } from "../program-io.js";
import type { Subcommand } from "./agnhost.js";

const METHODS = ["GET", "POST", "PUT"] as const;
const NAMESPACES = ["kube-system", "default", "ns"] as const;

/** test/images/agnhost/logs-generator/logs_generator.go */
export const logsGenerator: Subcommand = function* (sys, args) {
  const { flags } = parseFlags(args);
  const total = Number(flags.get("log-lines-total") ?? flags.get("t") ?? 0);
  const durationMs = parseDuration(flags.get("run-duration") ?? flags.get("d") ?? "") ?? 0;
  if (total <= 0) return yield* fatal(sys, 64, `Invalid total number of lines: ${String(total)}`);
  if (durationMs <= 0) return yield* fatal(sys, 68, "Invalid duration: 0s");
  const delayMs = durationMs / total;
  const below = (bound: number): number => Math.floor(sys.random() * bound);
  for (let id = 0; id < total; id += 1) {
    const name = Array.from({ length: 3 + below(2) }, () =>
      LETTERS.charAt(below(LETTERS.length)),
    ).join("");
    const method = METHODS[below(METHODS.length)] ?? "GET";
    const namespace = NAMESPACES[below(NAMESPACES.length)] ?? "default";
    const text = `${String(id)} ${method} /api/v1/namespaces/${namespace}/pods/${name} ${String(200 + below(400))}`;
    yield* print(sys, 2, klogLine(sys, "logs_generator.go:76", text));
    yield* sys.sleep(delayMs);
  }
  return 0;
};

/** rand.String's: no vowels, and nothing that looks like another letter. */
const LETTERS = "bcdfghjklmnpqrstvwxz2456789";

function* fatal(sys: ImageSys, line: number, text: string): Blocking<number> {
  const place = `logs_generator.go:${String(line)}`;
  yield* print(sys, 2, klogLine(sys, place, text).replace(/^I/, "F"));
  return 255;
}
