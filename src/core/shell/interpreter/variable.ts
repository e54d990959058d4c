/** What a variable is, besides its value. Kept as bits: a shell holds many variables. */
export const EXPORTED = 1;
export const READ_ONLY = 2;
export const INTEGER = 4;
export const LOWER_CASE = 8;
export const UPPER_CASE = 16;
export const INDEXED = 32;
export const ASSOCIATIVE = 64;
export const NAME_REFERENCE = 128;

export interface Variable {
  /** Null: declared (exported, read-only, local) but without a value. For arrays the values are in `elements`. */
  value: string | null;
  flags: number;
  /** Elements of an array by index (kept in order of index) or, associative, by key in order of insertion. */
  elements: Map<string, string> | null;
}

export function isArray(variable: Variable): boolean {
  return (variable.flags & (INDEXED | ASSOCIATIVE)) !== 0;
}

/** The value a plain `$name` sees: of an array, element 0. */
export function scalarValue(variable: Variable): string | undefined {
  if (variable.elements !== null) return variable.elements.get("0");
  return variable.value ?? undefined;
}

export function copyVariable(variable: Variable): Variable {
  return {
    value: variable.value,
    flags: variable.flags,
    elements: variable.elements === null ? null : new Map(variable.elements),
  };
}

/** Indices in rising order, as `${x[@]}` lists them. */
export function orderedKeys(variable: Variable): string[] {
  if (variable.elements === null) return variable.value === null ? [] : ["0"];
  const keys = [...variable.elements.keys()];
  if ((variable.flags & ASSOCIATIVE) !== 0) return keys;
  return isRising(keys) ? keys : keys.sort((a, b) => Number(a) - Number(b));
}

/** Most arrays are filled from the start, and sorting takes ten times as long as looking. */
function isRising(keys: readonly string[]): boolean {
  let last = -1;
  for (const key of keys) {
    const index = Number(key);
    if (index <= last) return false;
    last = index;
  }
  return true;
}

export function orderedValues(variable: Variable): string[] {
  if (variable.elements === null) return variable.value === null ? [] : [variable.value];
  const { elements } = variable;
  return orderedKeys(variable).map((key) => elements.get(key) ?? "");
}
