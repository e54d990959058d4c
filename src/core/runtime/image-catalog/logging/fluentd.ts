import type { Blocking, Sys } from "../../../shell/index.js";
import type { ImageProgram } from "../../kernel/image-sys.js";
import { timestamp } from "../databases/database-server.js";
import { noteSignals, print, readTextFile } from "../program-io.js";
import { FileTailer } from "./tail-files.js";

const DEFAULT_FILE = "/fluentd/etc/fluent.conf";

/** fluentd -c file: `<source> @type tail` to `<match> @type stdout`. */
export const fluentdProgram: ImageProgram = function* (sys, argv, env) {
  const version = env.get("FLUENTD_VERSION") ?? "1.18.0";
  if (argv[1] === "--version") {
    yield* print(sys, 1, `fluentd ${version}\n`);
    return 0;
  }
  const words = [...argv.slice(1), ...(env.get("FLUENTD_ARGS") ?? "").split(/\s+/)];
  const at = words.indexOf("-c");
  const conf = env.get("FLUENTD_CONF");
  const file =
    at >= 0 ? (words[at + 1] ?? "") : conf === undefined ? DEFAULT_FILE : `/fluentd/etc/${conf}`;
  const say = (text: string): Blocking<void> =>
    print(sys, 1, `${timestamp(sys.nowMs())} +0000 [info]: ${text}\n`);
  const text = yield* readTextFile(sys, file);
  if (text === null) {
    yield* print(
      sys,
      2,
      `${timestamp(sys.nowMs())} +0000 [error]: config error file="${file}" error_class=Errno::ENOENT error="No such file or directory @ rb_sysopen - ${file}"\n`,
    );
    return 1;
  }
  yield* say(`init supervisor logger path=nil rotate_age=nil rotate_size=nil`);
  yield* say(`parsing config file is succeeded path="${file}"`);
  yield* say(`starting fluentd-${version} pid=${String(sys.pid)} ruby="3.2.6"`);
  const blocks = parseBlocks(text);
  const hasStdout = blocks.some(
    ({ kind, values }) => kind === "match" && values.get("@type") === "stdout",
  );
  const tails = blocks
    .filter(
      ({ kind, values }) =>
        kind === "source" && (values.get("@type") ?? values.get("type")) === "tail",
    )
    .map(({ values }) => ({
      tag: values.get("tag") ?? "tail",
      tailer: new FileTailer(
        sys,
        (values.get("path") ?? "").split(",").map((path) => path.trim()),
        values.get("read_from_head") === "true",
      ),
    }));
  for (const { values } of blocks) yield* say(`adding ${values.get("@type") ?? "plugin"}`);
  yield* say("#0 starting fluentd worker pid=17 ppid=7 worker=0");
  yield* say("#0 fluentd worker is now running worker=0");
  const stop = noteSignals(sys, ["TERM", "INT"]);
  while (stop.name === null) {
    if (tails.length === 0) {
      yield* sys.pause();
      continue;
    }
    for (const { tag, tailer } of tails)
      for (const { line } of yield* tailer.poll())
        if (hasStdout) yield* printRecord(sys, tag, line);
    yield* sys.sleep(1000);
  }
  yield* say("Received graceful stop");
  yield* say("Worker 0 finished with status 0");
  return 0;
};

function* printRecord(sys: Sys, tag: string, line: string): Blocking<void> {
  const time = `${timestamp(sys.nowMs())}.${String(sys.nowMs() % 1000).padStart(3, "0")}000000 +0000`;
  yield* print(sys, 1, `${time} ${tag}: ${JSON.stringify({ message: line })}\n`);
}

interface Block {
  readonly kind: string;
  readonly values: ReadonlyMap<string, string>;
}

const parseBlocks = (text: string): readonly Block[] => {
  const blocks: { kind: string; values: Map<string, string> }[] = [];
  let depth = 0;
  for (const line of text.split("\n")) {
    const trimmed = line.replace(/#.*/, "").trim();
    if (trimmed.startsWith("</")) depth -= 1;
    else if (trimmed.startsWith("<")) {
      const kind = /^<(\w+)/.exec(trimmed)?.[1] ?? "";
      if (depth === 0) blocks.push({ kind, values: new Map() });
      depth += 1;
    } else if (depth === 1) {
      const [name = "", ...rest] = trimmed.split(/\s+/);
      if (name !== "") blocks.at(-1)?.values.set(name, rest.join(" "));
    }
  }
  return blocks;
};
