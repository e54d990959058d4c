import type { Dialect } from "../grammar/index.js";
import type { BuiltinEntry } from "./builtin.js";
import { BUILTINS } from "./table.js";

const byDialect: Readonly<Record<Dialect, ReadonlyMap<string, BuiltinEntry>>> = {
  ash: table("ash"),
  dash: table("dash"),
  bash: table("bash"),
};

function table(dialect: Dialect): ReadonlyMap<string, BuiltinEntry> {
  const entries = BUILTINS.filter((entry) => entry.dialects.includes(dialect));
  return new Map(entries.map((entry) => [entry.name, entry]));
}

export function lookUpBuiltin(dialect: Dialect, name: string): BuiltinEntry | null {
  return byDialect[dialect].get(name) ?? null;
}

export function builtinNames(dialect: Dialect): readonly string[] {
  return [...byDialect[dialect].keys()];
}
