/**
 * Sets fields that are absent or empty (""; 0), as defaulting of a Go value field does. The same object comes back when nothing is missing, so that
 * defaulting twice changes nothing.
 */
export function fillEmpty<T extends object>(object: T, defaults: Partial<T>): T {
  return fill(object, defaults, (value) => value === undefined || value === "" || value === 0);
}

/** Sets fields that are absent, as defaulting of a Go pointer field does: a zero that was given stays. */
export function fillAbsent<T extends object>(object: T, defaults: Partial<T>): T {
  return fill(object, defaults, (value) => value === undefined);
}

/** Replaces one field by what `change` makes of it, when it is there and changes. */
export function changeField<T extends object, K extends keyof T>(
  object: T,
  field: K,
  change: (value: NonNullable<T[K]>) => NonNullable<T[K]>,
): T {
  const value = object[field];
  if (value === undefined || value === null) return object;
  const changed = change(value);
  return changed === value ? object : { ...object, [field]: changed };
}

/** Changes each element; the same list comes back when none changes. */
export function changeEach<T>(list: T[], change: (element: T) => T): T[] {
  const changed = list.map(change);
  return changed.every((element, index) => element === list[index]) ? list : changed;
}

function fill<T extends object>(
  object: T,
  defaults: Partial<T>,
  isMissing: (value: unknown) => boolean,
): T {
  const missing = Object.entries(defaults).filter(([field]) =>
    isMissing((object as Record<string, unknown>)[field]),
  );
  return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) };
}
