import type { Blocking, Program, Sys } from "../shell/index.js";

/** A first userland on the real kernel, until core/shell's own programs are in. */
export const standInProgram: Program = function* (sys, argv, env) {
  const [command = "", ...args] = argv;
  const name = command.slice(command.lastIndexOf("/") + 1);
  if (name !== "sh") return yield* runCommand(sys, name, args);
  return yield* runScript(sys, args[0] === "-c" ? (args[1] ?? "") : "", env);
};

/** pause, and images without a command: until TERM or INT. */
export const waitForSignal: Program = function* (sys) {
  let isOver = false;
  const stop = (): void => {
    isOver = true;
  };
  sys.onSignal("TERM", stop);
  sys.onSignal("INT", stop);
  while (!isOver) yield* sys.pause();
  return 0;
};

const COMMANDS = new Set(["sleep", "echo", "true", "false", ":", "cat", "touch", "rm"]);

function* runScript(sys: Sys, script: string, env: ReadonlyMap<string, string>): Blocking<number> {
  const loop = /^\s*while (?:true|:); *do (.*); *done\s*$/s.exec(script);
  if (loop !== null) {
    for (;;) {
      yield* sys.charge(1);
      yield* runScript(sys, loop[1] ?? "", env);
    }
  }
  let code = 0;
  for (const statement of script.split(/;|\n/)) {
    const parts = statement.split(/(&&|\|\|)/);
    for (let i = 0; i < parts.length; i += 2) {
      const operator = parts[i - 1];
      if ((operator === "&&" && code !== 0) || (operator === "||" && code === 0)) continue;
      const words = splitWords(parts[i] ?? "", env);
      const [name = "", ...args] = words;
      if (name === "") continue;
      if (name === "exit") return Number(args[0] ?? code);
      code = yield* runWord(sys, name, args, env);
    }
  }
  return code;
}

function* runWord(
  sys: Sys,
  name: string,
  args: readonly string[],
  env: ReadonlyMap<string, string>,
): Blocking<number> {
  if (name === "sleep") {
    const pid = sys.spawn("/bin/sleep", ["sleep", ...args], env);
    const ended = yield* sys.wait(pid);
    return ended !== null && "code" in ended.status ? ended.status.code : 1;
  }
  if (COMMANDS.has(name)) return yield* runCommand(sys, name, args);
  yield* print(sys, 2, `sh: ${name}: not found\n`);
  return 127;
}

function* runCommand(sys: Sys, name: string, args: readonly string[]): Blocking<number> {
  const toFile = args.indexOf(">");
  const plain = toFile < 0 ? args : args.slice(0, toFile);
  switch (name) {
    case "true":
    case ":":
      return 0;
    case "false":
      return 1;
    case "sleep":
      yield* sys.sleep(seconds(plain[0] ?? "0") * 1000);
      return 0;
    case "echo": {
      const target = toFile < 0 ? undefined : args[toFile + 1];
      const flags = { write: true, create: true, truncate: true };
      const fd = target === undefined ? 1 : sys.open(target, flags);
      yield* print(sys, fd, `${plain.join(" ")}\n`);
      if (fd !== 1) sys.close(fd);
      return 0;
    }
    case "touch":
      for (const path of plain) sys.close(sys.open(path, { write: true, create: true }));
      return 0;
    case "rm":
      for (const path of plain) if (!path.startsWith("-")) sys.unlink(path);
      return 0;
    case "cat":
      return yield* printFiles(sys, plain);
    default:
      yield* print(sys, 2, `${name}: applet not found\n`);
      return 127;
  }
}

function* printFiles(sys: Sys, paths: readonly string[]): Blocking<number> {
  let code = 0;
  for (const path of paths) {
    if (!sys.access(path, { read: true })) {
      yield* print(sys, 2, `cat: can't open '${path}': No such file or directory\n`);
      code = 1;
      continue;
    }
    const fd = sys.open(path, { read: true });
    for (;;) {
      const bytes = yield* sys.read(fd, 65_536);
      if (bytes.length === 0) break;
      yield* sys.write(1, bytes);
    }
    sys.close(fd);
  }
  return code;
}

function* print(sys: Sys, fd: number, text: string): Blocking<void> {
  const bytes = new TextEncoder().encode(text);
  if (!sys.tryWrite(fd, bytes)) yield* sys.write(fd, bytes);
}

const seconds = (text: string): number => {
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[text.slice(-1)];
  return unit === undefined ? Number(text) : Number(text.slice(0, -1)) * unit;
};

const splitWords = (text: string, env: ReadonlyMap<string, string>): string[] =>
  (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) =>
    word.startsWith("'")
      ? word.slice(1, -1)
      : word
          .replace(/^"|"$/g, "")
          .replace(/\$\{?(\w+)\}?/g, (_, name: string) => env.get(name) ?? ""),
  );
