import type { Blocking, Sys } from "./syscall.js";

/** Long work of pure code in parts, each of which gives the steps that it took. */
export type Parts<T> = Generator<number, T>;

/** Does it, and lets time pass between the parts. */
export function* paced<T>(sys: Sys, parts: Parts<T>): Blocking<T> {
  return yield* pacedFrom(sys, parts, parts.next());
}

function* pacedFrom<T>(sys: Sys, parts: Parts<T>, first: IteratorResult<number, T>): Blocking<T> {
  let part = first;
  for (; part.done !== true; part = parts.next()) {
    if (!sys.tryCharge(part.value)) yield* sys.charge(part.value);
  }
  return part.value;
}

/** Does it at once where it has but one part, as most work has; else gives what `paced` would. */
export function pacedNow<T extends string | number | boolean>(
  sys: Sys,
  parts: Parts<T>,
): T | Blocking<T> {
  const first = parts.next();
  return first.done === true ? first.value : pacedFrom(sys, parts, first);
}
