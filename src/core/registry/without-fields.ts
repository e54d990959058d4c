/** An object without some of its fields; the same one when it has none of them. */
export const withoutFields = <T extends object, K extends keyof T>(
  object: T,
  ...fields: readonly K[]
): Omit<T, K> => {
  if (!fields.some((name) => name in object)) return object;
  const gone: readonly PropertyKey[] = fields;
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => !gone.includes(name)),
  ) as Omit<T, K>;
};
