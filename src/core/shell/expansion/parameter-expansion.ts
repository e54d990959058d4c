import type { ParameterOperation, ParameterSegment } from "../grammar/index.js";
import { errorMessage } from "../interpreter/messages.js";
import { SCANNED_CHARACTERS_PER_STEP } from "../limits.js";
import type { Parts } from "../paced.js";
import { scanNow } from "../pattern/wildcard-scan.js";
import { noteWork } from "../work.js";
import { ShellError } from "../interpreter/outcome.js";
import type { Shell } from "../interpreter/shell.js";
import { orderedKeys } from "../interpreter/variable.js";
import { ReadOnlyVariable } from "../interpreter/variables.js";
import { appendValue, appendWord, wordToString, type Resolved } from "./append.js";
import { elementKey, readOnlyFailure, unsetText } from "./arithmetic-expansion.js";
import {
  changeCase,
  removePattern,
  replacePattern,
  sliceList,
  sliceText,
  transform,
} from "./parameter-operations.js";
import { listJoint, readList, readParameter } from "./parameter-value.js";
import type { Sink } from "./sink.js";

/** A parameter as it stands before its operation: one value (undefined: unset), or the elements of a list. */
interface Subject {
  readonly name: string;
  readonly value: string | undefined;
  readonly list: readonly string[] | null;
  /** `*` joins the elements when quoted, `@` keeps them apart. */
  readonly isJoined: boolean;
  readonly subscript: string | null;
}

export function appendParameter(
  shell: Shell,
  segment: ParameterSegment,
  sink: Sink,
  resolved: Resolved,
): void {
  const { operation } = segment;
  if (operation?.kind === "bad") throw badSubstitution(shell, segment);
  if (operation?.kind === "names") {
    const names = variableNames(shell, segment.name);
    appendList(shell, sink, names, segment.quoted, !operation.separate);
    return;
  }
  if (operation?.kind === "indirect") {
    appendIndirect(shell, segment, operation.then, sink, resolved);
    return;
  }
  const subject = readSubject(shell, segment, resolved);
  if (operation === null) {
    appendSubject(shell, subject, sink, segment.quoted);
    return;
  }
  applyOperation({ shell, segment, sink, resolved, subject }, operation);
}

interface Application {
  readonly shell: Shell;
  readonly segment: ParameterSegment;
  readonly sink: Sink;
  readonly resolved: Resolved;
  readonly subject: Subject;
}

export function readSubject(shell: Shell, segment: ParameterSegment, resolved: Resolved): Subject {
  const { name } = segment;
  if (segment.subscript !== null) return readElement(shell, segment, resolved);
  if (name === "@" || name === "*") {
    const list = shell.positional;
    // Without parameters bash takes them for unset, the others for empty.
    const isUnset = list.length === 0 && shell.isBash;
    noteWork(list.length / SCANNED_CHARACTERS_PER_STEP);
    return {
      name,
      get value() {
        return isUnset ? undefined : list.join(listJoint(shell));
      },
      list,
      isJoined: name === "*",
      subscript: null,
    };
  }
  return { name, value: readParameter(shell, name), list: null, isJoined: false, subscript: null };
}

function readElement(shell: Shell, segment: ParameterSegment, resolved: Resolved): Subject {
  const { name } = segment;
  const subscript =
    segment.subscript === null ? "" : wordToString(shell, segment.subscript, resolved);
  if (subscript === "@" || subscript === "*") {
    const list = readList(shell, name);
    const value = list.length === 0 ? undefined : list.join(" ");
    return { name, value, list, isJoined: subscript === "*", subscript };
  }
  const variable = shell.variables.find(name);
  const key = elementKey(shell, variable, subscript);
  const list = readList(shell, name);
  const value =
    variable === undefined
      ? list[Number(key)]
      : (variable.elements?.get(key) ??
        (variable.elements === null && key === "0" ? (variable.value ?? undefined) : undefined));
  return { name, value, list: null, isJoined: false, subscript: key };
}

function appendSubject(shell: Shell, subject: Subject, sink: Sink, quoted: boolean): void {
  if (subject.list !== null) {
    appendList(shell, sink, subject.list, quoted, subject.isJoined);
    return;
  }
  if (subject.value === undefined && shell.options.nounset) {
    throw new ShellError(errorMessage(shell, unsetText(shell, subject.name)), unsetStatus(shell));
  }
  appendValue(sink, subject.value ?? "", quoted);
}

export function appendList(
  shell: Shell,
  sink: Sink,
  list: readonly string[],
  quoted: boolean,
  isJoined: boolean,
): void {
  if (quoted && isJoined) {
    sink.quoted(list.join(listJoint(shell)));
    return;
  }
  if (isJoined && shell.isBash && /^[^ \t\n]$/.test(listJoint(shell))) {
    // Joined and split again, so that empty ones stay.
    sink.expanded(list.join(listJoint(shell)));
    return;
  }
  const joint = isJoined ? listJoint(shell) : " ";
  for (const [index, element] of list.entries()) {
    if (quoted) {
      if (index > 0) sink.separate(joint);
      sink.quoted(element);
    } else {
      if (index > 0) sink.separateUnquoted(joint);
      if (element !== "") sink.expanded(element);
    }
  }
}

function applyOperation(application: Application, operation: ParameterOperation): void {
  const { shell, subject } = application;
  switch (operation.kind) {
    case "default":
    case "assign":
    case "alternative":
    case "error":
      applyDefault(application, operation);
      return;
    case "length":
      appendLength(application);
      return;
    case "transform":
      if (operation.operator === "keys") {
        appendKeys(application);
        return;
      }
      break;
    case "slice":
      if (subject.list !== null) {
        const list = sliceList(shell, subject.name, subject.list, operation, application.resolved);
        appendList(shell, application.sink, list, application.segment.quoted, subject.isJoined);
        return;
      }
      break;
    default:
  }
  refuseUnset(application);
  mapValues(application, (value) => scanNow(applyToValue(application, operation, value)));
}

function refuseUnset({ shell, subject }: Application): void {
  if (subject.value !== undefined || !shell.options.nounset || subject.list !== null) return;
  const text = errorMessage(shell, unsetText(shell, subject.name));
  throw new ShellError(text, unsetStatus(shell));
}

/** What `$@` or `${x[@]}` with an operation on each element gives; null for what is no such list. */
export function listWithOperation(
  shell: Shell,
  segment: ParameterSegment,
  resolved: Resolved,
): {
  readonly elements: readonly string[];
  readonly isJoined: boolean;
  readonly operation: ParameterOperation | null;
} | null {
  const { operation, subscript, name } = segment;
  const isList =
    subscript === null ? name === "@" || name === "*" : /^[@*]$/.test(subscript.literal ?? "");
  if (!isList || (operation !== null && !isOnValues(operation))) return null;
  const { list, isJoined } = readSubject(shell, segment, resolved);
  return list === null ? null : { elements: list, isJoined, operation };
}

/** Whether an operation makes something of one value, or of each of a list. */
export const isOnValues = (operation: ParameterOperation): boolean =>
  operation.kind === "remove" ||
  operation.kind === "replace" ||
  operation.kind === "case" ||
  // The keys are those of an array.
  (operation.kind === "transform" && operation.operator !== "keys");

function applyToValue(
  { shell, resolved, subject }: Application,
  operation: ParameterOperation,
  value: string,
): Parts<string> {
  return operation.kind === "slice"
    ? just(sliceText(shell, value, operation, resolved))
    : operateOnValue(shell, subject.name, value, operation, resolved);
}

function* just(value: string): Parts<string> {
  return value;
}

/** What an operation makes of one value, in parts. */
export function operateOnValue(
  shell: Shell,
  name: string,
  value: string,
  operation: ParameterOperation,
  resolved: Resolved,
): Parts<string> {
  switch (operation.kind) {
    case "remove":
      return removePattern(shell, value, operation, resolved);
    case "replace":
      return replacePattern(shell, value, operation, resolved);
    case "case":
      return changeCase(shell, value, operation, resolved);
    case "transform":
      return transform(shell, name, value, operation.operator);
    default:
      throw new Error(`not an operation on a value: ${operation.kind}`);
  }
}

/** An operation on a list is one on each of its elements. */
function mapValues(application: Application, change: (value: string) => string): void {
  const { shell, subject, sink, segment } = application;
  if (subject.list !== null) {
    const list = subject.list.map(change);
    appendList(shell, sink, list, segment.quoted, subject.isJoined);
    return;
  }
  appendValue(sink, change(subject.value ?? ""), segment.quoted);
}

function appendLength(application: Application): void {
  const { shell, subject, sink, segment } = application;
  refuseUnset(application);
  // ash and dash give the length of the joined text for `${#@}`.
  const length = (shell.isBash ? subject.list?.length : undefined) ?? subject.value?.length ?? 0;
  appendValue(sink, String(length), segment.quoted);
}

function appendKeys({ shell, subject, sink, segment }: Application): void {
  const variable = shell.variables.find(subject.name);
  const keys = variable === undefined ? [] : orderedKeys(variable);
  appendList(shell, sink, keys, segment.quoted, subject.isJoined);
}

/** Whether the `-`, `=`, `+`, `?` operators see a value; the ones with a colon do not see an empty one. */
export function hasValue(subject: Pick<Subject, "value">, orEmpty: boolean): boolean {
  return subject.value !== undefined && !(orEmpty && subject.value === "");
}

type DefaultOperation = Extract<
  ParameterOperation,
  { kind: "default" | "assign" | "alternative" | "error" }
>;

function applyDefault(application: Application, operation: DefaultOperation): void {
  const { shell, subject, sink, segment, resolved } = application;
  const isSet = hasValue(subject, operation.orEmpty);
  if (operation.kind === "alternative") {
    if (isSet) appendOperand(application, operation);
    else if (segment.quoted) appendNothing(subject, sink);
    return;
  }
  if (isSet) {
    if (subject.list === null) appendValue(sink, subject.value ?? "", segment.quoted);
    else appendList(shell, sink, subject.list, segment.quoted, subject.isJoined);
    return;
  }
  switch (operation.kind) {
    case "default":
      appendOperand(application, operation);
      return;
    case "assign": {
      const value = wordToString(shell, operation.operand, resolved);
      assign(application, value);
      appendValue(sink, value, segment.quoted);
      return;
    }
    case "error":
      throw unsetError(application, operation);
  }
}

/** `"${x+y}"` is an empty field when x is unset, but `"${@+y}"` is none. */
function appendNothing(subject: Subject, sink: Sink): void {
  if (subject.list === null) sink.quoted("");
}

function appendOperand(
  { shell, sink, segment, resolved }: Application,
  operation: DefaultOperation,
): void {
  if (segment.quoted && operation.operand.segments.length === 0) sink.quoted("");
  appendWord(shell, operation.operand, operandSink(sink), resolved);
}

/** Unquoted text of an operand comes from an expansion: `${x:-a b}` is two fields. */
function operandSink(sink: Sink): Sink {
  return {
    quoted: (text) => {
      sink.quoted(text);
    },
    literal: (text) => {
      sink.expanded(text);
    },
    expanded: (text) => {
      sink.expanded(text);
    },
    separate: (joint) => {
      sink.separate(joint);
    },
    separateUnquoted: (joint) => {
      sink.separateUnquoted(joint);
    },
  };
}

function assign({ shell, subject }: Application, value: string): void {
  if (!/^[A-Za-z_]/.test(subject.name)) {
    const text = shell.isBash
      ? `$${subject.name}: cannot assign in this way`
      : `${subject.name}: bad variable name`;
    throw new ShellError(errorMessage(shell, text), shell.isBash ? 1 : 2, !shell.isBash);
  }
  try {
    if (subject.subscript === null) shell.variables.set(subject.name, value);
    else shell.variables.setElement(subject.name, subject.subscript, value);
  } catch (error) {
    if (error instanceof ReadOnlyVariable) throw readOnlyFailure(shell, error);
    throw error;
  }
}

function unsetError(
  { shell, subject, resolved }: Application,
  operation: DefaultOperation,
): ShellError {
  const given = wordToString(shell, operation.operand, resolved);
  const standard = operation.orEmpty
    ? shell.isBash
      ? "parameter null or not set"
      : "parameter not set or null"
    : shell.isBash
      ? "parameter not set"
      : "parameter not set";
  const text = `${subject.name}: ${operation.operand.segments.length === 0 ? standard : given}`;
  return new ShellError(errorMessage(shell, text), unsetStatus(shell));
}

/** bash ends with 127 where the script came with `-c`, else with 1. */
export function unsetStatus(shell: Shell): number {
  if (!shell.isBash) return 2;
  return shell.startLetters.includes("c") && !shell.isSubshell ? 127 : 1;
}

function badSubstitution(shell: Shell, segment: ParameterSegment): ShellError {
  switch (shell.dialect) {
    case "ash":
      // The line is the one that the reader has come to.
      shell.line += 1;
      return new ShellError(errorMessage(shell, "syntax error: bad substitution"), 2);
    case "dash":
      return new ShellError(errorMessage(shell, "Bad substitution"), 2);
    case "bash":
      return new ShellError(errorMessage(shell, `${segment.source}: bad substitution`), 1, false);
  }
}

function variableNames(shell: Shell, prefix: string): string[] {
  const names: string[] = [];
  for (const [name, variable] of shell.variables.entries()) {
    if (name.startsWith(prefix) && (variable.value !== null || variable.elements !== null))
      names.push(name);
  }
  return names.sort((a, b) => (a < b ? -1 : 1));
}

/** `${!x}`: the parameter that x names, `name[subscript]` included. */
function appendIndirect(
  shell: Shell,
  segment: ParameterSegment,
  then: ParameterOperation | null,
  sink: Sink,
  resolved: Resolved,
): void {
  const subject = readSubject(shell, segment, resolved);
  const target = subject.value ?? "";
  const match = /^([A-Za-z_]\w*|\d+|[@*#?$!-])(?:\[(.*)\])?$/s.exec(target);
  if (match === null) {
    const text =
      subject.value === undefined
        ? `${segment.name}: invalid indirect expansion`
        : `${target}: invalid variable name`;
    throw new ShellError(errorMessage(shell, text), 1, false);
  }
  const [, name = "", subscript] = match;
  const pointed: ParameterSegment = {
    ...segment,
    name,
    operation: then,
    subscript:
      subscript === undefined
        ? null
        : {
            segments: [{ kind: "text", text: subscript, quoted: true }],
            literal: subscript,
            blocking: false,
            source: subscript,
          },
  };
  appendParameter(shell, pointed, sink, resolved);
}
