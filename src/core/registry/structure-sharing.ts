/**
 * `next` with every part that says the same as in `previous` replaced by that very part; `previous` itself when all of it does. What comes
 * off the wire shares nothing, but what is stored should: it saves memory, and a comparison ends where two parts are one.
 */
export const sharing = <T>(previous: unknown, next: T): T => share(previous, next) as T;

const share = (previous: unknown, next: unknown): unknown => {
  if (previous === next || !isContainer(previous) || !isContainer(next)) return next;
  if (Array.isArray(next)) return Array.isArray(previous) ? shareList(previous, next) : next;
  if (Array.isArray(previous)) return next;
  return shareRecord(previous as Fields, next as Fields);
};

type Fields = Readonly<Record<string, unknown>>;

const isContainer = (value: unknown): value is object =>
  typeof value === "object" && value !== null;

/** Elements are looked for at their own place; where one was added or taken away in front, as many from the end. */
const shareList = (previous: readonly unknown[], next: readonly unknown[]): unknown => {
  const shift = previous.length - next.length;
  let isSame = shift === 0;
  const shared = next.map((value, index) => {
    const at = share(previous[index], value);
    if (at === previous[index]) return at;
    isSame = false;
    return shift === 0 ? at : share(previous[index + shift], value);
  });
  return isSame ? previous : shared;
};

const shareRecord = (previous: Fields, next: Fields): unknown => {
  let isSame = true;
  let count = 0;
  const shared: Record<string, unknown> = {};
  for (const key in next) {
    const value = share(previous[key], next[key]);
    shared[key] = value;
    count += 1;
    if (value !== previous[key] || !(key in previous)) isSame = false;
  }
  return isSame && count === Object.keys(previous).length ? previous : shared;
};
