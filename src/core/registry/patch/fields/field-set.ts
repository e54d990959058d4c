import { isJsonObject } from "../json-value.js";
import type { JsonValue } from "../json-value.js";
import { canonicalElement, compareElements, fieldElement } from "./path-element.js";
import type { PathElement } from "./path-element.js";

/**
 * A set of field paths in the form in which FieldsV1 stores it, so that nothing is parsed or written: an object by path element, where
 * `{}` is a member without children and `"."` marks a member that has some. Sets are immutable and share subtrees; every operation returns its
 * first argument itself when it changes nothing. Stored sets are in the order of `compareElements`; of the operations, those that
 * bring something in put it in order.
 * Source: structured-merge-diff fieldpath/set.go and serialize.go, v6.
 */
export interface FieldSet {
  readonly [element: PathElement]: FieldSet;
}

/** A set under construction. */
export type FieldSetDraft = Record<PathElement, FieldSet>;

export const EMPTY_SET: FieldSet = Object.freeze({});
/** Marks a path with children that is itself a member. */
export const MEMBER = ".";
/** The node of a member without children. */
export const LEAF: FieldSet = Object.freeze({});

export function isEmptySet(set: FieldSet): boolean {
  for (const _element in set) {
    return false;
  }
  return true;
}

/** Whether the path that leads to a node is a member. */
export function isMember(node: FieldSet | undefined): boolean {
  return node !== undefined && (MEMBER in node || isEmptySet(node));
}

/** Whether the path of one element is itself in the set. */
export function hasElement(set: FieldSet, element: PathElement): boolean {
  return isMember(set[element]);
}

export function hasPath(set: FieldSet, path: readonly PathElement[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) {
    node = node[element];
    if (node === undefined) {
      return false;
    }
  }
  return path.length > 0 && isMember(node);
}

/** The paths below an element, without it; empty when there are none. */
export function childrenOf(set: FieldSet, element: PathElement): FieldSet {
  return withoutMember(set[element] ?? EMPTY_SET);
}

function withoutMember(node: FieldSet): FieldSet {
  if (!(MEMBER in node)) {
    return node;
  }
  const children: FieldSetDraft = { ...node };
  Reflect.deleteProperty(children, MEMBER);
  return children;
}

function asMember(node: FieldSet): FieldSet {
  return isMember(node) ? node : { [MEMBER]: LEAF, ...node };
}

/** The node of a path with these children, itself a member or not; undefined when neither. */
export function nodeOf(member: boolean, children: FieldSet): FieldSet | undefined {
  if (isEmptySet(children)) {
    return member ? LEAF : undefined;
  }
  return member ? asMember(children) : children;
}

/** Collects paths in any order; `build` puts the elements in order. */
export class FieldSetBuilder {
  private readonly nodes = new Map<PathElement, FieldSet>();

  /** Adds a node; what the same element had before stays. */
  add(element: PathElement, node: FieldSet | undefined): void {
    if (node !== undefined) {
      const known = this.nodes.get(element);
      this.nodes.set(element, known === undefined ? node : unionNodes(known, node));
    }
  }

  build(): FieldSet {
    if (this.nodes.size === 0) {
      return EMPTY_SET;
    }
    return sorted(Object.fromEntries(this.nodes));
  }
}

/** A set with one path. */
export function singlePath(names: readonly string[]): FieldSet {
  return names.reduceRight<FieldSet>((node, name) => ({ [fieldElement(name)]: node }), LEAF);
}

/** The set with its elements in order, at every depth. */
export function inOrder(set: FieldSet): FieldSet {
  const elements = Object.keys(set);
  if (elements.length === 0) {
    return EMPTY_SET;
  }
  const ordered: FieldSetDraft = {};
  for (const element of elements.sort(compareElements)) {
    ordered[element] = inOrder(set[element] ?? LEAF);
  }
  return ordered;
}

/** The paths of both; the result is in order when `left` is. */
export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right || isEmptySet(right)) {
    return left;
  }
  let draft: FieldSetDraft | null = null;
  let added = false;
  for (const element of Object.keys(right)) {
    const before = left[element];
    const other = right[element];
    if (element === MEMBER || other === undefined) {
      continue;
    }
    const after = before === undefined ? inOrder(other) : unionNodes(before, other);
    if (after !== before) {
      draft ??= { ...left };
      draft[element] = after;
      added ||= before === undefined;
    }
  }
  if (draft === null) {
    return left;
  }
  return added ? sorted(draft) : draft;
}

function unionNodes(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right) {
    return left;
  }
  if (isEmptySet(right)) {
    return asMember(left);
  }
  if (isEmptySet(left)) {
    return asMember(inOrder(right));
  }
  const both = union(left, right);
  return MEMBER in right ? asMember(both) : both;
}

/** Paths of `left` that are not in `right`; a path stays when only its parent or its children are. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return subtract(left, right, false);
}

/** As `difference`, but a path goes with everything below it. */
export function recursiveDifference(left: FieldSet, right: FieldSet): FieldSet {
  return subtract(left, right, true);
}

function subtract(left: FieldSet, right: FieldSet, recursive: boolean): FieldSet {
  let draft: FieldSetDraft | null = null;
  for (const element of Object.keys(right)) {
    const before = left[element];
    const other = right[element];
    if (element === MEMBER || before === undefined || other === undefined) {
      continue;
    }
    const after = subtractNode(before, other, recursive);
    if (after !== before) {
      draft ??= { ...left };
      if (after === undefined) {
        Reflect.deleteProperty(draft, element);
      } else {
        draft[element] = after;
      }
    }
  }
  return draft ?? left;
}

function subtractNode(left: FieldSet, right: FieldSet, recursive: boolean): FieldSet | undefined {
  const gone = isMember(right);
  if (gone && (recursive || isEmptySet(left))) {
    return undefined;
  }
  const rest = subtract(left, right, recursive);
  if (rest === left && !(gone && MEMBER in left)) {
    return left;
  }
  return nodeOf(!gone && MEMBER in left, withoutMember(rest));
}

/** Paths in both, in the order of `left`. */
export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right) {
    return left;
  }
  const draft: FieldSetDraft = {};
  for (const element of Object.keys(left)) {
    const [node, other] = [left[element], right[element]];
    if (element !== MEMBER && node !== undefined && other !== undefined) {
      const shared = nodeOf(isMember(node) && isMember(other), intersection(node, other));
      if (shared !== undefined) {
        draft[element] = shared;
      }
    }
  }
  return draft;
}

/** Calls back for every path of the set, members of a level before what lies deeper, as upstream lists conflicts. */
export function forEachPath(
  set: FieldSet,
  visit: (path: readonly PathElement[]) => void,
  prefix: readonly PathElement[] = [],
): void {
  const elements = Object.keys(set).filter((element) => element !== MEMBER);
  for (const element of elements) {
    if (isMember(set[element])) {
      visit([...prefix, element]);
    }
  }
  for (const element of elements) {
    forEachPath(set[element] ?? EMPTY_SET, visit, [...prefix, element]);
  }
}

/**
 * A set that a client wrote, in the form that the operations need.
 *
 * Throws PathElementError when it is no FieldsV1.
 */
export function readFieldSet(fields: JsonValue): FieldSet {
  const builder = new FieldSetBuilder();
  for (const [text, below] of Object.entries(isJsonObject(fields) ? fields : {})) {
    const element = text === MEMBER ? null : canonicalElement(text);
    if (element !== null) {
      const children = readFieldSet(below);
      const member = isEmptySet(children) || (isJsonObject(below) && MEMBER in below);
      builder.add(element, nodeOf(member, children));
    }
  }
  return builder.build();
}

function sorted(set: FieldSet): FieldSet {
  const ordered: FieldSetDraft = {};
  for (const element of Object.keys(set).sort(compareElements)) {
    ordered[element] = set[element] ?? LEAF;
  }
  return ordered;
}
