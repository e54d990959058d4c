import type { Shell } from "./shell.js";
import type { DynamicVariables } from "./variables.js";

/** Names whose value is made when they are read, by dialect. */
const NAMES: Readonly<Record<string, ReadonlySet<string>>> = {
  // shell/ash.c varinit[] and BASH_EPOCH_VARS, 1.37
  ash: new Set(["LINENO", "RANDOM", "EPOCHSECONDS", "EPOCHREALTIME"]),
  // Debian builds dash without LINENO.
  dash: new Set<string>(),
  bash: new Set([
    "LINENO",
    "RANDOM",
    "SRANDOM",
    "SECONDS",
    "EPOCHSECONDS",
    "EPOCHREALTIME",
    "BASHPID",
    "BASH_SUBSHELL",
    "FUNCNAME",
    "PIPESTATUS",
    "UID",
    "EUID",
    "GROUPS",
    "HOSTNAME",
    "SHELLOPTS",
    "BASHOPTS",
    "DIRSTACK",
    "_",
  ]),
};

const RANDOM_RANGE = 32_768;

/** `$RANDOM`, `$SECONDS` and their like. All chance and time come from the kernel, so they are seeded and virtual. */
export class SpecialVariables implements DynamicVariables {
  #forgotten: Set<string> | null = null;
  #secondsBaseMs: number;
  #subshellDepth: number;

  constructor(
    private readonly shell: Shell,
    parent: SpecialVariables | null,
  ) {
    this.#secondsBaseMs = parent?.secondsBaseMs ?? shell.sys.nowMs();
    this.#subshellDepth = parent === null ? 0 : parent.#subshellDepth + 1;
    if (parent?.forgotten != null) this.#forgotten = new Set(parent.forgotten);
  }

  get secondsBaseMs(): number {
    return this.#secondsBaseMs;
  }

  get forgotten(): ReadonlySet<string> | null {
    return this.#forgotten;
  }

  read(name: string): string | undefined {
    if (NAMES[this.shell.dialect]?.has(name) !== true) return undefined;
    if (this.#forgotten?.has(name) === true) return undefined;
    return this.#value(name);
  }

  #value(name: string): string | undefined {
    const { sys } = this.shell;
    switch (name) {
      case "LINENO":
        return String(this.shell.line);
      case "RANDOM":
        return String(Math.floor(sys.random() * RANDOM_RANGE));
      case "SRANDOM":
        return String(Math.floor(sys.random() * 2 ** 32));
      case "SECONDS":
        return String(Math.floor((sys.nowMs() - this.#secondsBaseMs) / 1000));
      case "EPOCHSECONDS":
        return String(Math.floor(sys.nowMs() / 1000));
      case "EPOCHREALTIME":
        return `${String(Math.floor(sys.nowMs() / 1000))}.${String(sys.nowMs() % 1000).padStart(3, "0")}000`;
      case "BASHPID":
        return String(sys.pid);
      case "BASH_SUBSHELL":
        return String(this.#subshellDepth);
      case "UID":
      case "EUID":
        return String(sys.uid);
      case "GROUPS":
        return String(sys.gid);
      case "HOSTNAME":
        return sys.hostname;
      default:
        return this.#shellValue(name);
    }
  }

  #shellValue(name: string): string | undefined {
    switch (name) {
      case "FUNCNAME":
        return this.shell.functionNames?.at(-1);
      case "PIPESTATUS":
        return String(this.shell.pipeStatuses?.[0] ?? this.shell.status);
      case "_":
        return this.shell.lastArgument;
      case "DIRSTACK":
        return this.shell.sys.cwd();
      case "SHELLOPTS":
        return "braceexpand:hashall:interactive-comments";
      default:
        return "";
    }
  }

  write(name: string, value: string): boolean {
    if (NAMES[this.shell.dialect]?.has(name) !== true) return false;
    if (this.#forgotten?.has(name) === true) return false;
    // An assignment makes it a variable like any other.
    if (name === "HOSTNAME") {
      this.forget(name);
      return false;
    }
    if (name === "SECONDS") {
      this.#secondsBaseMs = this.shell.sys.nowMs() - (Number.parseInt(value, 10) || 0) * 1000;
    }
    // Assignments to the others seed or do nothing; the kernel's seed already decides.
    return true;
  }

  forget(name: string): void {
    if (NAMES[this.shell.dialect]?.has(name) !== true) return;
    this.#forgotten ??= new Set();
    this.#forgotten.add(name);
  }
}
