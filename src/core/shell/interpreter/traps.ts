import type { SignalName, Sys } from "../syscall.js";

/** `trap`'s conditions: signals, the end of the shell, and bash's ERR, DEBUG and RETURN. */
export type TrapName = SignalName | "EXIT" | "ERR" | "DEBUG" | "RETURN";

const PSEUDO: ReadonlySet<string> = new Set(["EXIT", "ERR", "DEBUG", "RETURN"]);

/** What the shell does on signals. An empty action ignores the signal. */
export class Traps {
  #actions: Map<TrapName, string> | null = null;
  /** Signals that came and whose actions have not run. */
  #pending: SignalName[] | null = null;
  /** Ignored when the shell began: they stay so, whatever `trap` says. */
  readonly inherited: ReadonlySet<SignalName> = new Set();
  #failed = false;

  constructor(
    private readonly sys: Sys,
    parent: Traps | null,
  ) {
    if (parent?.actions == null) return;
    for (const [name, action] of parent.actions) {
      if (action === "" && !PSEUDO.has(name)) (this.#actions ??= new Map()).set(name, "");
      else if (!PSEUDO.has(name)) sys.onSignal(name as SignalName, "default");
    }
  }

  get actions(): ReadonlyMap<TrapName, string> | null {
    return this.#actions;
  }

  get(name: TrapName): string | undefined {
    return this.#actions?.get(name);
  }

  /** Whether some action would be lost if another program took the process over. */
  get areSet(): boolean {
    if (this.#actions === null) return false;
    for (const action of this.#actions.values()) if (action !== "") return true;
    return false;
  }

  set(name: TrapName, action: string): void {
    (this.#actions ??= new Map()).set(name, action);
    if (PSEUDO.has(name)) return;
    const signal = name as SignalName;
    this.sys.onSignal(signal, action === "" ? "ignore" : () => this.#arrive(signal));
  }

  reset(name: TrapName): void {
    this.#actions?.delete(name);
    if (!PSEUDO.has(name)) this.sys.onSignal(name as SignalName, "default");
  }

  get hasPending(): boolean {
    return this.#failed || (this.#pending !== null && this.#pending.length > 0);
  }

  /** The lowest pending one is what a `wait` that it cut short reports. */
  get pending(): readonly SignalName[] {
    return this.#pending ?? [];
  }

  takePending(): SignalName | undefined {
    return this.#pending?.shift();
  }

  /** A command failed while an ERR trap is set. */
  noteFailure(): void {
    this.#failed = true;
  }

  takeFailure(): boolean {
    const failed = this.#failed;
    this.#failed = false;
    return failed;
  }

  #arrive(signal: SignalName): void {
    this.#pending ??= [];
    if (!this.#pending.includes(signal)) this.#pending.push(signal);
  }
}
