import type { Blocking, Sys } from "./syscall.js";

/** Long work of pure code in parts, each of which gives the steps that it took. */
export type Parts<T> = Generator<number, T>;

/** Does it, and lets time pass between the parts. */
export function* paced<T>(sys: Sys, parts: Parts<T>): Blocking<T> {
  let part = parts.next();
  for (; part.done !== true; part = parts.next()) {
    if (!sys.tryCharge(part.value)) yield* sys.charge(part.value);
  }
  return part.value;
}
