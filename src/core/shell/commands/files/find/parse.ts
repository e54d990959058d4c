import { compileRegex } from "../../../pattern/regex-match.js";
import { wildcard } from "../../../pattern/wildcard.js";
import { SysError, type FileStat } from "../../../syscall.js";
import { parseMode } from "../../../text/mode-text.js";
import type { Command } from "../../command.js";
import { parseDate } from "../../date-text.js";
import { groupId, userId } from "../chmod.js";
import type { Candidate, Settings, Test } from "./expression.js";

/** What GNU's find has and busybox's (findutils/find.c, 1.37) has not. */
const GNU_PRIMARIES: ReadonlySet<string> = new Set([
  "-true",
  "-false",
  "-mount",
  "-iregex",
  "-regextype",
  "-readable",
  "-writable",
  "-uid",
  "-gid",
  "-newermt",
  "-daystart",
  "-noleaf",
  "-warn",
  "-nowarn",
  "-execdir",
]);

const ALWAYS: Test = { kind: "check", check: () => true };

/** Reads find's expression: primaries joined by `-a` (or nothing), `-o`, `!` and brackets. */
export class FindParser {
  #position = 0;
  #execs = 0;
  #regexIsExtended = false;
  readonly settings: Settings = {
    minDepth: 0,
    maxDepth: Infinity,
    depthFirst: false,
    sameDevice: false,
    follows: false,
    hasAction: false,
  };

  constructor(
    private readonly command: Command,
    private readonly words: readonly string[],
  ) {}

  parse(): Test {
    if (this.words.length === 0) return ALWAYS;
    const test = this.#or();
    const extra = this.words[this.#position];
    if (extra !== undefined) throw this.command.failure(`unrecognized: ${extra}`);
    return test;
  }

  #peek(): string | undefined {
    return this.words[this.#position];
  }

  #or(): Test {
    let left = this.#and();
    while (this.#peek() === "-o" || this.#peek() === "-or") {
      this.#position += 1;
      left = { kind: "or", left, right: this.#and() };
    }
    return left;
  }

  #and(): Test {
    let left = this.#not();
    for (;;) {
      const word = this.#peek();
      if (word === undefined || word === ")" || word === "-o" || word === "-or") return left;
      if (word === "-a" || word === "-and") this.#position += 1;
      left = { kind: "and", left, right: this.#not() };
    }
  }

  #not(): Test {
    const word = this.#peek();
    if (word === undefined && this.words.includes("(")) throw this.command.failure("unpaired '('");
    if (word === "!" || word === "-not") {
      this.#position += 1;
      return { kind: "not", test: this.#not() };
    }
    if (word !== "(") return this.#primary();
    this.#position += 1;
    const inner = this.#or();
    if (this.#peek() !== ")") throw this.command.failure("unpaired '('");
    this.#position += 1;
    return inner;
  }

  #argument(primary: string): string {
    const word = this.words[this.#position];
    if (word === undefined) {
      throw this.command.failure(
        this.command.words(`${primary} requires an argument`, `missing argument to \`${primary}'`),
      );
    }
    this.#position += 1;
    return word;
  }

  #primary(): Test {
    const word = this.words[this.#position] ?? "";
    this.#position += 1;
    const action = this.#action(word);
    if (action !== null) {
      this.settings.hasAction ||= action.kind !== "prune" && action.kind !== "quit";
      return action;
    }
    if (!(GNU_PRIMARIES.has(word) && !this.command.isGnu) && this.#setting(word)) return ALWAYS;
    const isKnown = this.command.isGnu || !GNU_PRIMARIES.has(word);
    const check = isKnown
      ? (this.#nameCheck(word) ?? this.#statCheck(word) ?? this.#timeCheck(word))
      : null;
    if (check === null) {
      throw this.command.failure(
        this.command.words(`unrecognized: ${word}`, `unknown predicate \`${word}'`),
      );
    }
    return { kind: "check", check };
  }

  #action(word: string): Test | null {
    switch (word) {
      case "-print":
        return { kind: "print", end: "\n" };
      case "-print0":
        return { kind: "print", end: "\0" };
      case "-prune":
      case "-quit":
        return { kind: word === "-prune" ? "prune" : "quit" };
      case "-delete":
        this.settings.depthFirst = true;
        return { kind: "delete" };
      case "-exec":
      case "-ok":
      case "-execdir":
        return this.#exec(word);
      default:
        return null;
    }
  }

  #exec(word: string): Test {
    const words: string[] = [];
    for (;;) {
      const next = this.#argument(word);
      if (next === ";") break;
      if (next === "+" && words.at(-1) === "{}") {
        this.#execs += 1;
        return { kind: "exec", words, isBatch: true, asks: false, id: this.#execs };
      }
      words.push(next);
    }
    if (words.length === 0) throw this.command.failure(`${word} requires an argument`);
    this.#execs += 1;
    return { kind: "exec", words, isBatch: false, asks: word === "-ok", id: this.#execs };
  }

  #setting(word: string): boolean {
    switch (word) {
      case "-maxdepth":
        this.settings.maxDepth = this.#number(word);
        return true;
      case "-mindepth":
        this.settings.minDepth = this.#number(word);
        return true;
      case "-depth":
        this.settings.depthFirst = true;
        return true;
      case "-xdev":
      case "-mount":
        this.settings.sameDevice = true;
        return true;
      case "-follow":
        this.settings.follows = true;
        return true;
      case "-noleaf":
      case "-daystart":
      case "-warn":
      case "-nowarn":
        return true;
      case "-regextype":
        this.#regexIsExtended = /extended|egrep|awk/.test(this.#argument(word));
        return true;
      default:
        return false;
    }
  }

  #number(word: string): number {
    const text = this.#argument(word);
    if (!/^\d+$/.test(text)) throw this.command.failure(`invalid number '${text}'`);
    return Number(text);
  }

  #nameCheck(word: string): ((candidate: Candidate) => boolean) | null {
    switch (word) {
      case "-true":
        return () => true;
      case "-false":
        return () => false;
      case "-name":
      case "-iname": {
        const matches = matcher(this.#argument(word), word === "-iname");
        return ({ name }) => matches(name);
      }
      case "-path":
      case "-wholename":
      case "-ipath": {
        const matches = matcher(this.#argument(word), word === "-ipath");
        return ({ path }) => matches(path);
      }
      case "-regex":
      case "-iregex": {
        const isExtended = this.#regexIsExtended;
        const text = this.#argument(word);
        const regex = compileRegex(isExtended ? `^(${text})$` : `^\\(${text}\\)$`, {
          isExtended,
          ignoresCase: word === "-iregex",
        });
        return ({ path }) => regex.test(path);
      }
      default:
        return null;
    }
  }

  #statCheck(word: string): ((candidate: Candidate) => boolean) | null {
    switch (word) {
      case "-type": {
        const text = this.#argument(word);
        const types = (this.command.isGnu ? text.split(",") : [text]).map(
          (letter) => TYPES[letter],
        );
        if (types.includes(undefined)) {
          throw this.command.failure(
            this.command.words(
              `invalid argument '${text}' to '-type'`,
              `Unknown argument to -type: ${text}`,
            ),
          );
        }
        return ({ stat }) => types.includes(stat.type);
      }
      case "-size":
        return this.#size();
      case "-empty":
        return (candidate) => this.#isEmpty(candidate);
      case "-perm":
        return this.#permission();
      case "-user": {
        const uid = userId(this.command, this.#argument(word));
        return ({ stat }) => stat.uid === uid;
      }
      case "-group": {
        const gid = groupId(this.command, this.#argument(word));
        return ({ stat }) => stat.gid === gid;
      }
      case "-inum": {
        const inode = this.#number(word);
        return ({ stat }) => stat.inode === inode;
      }
      case "-links": {
        const compare = this.#comparison(this.#argument(word));
        return ({ stat }) => compare(stat.links);
      }
      case "-samefile": {
        const other = this.#lookAt(this.#argument(word));
        return ({ stat }) => stat.inode === other.inode && stat.device === other.device;
      }
      case "-executable":
        return ({ path }) => this.command.sys.access(path, { execute: true });
      case "-readable":
        return ({ path }) => this.command.sys.access(path, { read: true });
      case "-writable":
        return ({ path }) => this.command.sys.access(path, { write: true });
      case "-uid":
      case "-gid": {
        const key = word === "-uid" ? "uid" : "gid";
        const compare = this.#comparison(this.#argument(word));
        return ({ stat }) => compare(stat[key]);
      }
      default:
        return null;
    }
  }

  #isEmpty({ path, stat }: Candidate): boolean {
    if (stat.type === "file") return stat.sizeBytes === 0;
    if (stat.type !== "directory") return false;
    return this.command.sys.readDirectory(path).every(({ name }) => name === "." || name === "..");
  }

  #lookAt(path: string): FileStat {
    try {
      return this.command.sys.stat(path);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      const what = this.command.isGnu ? `'${path}'` : `can't stat '${path}'`;
      throw this.command.failure(`${what}: No such file or directory`);
    }
  }

  /** `+3`, `-3`, `3` */
  #comparison(text: string): (value: number) => boolean {
    const match = /^([-+]?)(\d+)$/.exec(text);
    if (match === null) throw this.command.failure(`invalid number '${text}'`);
    const limit = Number(match[2]);
    if (match[1] === "+") return (value) => value > limit;
    if (match[1] === "-") return (value) => value < limit;
    return (value) => value === limit;
  }

  #size(): (candidate: Candidate) => boolean {
    const text = this.#argument("-size");
    const unit = SIZE_UNITS[/[a-zA-Z]$/.exec(text)?.[0] ?? "b"];
    if (unit === undefined) throw this.command.failure(`invalid number '${text}'`);
    // findutils/find.c compares bytes, so that a file of 3 bytes is not of one block.
    const sign = /^[-+]/.exec(text)?.[0] ?? "";
    const bytes = Number(text.replace(/^[-+]/, "").replace(/[a-zA-Z]$/, "")) * unit;
    if (Number.isNaN(bytes)) throw this.command.failure(`invalid number '${text}'`);
    return ({ stat: { sizeBytes } }) =>
      sign === "+" ? sizeBytes > bytes : sign === "-" ? sizeBytes < bytes : sizeBytes === bytes;
  }

  /** `-perm 644`: exactly; `-644`: all of them; `/644`: any. */
  #permission(): (candidate: Candidate) => boolean {
    const text = this.#argument("-perm");
    const how = /^[-/+]/.exec(text)?.[0] ?? "";
    const mode = parseMode(text.slice(how.length), 0, false, 0);
    if (mode === null) throw this.command.failure(`invalid mode '${text}'`);
    if (how === "-") return ({ stat }) => (stat.mode & mode) === mode;
    if (how !== "") return ({ stat }) => (stat.mode & mode) !== 0;
    return ({ stat }) => (stat.mode & 0o7777) === mode;
  }

  #timeCheck(word: string): ((candidate: Candidate) => boolean) | null {
    const known = /^-([mac])(time|min)$/.exec(word);
    if (known !== null) {
      const compare = this.#comparison(this.#argument(word));
      const unitMs = known[2] === "time" ? 86_400_000 : 60_000;
      const nowMs = this.command.sys.nowMs();
      const key = TIME_KEYS[known[1] ?? "m"] ?? "mtimeMs";
      return ({ stat }) => compare(Math.floor((nowMs - stat[key]) / unitMs));
    }
    if (word === "-newermt") {
      const text = this.#argument(word);
      const timeMs = parseDate(text, this.command.sys.nowMs(), this.command.userland);
      if (timeMs === null) {
        throw this.command.failure(
          `I cannot figure out how to interpret '${text}' as a date or time`,
        );
      }
      return ({ stat }) => stat.mtimeMs > timeMs;
    }
    if (word !== "-newer") return null;
    const other = this.#lookAt(this.#argument(word));
    return ({ stat }) => stat.mtimeMs > other.mtimeMs;
  }
}

function matcher(pattern: string, ignoresCase: boolean): (text: string) => boolean {
  if (!ignoresCase) return (text) => wildcard(pattern).matches(text);
  return (text) => wildcard(pattern.toLowerCase()).matches(text.toLowerCase());
}

const TIME_KEYS: Readonly<Record<string, "mtimeMs" | "atimeMs" | "ctimeMs">> = {
  m: "mtimeMs",
  a: "atimeMs",
  c: "ctimeMs",
};

const TYPES: Readonly<Record<string, string>> = {
  f: "file",
  d: "directory",
  l: "symlink",
  p: "fifo",
  s: "socket",
  c: "character",
  b: "block",
};

const SIZE_UNITS: Readonly<Record<string, number>> = {
  b: 512,
  c: 1,
  w: 2,
  k: 1024,
  M: 1_048_576,
  G: 1_073_741_824,
};
