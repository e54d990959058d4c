import type { Blocking, Sys } from "../../../shell/index.js";
import type { ImageProgram } from "../../kernel/image-sys.js";
import { timestamp } from "../databases/database-server.js";
import { noteSignals, print, readTextFile } from "../program-io.js";
import { FileTailer } from "./tail-files.js";

interface Section {
  readonly kind: string;
  readonly values: ReadonlyMap<string, string>;
}

const BANNER = (version: string): string =>
  `Fluent Bit v${version}\n* Copyright (C) 2015-2025 The Fluent Bit Authors\n* Fluent Bit is a CNCF sub-project under the umbrella of Fluentd\n* https://fluentbit.io\n\n`;

/** fluent-bit -c file, or -i input -p name=value -o output: tails files and prints what it reads. */
export const fluentBit: ImageProgram = function* (sys, argv, env) {
  yield* print(sys, 2, BANNER(env.get("FLUENT_BIT_VERSION") ?? "4.0.8"));
  const sections = yield* readSections(sys, argv);
  const log = function* (message: string) {
    const time = timestamp(sys.nowMs()).replaceAll("-", "/");
    yield* print(sys, 2, `[${time}] [ info] ${message}\n`);
  };
  yield* log(
    `[fluent bit] version=${env.get("FLUENT_BIT_VERSION") ?? "4.0.8"}, commit=, pid=${String(sys.pid)}`,
  );
  yield* log("[sp] stream processor started");
  const inputs = sections.filter(
    ({ kind, values }) => kind === "INPUT" && values.get("name") === "tail",
  );
  const hasOutput = sections.some(
    ({ kind, values }) => kind === "OUTPUT" && values.get("name") === "stdout",
  );
  const tails = inputs.map(({ values }, index) => ({
    tag: values.get("tag") ?? `tail.${String(index)}`,
    tailer: new FileTailer(
      sys,
      (values.get("path") ?? "").split(",").map((path) => path.trim()),
      /^(true|on)$/i.test(values.get("read_from_head") ?? ""),
    ),
  }));
  const dummies = sections
    .filter(({ kind, values }) => kind === "INPUT" && values.get("name") === "dummy")
    .map(({ values }, index) => ({
      tag: values.get("tag") ?? `dummy.${String(index)}`,
      record: recordText(values.get("dummy") ?? '{"message":"dummy"}'),
    }));
  const stop = noteSignals(sys, ["TERM", "INT"]);
  while (stop.name === null) {
    if (tails.length + dummies.length === 0) yield* sys.pause();
    for (const { tag, record } of hasOutput ? dummies : [])
      yield* print(sys, 1, `[0] ${tag}: [[${recordTime(sys)}, {}], ${record}]\n`);
    for (const { tag, tailer } of tails) {
      let count = 0;
      for (const { line } of yield* tailer.poll()) {
        if (!hasOutput) continue;
        yield* print(
          sys,
          1,
          `[${String(count)}] ${tag}: [[${recordTime(sys)}, {}], {"log"=>${JSON.stringify(line)}}]\n`,
        );
        count += 1;
      }
    }
    if (tails.length + dummies.length > 0) yield* sys.sleep(1000);
  }
  yield* print(sys, 2, `[engine] caught signal (SIG${stop.name})\n`);
  yield* log("[engine] service has stopped (0 pending tasks)");
  return 0;
};

/** Seconds with nine digits behind the point. */
const recordTime = (sys: Sys): string =>
  `${String(Math.floor(sys.nowMs() / 1000))}.${String(sys.nowMs() % 1000).padStart(3, "0")}000000`;

/** A JSON object as the stdout output prints it: out_stdout's msgpack text. */
const recordText = (json: string): string =>
  json.replaceAll(/":\s*/g, '"=>').replaceAll(/,\s*"/g, ', "');

function* readSections(sys: Sys, argv: readonly string[]): Blocking<readonly Section[]> {
  if (argv.includes("-i")) return fromArguments(argv);
  const at = argv.indexOf("-c");
  const file = at < 0 ? "/fluent-bit/etc/fluent-bit.conf" : (argv[at + 1] ?? "");
  return parseSections((yield* readTextFile(sys, file)) ?? "");
}

const parseSections = (text: string): readonly Section[] => {
  const sections: { kind: string; values: Map<string, string> }[] = [];
  for (const line of text.split("\n")) {
    const head = /^\s*\[(\w+)\]/.exec(line);
    if (head !== null) sections.push({ kind: (head[1] ?? "").toUpperCase(), values: new Map() });
    const [, name, value = ""] = /^\s+(\w+)\s+(.*?)\s*$/.exec(line.replace(/^\s*#.*/, "")) ?? [];
    if (name !== undefined) sections.at(-1)?.values.set(name.toLowerCase(), value);
  }
  return sections;
};

const fromArguments = (argv: readonly string[]): readonly Section[] => {
  const sections: { kind: string; values: Map<string, string> }[] = [];
  for (let i = 1; i < argv.length; i += 1) {
    const value = argv[i + 1] ?? "";
    if (argv[i] === "-i") sections.push({ kind: "INPUT", values: new Map([["name", value]]) });
    if (argv[i] === "-o") sections.push({ kind: "OUTPUT", values: new Map([["name", value]]) });
    if (argv[i] === "-t") sections.at(-1)?.values.set("tag", value);
    if (argv[i] !== "-p") continue;
    const equals = value.indexOf("=");
    sections.at(-1)?.values.set(value.slice(0, equals).toLowerCase(), value.slice(equals + 1));
  }
  return sections;
};
