import type { Call } from "../engine/index.js";

/** What a stand-in program may do. */
export interface StandInContext {
  readonly env: ReadonlyMap<string, string>;
  print(stream: "stdout" | "stderr", text: string): void;
  readFile(path: string): string | null;
  writeFile(path: string, text: string): void;
  remove(path: string): void;
  serve(port: number): void;
}

const COMMANDS = new Set([
  "sleep",
  "echo",
  "exit",
  "true",
  "false",
  "cat",
  "touch",
  "rm",
  "sh",
  "nginx",
  "ls",
  "test",
]);

/** Whether an executable of that name is in every image. */
export const isKnownCommand = (name: string): boolean =>
  COMMANDS.has(baseName(name)) ||
  ["pause", "docker-entrypoint.sh", "run-until-stopped"].includes(baseName(name));

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Runs a command until core/shell's own programs are in. */
export function* runStandIn(context: StandInContext, argv: readonly string[]): Call<number> {
  const [command = "", ...args] = argv;
  switch (baseName(command)) {
    case "sh":
      return yield* runScript(context, args[0] === "-c" ? (args[1] ?? "") : "");
    case "nginx":
    case "docker-entrypoint.sh":
      context.serve(80);
      return yield* forever();
    case "pause":
    case "run-until-stopped":
      return yield* forever();
    default:
      return yield* runCommand(context, baseName(command), args);
  }
}

function* forever(): Call<number> {
  for (;;) yield 86_400_000_000;
}

function* runScript(context: StandInContext, script: string): Call<number> {
  const loop = /^\s*while (?:true|:); *do (.*); *done\s*$/s.exec(script);
  if (loop !== null) for (;;) yield* runScript(context, loop[1] ?? "");
  let code = 0;
  for (const statement of script.split(/;|\n/)) {
    const parts = statement.split(/(&&|\|\|)/);
    for (let i = 0; i < parts.length; i += 2) {
      const operator = parts[i - 1];
      if ((operator === "&&" && code !== 0) || (operator === "||" && code === 0)) continue;
      const words = splitWords(context, parts[i] ?? "");
      if (words.length === 0) continue;
      if (words[0] === "exit") return Number(words[1] ?? code);
      code = yield* runCommand(context, words[0] ?? "", words.slice(1));
    }
  }
  return code;
}

function* runCommand(context: StandInContext, name: string, args: readonly string[]): Call<number> {
  const toFile = args.indexOf(">");
  const target = toFile < 0 ? null : (args[toFile + 1] ?? null);
  const plain = toFile < 0 ? args : args.slice(0, toFile);
  switch (name) {
    case "true":
    case ":":
      return 0;
    case "false":
      return 1;
    case "sleep":
      yield seconds(plain[0] ?? "0") * 1000;
      return 0;
    case "echo":
      if (target === null) context.print("stdout", plain.join(" ") + "\n");
      else context.writeFile(target, plain.join(" ") + "\n");
      return 0;
    case "touch":
      for (const path of plain) context.writeFile(path, context.readFile(path) ?? "");
      return 0;
    case "rm":
      for (const path of plain) if (!path.startsWith("-")) context.remove(path);
      return 0;
    case "cat":
    case "ls":
      return printFiles(context, name, plain);
    default:
      context.print("stderr", `sh: ${name}: not found\n`);
      return 127;
  }
}

const printFiles = (context: StandInContext, name: string, paths: readonly string[]): number => {
  let code = 0;
  for (const path of paths) {
    const text = context.readFile(path);
    if (text !== null) context.print("stdout", name === "cat" ? text : `${path}\n`);
    else {
      context.print("stderr", `${name}: can't open '${path}': No such file or directory\n`);
      code = 1;
    }
  }
  return code;
};

const seconds = (text: string): number => {
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[text.slice(-1)];
  return unit === undefined ? Number(text) : Number(text.slice(0, -1)) * unit;
};

const splitWords = (context: StandInContext, text: string): string[] =>
  (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) =>
    word.startsWith("'")
      ? word.slice(1, -1)
      : word
          .replace(/^"|"$/g, "")
          .replace(/\$\{?(\w+)\}?/g, (_, name: string) => context.env.get(name) ?? ""),
  );
