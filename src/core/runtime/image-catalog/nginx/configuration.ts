import type { Blocking, Sys } from "../../../shell/index.js";
import { readTextFile } from "../program-io.js";

/** One directive of an nginx configuration, with the file and line it is on. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  /** What is in its braces; null for a simple one. */
  readonly block: readonly Directive[] | null;
  readonly file: string;
  readonly line: number;
}

/** What nginx prints as `[emerg]` before it exits. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** Includes may include; past this depth it is a loop. */
const INCLUDE_DEPTH = 16;

/** Reads a configuration file with all that it includes. Throws ConfigurationError. */
export function* readConfiguration(
  sys: Sys,
  path: string,
  depth = 0,
): Blocking<readonly Directive[]> {
  const text = yield* readTextFile(sys, path);
  if (text === null)
    throw new ConfigurationError(`open() "${path}" failed (2: No such file or directory)`);
  if (depth > INCLUDE_DEPTH) throw new ConfigurationError(`too many includes in ${path}`);
  return yield* resolveIncludes(sys, parseConfiguration(text, path), depth);
}

/** Text to directives. Throws ConfigurationError. */
export const parseConfiguration = (text: string, file: string): readonly Directive[] => {
  const tokens = tokenize(text);
  return parseBlock(tokens, { at: 0 }, file, false);
};

function* resolveIncludes(
  sys: Sys,
  directives: readonly Directive[],
  depth: number,
): Blocking<readonly Directive[]> {
  const resolved: Directive[] = [];
  for (const directive of directives) {
    if (directive.name === "include") {
      const pattern = directive.args[0] ?? "";
      const path = pattern.startsWith("/") ? pattern : `/etc/nginx/${pattern}`;
      for (const file of expandPattern(sys, path))
        resolved.push(...(yield* readConfiguration(sys, file, depth + 1)));
      continue;
    }
    const block =
      directive.block === null ? null : yield* resolveIncludes(sys, directive.block, depth);
    resolved.push({ ...directive, block });
  }
  return resolved;
}

/** `*` in the last part of the path. A path without one must be there. */
const expandPattern = (sys: Sys, path: string): readonly string[] => {
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  if (!name.includes("*")) return [path];
  const directory = path.slice(0, slash);
  if (!sys.access(directory, { read: true })) return [];
  const [head = "", tail = ""] = name.split("*");
  return sys
    .readDirectory(directory)
    .map((entry) => entry.name)
    .filter((other) => !other.startsWith(".") && other.startsWith(head) && other.endsWith(tail))
    .sort()
    .map((other) => `${directory}/${other}`);
};

interface Token {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly line: number;
}

const tokenize = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  const pattern =
    /\n|#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|[{};]|(?:\$\{\w*\}|\\.|[^\s{};\\])+/g;
  let line = 1;
  for (const match of text.matchAll(pattern)) {
    const [whole, double, single] = match;
    if (whole === "\n") line += 1;
    if (whole === "\n" || whole.startsWith("#")) continue;
    const quoted = double ?? single;
    const content = quoted === undefined ? whole : quoted.replace(/\\(["'\\])/g, "$1");
    tokens.push({ text: content, isQuoted: quoted !== undefined, line });
    line += whole.split("\n").length - 1;
  }
  return tokens;
};

const parseBlock = (
  tokens: readonly Token[],
  position: { at: number },
  file: string,
  isNested: boolean,
): Directive[] => {
  const directives: Directive[] = [];
  let words: Token[] = [];
  for (;;) {
    const token = tokens[position.at++];
    if (token === undefined) return endOfFile(tokens, words, directives, file, isNested);
    const mark = token.isQuoted ? "" : token.text;
    if (mark !== ";" && mark !== "{" && mark !== "}") {
      words.push(token);
      continue;
    }
    if (mark === "}") {
      if (words.length > 0 || !isNested)
        throw new ConfigurationError(`unexpected "}" in ${file}:${String(token.line)}`);
      return directives;
    }
    const [first, ...rest] = words;
    if (first === undefined)
      throw new ConfigurationError(`unexpected "${mark}" in ${file}:${String(token.line)}`);
    const block = mark === "{" ? parseBlock(tokens, position, file, true) : null;
    const args = rest.map((word) => word.text);
    directives.push({ name: first.text, args, block, file, line: first.line });
    words = [];
  }
};

const endOfFile = (
  tokens: readonly Token[],
  words: readonly Token[],
  directives: Directive[],
  file: string,
  isNested: boolean,
): Directive[] => {
  const where = `in ${file}:${String(tokens.at(-1)?.line ?? 1)}`;
  if (words.length > 0)
    throw new ConfigurationError(`unexpected end of file, expecting ";" or "}" ${where}`);
  if (isNested) throw new ConfigurationError(`unexpected end of file, expecting "}" ${where}`);
  return directives;
};
