import { noteWork } from "../work.js";
import { LARGE_VALUE_CHARACTERS, MEMORY_REPORT_BYTES } from "../limits.js";
import type { Sys } from "../syscall.js";
import {
  ASSOCIATIVE,
  copyVariable,
  EXPORTED,
  INDEXED,
  LOWER_CASE,
  NAME_REFERENCE,
  READ_ONLY,
  scalarValue,
  UPPER_CASE,
  type Variable,
} from "./variable.js";

/** Thrown when a read-only variable would change; the shell puts its name before the words. */
export class ReadOnlyVariable extends Error {
  override readonly name = "ReadOnlyVariable";

  constructor(readonly variable: string) {
    super(variable);
  }
}

/** Values that are computed when they are read, until the variable is unset. */
export interface DynamicVariables {
  read(name: string): string | undefined;
  /** True when the assignment was taken (`RANDOM=5` seeds). */
  write(name: string, value: string): boolean;
  forget(name: string): void;
}

const MANY_VARIABLES = 1024;
const COPIES_PER_STEP = 64;
const MEMORY_PER_COPY = 96;

interface SavedVariable {
  readonly name: string;
  readonly variable: Variable | undefined;
}

/** The variables of one shell process, with the dynamic scopes of its functions. */
export class Variables {
  readonly #variables: Map<string, Variable>;
  /** One entry per running function (and `VAR=x command`): what to put back when it ends. */
  #scopes: SavedVariable[][] = [];
  #unreportedBytes = 0;
  /** Whether a large value has ever been set: expansions then go the way that lets time pass between their pieces. */
  hasLarge = false;
  #environment: Map<string, string> | null = null;

  constructor(
    private readonly sys: Sys,
    private readonly dynamic: DynamicVariables,
    from?: ReadonlyMap<string, Variable>,
  ) {
    this.#variables = new Map(from);
  }

  /** For a subshell: it changes copies. */
  fork(sys: Sys, dynamic: DynamicVariables): Variables {
    const copy = new Variables(sys, dynamic);
    for (const [name, variable] of this.#variables)
      copy.#variables.set(name, copyVariable(variable));
    copy.hasLarge = this.hasLarge;
    copy.#accountCopies();
    copy.#scopes = this.#scopes.map((scope) => [...scope]);
    return copy;
  }

  /** Linux shares the pages of a parent; the copies of a shell with very many variables are memory here, and take time. */
  #accountCopies(): void {
    let copies = this.#variables.size;
    for (const { elements } of this.#variables.values()) copies += elements?.size ?? 0;
    if (copies < MANY_VARIABLES) return;
    noteWork(copies / COPIES_PER_STEP);
    this.sys.allocate(copies * MEMORY_PER_COPY);
  }

  get(name: string): string | undefined {
    const variable = this.#variables.get(name);
    if (variable === undefined) return this.dynamic.read(name);
    if ((variable.flags & NAME_REFERENCE) !== 0) {
      return variable.value === null ? undefined : this.get(variable.value);
    }
    return scalarValue(variable);
  }

  find(name: string): Variable | undefined {
    return this.#variables.get(this.resolve(name));
  }

  /** The name behind a `declare -n` reference. */
  resolve(name: string): string {
    let current = name;
    for (let hops = 0; hops < 8; hops += 1) {
      const variable = this.#variables.get(current);
      if (variable === undefined || (variable.flags & NAME_REFERENCE) === 0) return current;
      if (variable.value === null) return current;
      current = variable.value;
    }
    return current;
  }

  /** @throws ReadOnlyVariable */
  set(reference: string, value: string, addFlags = 0): void {
    if (value.length >= LARGE_VALUE_CHARACTERS) this.hasLarge = true;
    const name = this.resolve(reference);
    const variable = this.#variables.get(name);
    if (variable === undefined) {
      if (addFlags === 0 && this.dynamic.write(name, value)) return;
      this.#account(value.length + name.length);
      this.#variables.set(name, { value, flags: addFlags, elements: null });
    } else {
      this.#refuseReadOnly(name, variable);
      this.#account(value.length - (variable.value?.length ?? 0));
      variable.flags |= addFlags;
      if (variable.elements !== null) this.setElement(name, "0", value);
      else variable.value = folded(variable, value);
    }
    if (((variable?.flags ?? 0) | addFlags) & EXPORTED) this.#environment = null;
  }

  setElement(reference: string, key: string, value: string): void {
    if (value.length >= LARGE_VALUE_CHARACTERS) this.hasLarge = true;
    const name = this.resolve(reference);
    const variable = this.declare(name, 0);
    this.#refuseReadOnly(name, variable);
    if (variable.elements === null) {
      variable.elements = new Map();
      if (variable.value !== null) variable.elements.set("0", variable.value);
      variable.value = null;
      variable.flags |= (variable.flags & ASSOCIATIVE) === 0 ? INDEXED : 0;
    }
    this.#account(key.length + value.length + 48 - (variable.elements.get(key)?.length ?? 0));
    variable.elements.set(key, folded(variable, value));
    if (variable.elements.size >= LARGE_VALUE_CHARACTERS) this.hasLarge = true;
  }

  /** The variable, made without a value when there is none. */
  declare(reference: string, flags: number): Variable {
    const name = this.resolve(reference);
    const known = this.#variables.get(name);
    this.#environment = null;
    if (known !== undefined) {
      known.flags |= flags;
      return known;
    }
    const value = this.dynamic.read(name) ?? null;
    const variable: Variable = { value, flags, elements: null };
    this.#variables.set(name, variable);
    this.#account(name.length);
    return variable;
  }

  /** @throws ReadOnlyVariable */
  unset(name: string): void {
    const variable = this.#variables.get(name);
    this.dynamic.forget(name);
    if (variable === undefined) return;
    this.#refuseReadOnly(name, variable);
    this.#account(-(variable.value?.length ?? 0));
    this.#variables.delete(name);
    this.#environment = null;
  }

  pushScope(): void {
    this.#scopes.push([]);
  }

  popScope(): void {
    const scope = this.#scopes.pop();
    if (scope === undefined) throw new Error("no scope to leave");
    for (const { name, variable } of scope.reverse()) {
      if (variable === undefined) this.#variables.delete(name);
      else this.#variables.set(name, variable);
    }
    if (scope.length > 0) this.#environment = null;
  }

  get depth(): number {
    return this.#scopes.length;
  }

  /** Makes `name` local to the running function; it begins with the flags it had outside, or also with the value (dash). */
  makeLocal(name: string, inherit: "all" | "value" | "flags"): Variable {
    const scope = this.#scopes.at(-1);
    if (scope === undefined) throw new Error("no scope to be local to");
    const outer = this.#variables.get(name);
    if (scope.some((saved) => saved.name === name) && outer !== undefined) return outer;
    if (outer !== undefined && (outer.flags & READ_ONLY) !== 0 && inherit !== "all") {
      throw new ReadOnlyVariable(name);
    }
    scope.push({ name, variable: outer });
    const local: Variable =
      inherit !== "flags" && outer !== undefined
        ? copyVariable(outer)
        : { value: null, flags: (outer?.flags ?? 0) & EXPORTED, elements: null };
    this.#variables.set(name, local);
    this.#environment = null;
    return local;
  }

  /** What a child gets; kept until something exported changes. Code that changes flags itself goes through `declare` first. */
  environment(): ReadonlyMap<string, string> {
    this.#environment ??= this.#exported();
    return this.#environment;
  }

  #exported(): Map<string, string> {
    const environment = new Map<string, string>();
    for (const [name, variable] of this.#variables) {
      if ((variable.flags & EXPORTED) === 0 || variable.value === null) continue;
      environment.set(name, variable.value);
    }
    return environment;
  }

  entries(): IterableIterator<[string, Variable]> {
    return this.#variables.entries();
  }

  #refuseReadOnly(name: string, variable: Variable): void {
    if ((variable.flags & READ_ONLY) !== 0) throw new ReadOnlyVariable(name);
  }

  /** Reports growth in pages, not in words. */
  #account(bytes: number): void {
    this.#unreportedBytes += bytes;
    if (this.#unreportedBytes >= MEMORY_REPORT_BYTES) this.sys.allocate(this.#unreportedBytes);
    else if (this.#unreportedBytes <= -MEMORY_REPORT_BYTES) this.sys.free(-this.#unreportedBytes);
    else return;
    this.#unreportedBytes = 0;
  }
}

/** `declare -l` and `-u` change what is stored. */
function folded(variable: Variable, value: string): string {
  if ((variable.flags & LOWER_CASE) !== 0) return value.toLowerCase();
  return (variable.flags & UPPER_CASE) !== 0 ? value.toUpperCase() : value;
}
