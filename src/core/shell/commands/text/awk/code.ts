import type { Blocking } from "../../../syscall.js";
import type { AwkArray, AwkRuntime } from "./runtime.js";
import type { Value } from "./value.js";

/** A parameter of a running function: a value, or an array that it shares with its caller. */
export class Slot {
  #array: AwkArray | null = null;

  constructor(
    public value: Value,
    private readonly origin: (() => AwkArray) | null,
  ) {}

  get array(): AwkArray {
    this.#array ??= this.origin?.() ?? new Map<string, Value>();
    return this.#array;
  }
}

/** What compiled code runs in. */
export interface Frame {
  readonly runtime: AwkRuntime;
  readonly slots: readonly Slot[];
  returned: Value;
}

/**
 * Compiled code: most of a program never waits, and is then a plain function; what may wait (a function call, `getline`, `system`) is a generator.
 */
export type Code<T> =
  | { readonly blocks: false; readonly run: (frame: Frame) => T }
  | { readonly blocks: true; readonly run: (frame: Frame) => Blocking<T> };

export function sync<T>(run: (frame: Frame) => T): Code<T> {
  return { blocks: false, run };
}

export function blocking<T>(run: (frame: Frame) => Blocking<T>): Code<T> {
  return { blocks: true, run };
}

export function* perform<T>(code: Code<T>, frame: Frame): Blocking<T> {
  return code.blocks ? yield* code.run(frame) : code.run(frame);
}

/** Applies an operation to the values of some codes; it blocks when one of them does. */
export function lift<T>(
  codes: readonly Code<Value>[],
  operation: (values: readonly Value[], frame: Frame) => T,
): Code<T> {
  if (codes.some((code) => code.blocks)) {
    return blocking(function* run(frame) {
      const values: Value[] = [];
      for (const code of codes) values.push(yield* perform(code, frame));
      return operation(values, frame);
    });
  }
  const runs = codes.map((code) => code.run as (frame: Frame) => Value);
  const [first, second] = runs;
  if (runs.length === 1 && first !== undefined) {
    return sync((frame) => operation([first(frame)], frame));
  }
  if (runs.length === 2 && first !== undefined && second !== undefined) {
    return sync((frame) => operation([first(frame), second(frame)], frame));
  }
  return sync((frame) =>
    operation(
      runs.map((run) => run(frame)),
      frame,
    ),
  );
}
