import { expandFields, expandString, expandStringNow } from "../expansion/expand.js";
import { elementKey, evaluateText, readOnlyFailure } from "../expansion/arithmetic-expansion.js";
import type { ArrayElement, Assignment } from "../grammar/index.js";
import { writeError } from "../io/write.js";
import { formatInteger } from "../arithmetic/index.js";
import type { Blocking } from "../syscall.js";
import { traceAssignments } from "./trace.js";
import type { Shell } from "./shell.js";
import { ASSOCIATIVE, EXPORTED, INDEXED, INTEGER, READ_ONLY, type Variable } from "./variable.js";
import { ReadOnlyVariable } from "./variables.js";

/** `x=1 y=$x` without a command, when nothing in it runs anything. False: it does, use `assignAll`. */
export function assignAllNow(shell: Shell, assignments: readonly Assignment[]): boolean {
  if (shell.variables.hasLarge) return false;
  for (const { value, subscript } of assignments) {
    if (!("segments" in value) || value.blocking || subscript !== null) return false;
  }
  for (const assignment of assignments) {
    if (!("segments" in assignment.value)) return false;
    setScalar(shell, assignment, expandStringNow(shell, assignment.value), 0);
  }
  return true;
}

export function* assignAll(
  shell: Shell,
  assignments: readonly Assignment[],
  trace: boolean,
): Blocking<void> {
  const prompt = shell.variables.get("PS4");
  for (const assignment of assignments) yield* assign(shell, assignment);
  if (trace && shell.options.xtrace)
    yield* traceAssignments(shell, assignments, shell.isBash ? prompt : undefined);
}

/** `x=1 command`: exported, and only while the command runs (the scope is the caller's). */
export function* assignForCommand(
  shell: Shell,
  assignments: readonly Assignment[],
): Blocking<void> {
  for (const assignment of assignments) {
    if (!("segments" in assignment.value)) continue;
    const value = yield* expandString(shell, assignment.value);
    if (shell.isBash && isReadOnly(shell, assignment.name)) {
      // bash complains and runs the command all the same.
      yield* writeError(
        shell.sys,
        readOnlyFailure(shell, new ReadOnlyVariable(assignment.name)).text,
      );
      continue;
    }
    refuseReadOnly(shell, assignment.name);
    const before = shell.variables.get(assignment.name) ?? "";
    guard(shell, () => {
      shell.variables.makeLocal(assignment.name, "all");
      shell.variables.set(assignment.name, assignment.append ? before + value : value, EXPORTED);
    });
  }
}

function isReadOnly(shell: Shell, name: string): boolean {
  const variable = shell.variables.find(name);
  return variable !== undefined && (variable.flags & READ_ONLY) !== 0;
}

function refuseReadOnly(shell: Shell, name: string): void {
  if (isReadOnly(shell, name)) throw readOnlyFailure(shell, new ReadOnlyVariable(name));
}

export function* assign(shell: Shell, assignment: Assignment): Blocking<void> {
  const { value } = assignment;
  if (!("segments" in value)) {
    yield* assignArray(shell, assignment, value);
    return;
  }
  const text = yield* expandString(shell, value);
  if (assignment.subscript === null) {
    setScalar(shell, assignment, text, 0);
    return;
  }
  const subscript = yield* expandString(shell, assignment.subscript);
  setElement(shell, assignment, subscript, text);
}

function setElement(shell: Shell, assignment: Assignment, subscript: string, text: string): void {
  const { name, append } = assignment;
  guard(shell, () => {
    const variable = shell.variables.find(name);
    const key = elementKey(shell, variable, subscript);
    const isInteger = ((variable?.flags ?? 0) & INTEGER) !== 0;
    const before = variable?.elements?.get(key) ?? "";
    const value = isInteger ? formatInteger(evaluateText(shell, text)) : text;
    shell.variables.setElement(name, key, append ? before + value : value);
  });
}

export function setScalar(
  shell: Shell,
  assignment: Pick<Assignment, "name" | "append">,
  text: string,
  flags: number,
): void {
  const { name, append } = assignment;
  const { variables } = shell;
  const variable = variables.find(name);
  const isInteger = ((variable?.flags ?? 0) & INTEGER) !== 0;
  const addFlags = flags | (shell.options.allexport ? EXPORTED : 0);
  guard(shell, () => {
    if (isInteger) {
      const sum = append ? `${variables.get(name) ?? "0"}+(${text})` : text;
      variables.set(name, formatInteger(evaluateText(shell, sum)), addFlags);
    } else {
      variables.set(name, append ? (variables.get(name) ?? "") + text : text, addFlags);
    }
  });
}

/** `x=(a b [5]=c)`; `+=` goes on after the last index. */
function* assignArray(
  shell: Shell,
  assignment: Assignment,
  elements: readonly ArrayElement[],
): Blocking<void> {
  const { name, append } = assignment;
  const values: { subscript: string | null; text: string }[] = [];
  for (const element of elements) yield* expandElement(shell, element, values);
  let next = 0;
  guard(shell, () => {
    next = prepareArray(shell.variables.declare(name, 0), name, append);
  });
  for (const [index, { subscript, text }] of values.entries()) {
    guard(shell, () => {
      const variable = shell.variables.declare(name, 0);
      const key = subscript === null ? String(next) : elementKey(shell, variable, subscript);
      const isInteger = (variable.flags & INTEGER) !== 0;
      const value = isInteger ? formatInteger(evaluateText(shell, text)) : text;
      shell.variables.setElement(name, key, value);
      next = Number(key) + 1;
    });
    if (index % ELEMENTS_PER_CHARGE === ELEMENTS_PER_CHARGE - 1)
      yield* shell.sys.charge(STEPS_PER_CHARGE);
  }
}

const ELEMENTS_PER_CHARGE = 2048;
const STEPS_PER_CHARGE = 32;

/** Makes it an array, empty unless something is appended to it; the index after its last one. */
function prepareArray(variable: Variable, name: string, append: boolean): number {
  if ((variable.flags & READ_ONLY) !== 0) throw new ReadOnlyVariable(name);
  if (!append || variable.elements === null) {
    const first = append && variable.value !== null ? variable.value : null;
    variable.elements = new Map(first === null ? [] : [["0", first]]);
    variable.value = null;
  }
  if ((variable.flags & ASSOCIATIVE) === 0) variable.flags |= INDEXED;
  let next = 0;
  for (const key of variable.elements.keys()) if (Number(key) >= next) next = Number(key) + 1;
  return next;
}

function* expandElement(
  shell: Shell,
  element: ArrayElement,
  values: { subscript: string | null; text: string }[],
): Blocking<void> {
  if (element.subscript !== null) {
    const subscript = yield* expandString(shell, element.subscript);
    values.push({ subscript, text: yield* expandString(shell, element.value) });
    return;
  }
  const fields: string[] = [];
  yield* expandFields(shell, element.value, fields);
  for (const text of fields) values.push({ subscript: null, text });
}

/** Turns a refused change into the shell's own error. */
function guard(shell: Shell, change: () => void): void {
  try {
    change();
  } catch (error) {
    if (error instanceof ReadOnlyVariable) throw readOnlyFailure(shell, error);
    throw error;
  }
}
