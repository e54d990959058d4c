// Runs every case in the real shells of this machine (apt-get install -y busybox dash bash) and writes what they printed to
// recorded/. Usage: node test/shell/record.mjs [area…]. Needs root and writes to /applets, /gnu and /tmp/case.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  openSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";

const HERE = new URL(".", import.meta.url).pathname;
const APPLETS = "/applets";
const DIRECTORY = "/tmp/case";
const SHELLS = {
  ash: [`${APPLETS}/sh`, "sh"],
  dash: ["/bin/dash", "dash"],
  bash: ["/bin/bash", "bash"],
  // GNU's commands, as Debian has them.
  gnu: ["/bin/dash", "dash"],
};
const PATHS = { gnu: "/gnu" };

let inputFd = null;

mkdirSync(APPLETS, { recursive: true });
spawnSync("busybox", ["--install", "-s", APPLETS]);
rmSync("/gnu", { recursive: true, force: true });
mkdirSync("/gnu");
for (const name of readdirSync("/usr/bin")) symlinkSync(`/usr/bin/${name}`, `/gnu/${name}`);

const areas = process.argv.slice(2);
for (const file of readdirSync(join(HERE, "cases")).sort()) {
  const area = file.replace(/\.yaml$/, "");
  if (areas.length > 0 && !areas.includes(area)) continue;
  const { shells, cases } = parse(readFileSync(join(HERE, "cases", file), "utf8"));
  const recorded = {};
  for (const one of cases) {
    recorded[one.name] = {};
    let first = null;
    for (const shell of one.shells ?? shells) {
      const result = run(shell, one);
      // What several shells agree on is written once.
      const same =
        first !== null && JSON.stringify(result) === JSON.stringify(recorded[one.name][first]);
      recorded[one.name][shell] = same ? `as ${first}` : result;
      first ??= shell;
    }
  }
  writeFileSync(join(HERE, "recorded", `${area}.json`), `${JSON.stringify(recorded, null, 2)}\n`);
  console.log(`${area}: ${cases.length} cases`);
}

function run(shell, one) {
  rmSync(DIRECTORY, { recursive: true, force: true });
  mkdirSync(DIRECTORY, { recursive: true });
  for (const [path, content] of Object.entries(one.files ?? {})) write(path, content);
  if (!one.command) write("script.sh", one.script);
  const [path, argv0] = SHELLS[shell];
  const words = one.command
    ? [...(one.options ?? []), "-c", one.script]
    : [...(one.options ?? []), "script.sh"];
  const done = spawnSync(path, [...words, ...(one.arguments ?? [])], {
    argv0,
    cwd: DIRECTORY,
    env: { PATH: PATHS[shell] ?? APPLETS, HOME: "/root", ...one.environment },
    // Not a socket, as node's own pipes are: bash takes those for rshd and reads ~/.bashrc.
    stdio: [input(one.input ?? ""), "pipe", "pipe"],
    timeout: 20_000,
    maxBuffer: 1 << 26,
  });
  if (done.error) throw new Error(`${one.name} in ${shell}: ${done.error.message}`);
  const result = {
    stdout: done.stdout.toString("latin1"),
    stderr: done.stderr.toString("latin1"),
    code: done.status ?? `killed by ${done.signal}`,
  };
  const files = changedFiles(one);
  return Object.keys(files).length === 0 ? result : { ...result, files };
}

function input(text) {
  if (inputFd !== null) closeSync(inputFd);
  writeFileSync("/tmp/case-input", Buffer.from(text, "latin1"));
  inputFd = openSync("/tmp/case-input", "r");
  return inputFd;
}

function write(path, content) {
  const full = path.startsWith("/") ? path : join(DIRECTORY, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, Buffer.from(content, "latin1"), {
    mode: content.startsWith("#!") ? 0o755 : 0o644,
  });
}

function changedFiles(one) {
  const files = {};
  for (const path of walk(DIRECTORY)) {
    const name = relative(DIRECTORY, path);
    const before = name === "script.sh" && !one.command ? one.script : one.files?.[name];
    const content = readFileSync(path).toString("latin1");
    if (content !== before) files[name] = content;
  }
  return files;
}

function walk(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return [];
      if (stat.isDirectory()) return walk(path);
      return stat.isFile() ? [path] : [];
    });
}
