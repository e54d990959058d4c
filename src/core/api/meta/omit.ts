/** A copy without some of its fields. */
export function omit<T extends object, K extends keyof T>(object: T, ...fields: K[]): Omit<T, K> {
  const left: ReadonlySet<PropertyKey> = new Set<PropertyKey>(fields);
  const kept = Object.entries(object).filter(([key]) => !left.has(key));
  return Object.fromEntries(kept) as Omit<T, K>;
}
