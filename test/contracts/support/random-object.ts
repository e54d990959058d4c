import { SCHEMA, type SchemaType } from "../../../src/core/api/index.js";

/** Numbers between 0 and 1 that a seed decides. */
export class Chance {
  constructor(private state: number) {}

  next(): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.state / 2 ** 32;
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[Math.floor(this.next() * choices.length)];
    if (choice === undefined) throw new Error("there is nothing to choose from");
    return choice;
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: Math.floor(this.next() * (most + 1)) }, make);
  }
}

const MAX_DEPTH = 7;

const ODD_VALUES: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  9e15,
  "",
  "x".repeat(300),
  "é",
  "a/b",
  true,
  [],
  {},
  [null],
  [[1]],
  { "": "" },
];

const TEXTS =
  "a b c Always Never OnFailure Exists Equal In NoSchedule TCP ClusterIP None default busybox node-1 metadata.name Node 80 http".split(
    " ",
  );

/** An object of a type, right in most places and wrong in some. @param schema name of its schema. */
export function randomObject(chance: Chance, schema: string, depth = 0): Record<string, unknown> {
  const { fields = {}, required = [] } = SCHEMA[schema] ?? {};
  const entries = Object.entries(fields).filter(([name]) =>
    chance.is(required.includes(name) ? 0.9 : depth < 3 ? 0.35 : 0.2),
  );
  return Object.fromEntries(
    entries.map(([name, field]) => [name, randomValue(chance, field.type, depth)]),
  );
}

export function oddValue(chance: Chance): unknown {
  return chance.pick(ODD_VALUES);
}

export function randomValue(chance: Chance, type: SchemaType, depth: number): unknown {
  if (chance.is(0.06)) return oddValue(chance);
  if (depth > MAX_DEPTH) return null;
  if (typeof type === "object") {
    if ("ref" in type) return randomObject(chance, type.ref, depth + 1);
    if ("list" in type) return chance.list(2, () => randomValue(chance, type.list, depth + 1));
    const keys = chance.list(2, () => chance.pick(["a", "b", "kubernetes.io/x", "bad key"]));
    return Object.fromEntries(keys.map((key) => [key, randomValue(chance, type.map, depth + 1)]));
  }
  return randomScalar(chance, type);
}

function randomScalar(chance: Chance, type: Extract<SchemaType, string>): unknown {
  switch (type) {
    case "string":
      return chance.pick(TEXTS);
    case "boolean":
      return chance.is(0.5);
    case "int32":
    case "int64":
      return chance.pick([0, 1, 2, 30, 80, -1, 100_000]);
    case "double":
      return 1.5;
    case "quantity":
      return chance.pick(["1", "100m", "1Gi", "x", 2]);
    case "int-or-string":
      return chance.pick([1, "50%", "http"]);
    case "time":
      return chance.pick(["2026-01-01T00:00:00Z", "no"]);
    case "micro-time":
      return "2026-01-01T00:00:00.000000Z";
    case "bytes":
      return chance.pick(["YQ==", "!!"]);
    case "raw":
      return { a: 1 };
  }
}
