import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runCommand, type RunResult } from "./support/machine.js";

/** What a real shell did with a case: see record.mjs. */
interface Recorded {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  readonly files?: Readonly<Record<string, string>>;
}

interface Case {
  readonly name: string;
  readonly script: string;
  readonly shells?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly arguments?: readonly string[];
  readonly options?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Given with `-c` instead of as a file. */
  readonly command?: boolean;
}

const HERE = new URL(".", import.meta.url).pathname;
const DIRECTORY = "/tmp/case";
const NAMES: Readonly<Record<string, string>> = {
  ash: "sh",
  dash: "dash",
  bash: "bash",
  gnu: "dash",
};
/** Where a shell finds its commands: busybox's, or GNU's. */
const PATHS: Readonly<Record<string, string>> = { gnu: "/gnu" };

const read = (path: string): unknown => parse(readFileSync(`${HERE}${path}`, "utf8"));
const differences = read("differences.yaml") as Readonly<Record<string, string>>;

function run(shell: string, one: Case): RunResult {
  const words = one.command === true ? ["-c", one.script] : ["script.sh"];
  const files: Record<string, string> = {};
  for (const [path, content] of Object.entries(one.files ?? {})) {
    files[path.startsWith("/") ? path : `${DIRECTORY}/${path}`] = content;
  }
  if (one.command !== true) files[`${DIRECTORY}/script.sh`] = one.script;
  return runCommand({
    argv: [NAMES[shell] ?? shell, ...(one.options ?? []), ...words, ...(one.arguments ?? [])],
    files,
    cwd: DIRECTORY,
    ...(one.input === undefined ? {} : { input: one.input }),
    environment: { PATH: PATHS[shell] ?? "/applets", HOME: "/root", ...one.environment },
  });
}

for (const file of readdirSync(`${HERE}cases`).sort()) {
  const area = file.replace(/\.yaml$/, "");
  const { shells, cases } = read(`cases/${file}`) as { shells: string[]; cases: Case[] };
  const recorded = read(`recorded/${area}.json`) as Record<
    string,
    Record<string, Recorded | string>
  >;
  describe(area, () => {
    for (const one of cases) {
      for (const shell of one.shells ?? shells) {
        const reason = differences[`${area}/${one.name}/${shell}`];
        const title = reason === undefined ? "" : ` (differs: ${reason})`;
        it(`${one.name} in ${shell}${title}`, () => {
          const entry = recorded[one.name]?.[shell];
          const found = typeof entry === "string" ? recorded[one.name]?.[entry.slice(3)] : entry;
          if (found === undefined || typeof found === "string") {
            throw new Error(`${one.name} was not recorded: run test/shell/record.mjs ${area}`);
          }
          const result = run(shell, one);
          const files: Record<string, string | null> = {};
          for (const path of Object.keys(found.files ?? {})) {
            files[path] = result.readFile(`${DIRECTORY}/${path}`);
          }
          const shown = {
            stdout: result.stdout,
            stderr: result.stderr,
            code: result.code,
            ...(found.files === undefined ? {} : { files }),
          };
          if (reason === undefined) expect(shown).toEqual(found);
          else expect(shown).not.toEqual(found);
        });
      }
    }
  });
}
