import { isJsonObject } from "../json-value.js";
import type { JsonValue } from "../json-value.js";
import { canonicalElement, compareElements, fieldElement } from "./path-element.js";
import type { PathElement } from "./path-element.js";

/**
 * A set of field paths in the form in which FieldsV1 stores it, so that nothing is parsed or written: an object by path element, where
 * `{}` is a member without children and `"."` marks a member that has some. Sets are immutable and share subtrees; every operation returns its
 * first argument itself when it changes nothing. Elements are in the order of `compareElements`.
 * Source: structured-merge-diff fieldpath/set.go and serialize.go, v6.
 */
export interface FieldSet {
  readonly [element: PathElement]: FieldSet;
}

export const EMPTY_SET: FieldSet = Object.freeze({});
const MEMBER = ".";
/** A path that is in the set and has no children in it. */
const LEAF: FieldSet = EMPTY_SET;

type Draft = Record<string, FieldSet>;

export function isEmptySet(set: FieldSet): boolean {
  for (const _element in set) {
    return false;
  }
  return true;
}

function isMember(node: FieldSet | undefined): boolean {
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
  const node = set[element];
  return node === undefined || isEmptySet(node) ? EMPTY_SET : withoutMember(node);
}

function withoutMember(node: FieldSet): FieldSet {
  if (!(MEMBER in node)) {
    return node;
  }
  const { [MEMBER]: member, ...children } = node;
  return member === undefined ? node : children;
}

/** The node of a path with these children, itself a member or not; undefined when neither. */
export function nodeOf(member: boolean, children: FieldSet): FieldSet | undefined {
  if (isEmptySet(children)) {
    return member ? LEAF : undefined;
  }
  return member ? { [MEMBER]: LEAF, ...children } : children;
}

/** Collects paths, walked in any order; `build` puts the elements in order. */
export class FieldSetBuilder {
  private readonly nodes = new Map<PathElement, FieldSet>();

  /** Adds a member or its children; the same element may come once as each. */
  add(element: PathElement, node: FieldSet | undefined): void {
    if (node === undefined) {
      return;
    }
    const known = this.nodes.get(element);
    this.nodes.set(element, known === undefined ? node : unionNodes(known, node));
  }

  addMember(element: PathElement): void {
    this.add(element, LEAF);
  }

  build(): FieldSet {
    if (this.nodes.size === 0) {
      return EMPTY_SET;
    }
    const elements = [...this.nodes].sort(([left], [right]) => compareElements(left, right));
    return Object.fromEntries(elements);
  }
}

/** A set with one path. */
export function singlePath(names: readonly string[]): FieldSet {
  return names.reduceRight<FieldSet>((node, name) => ({ [fieldElement(name)]: node }), LEAF);
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right || isEmptySet(right)) {
    return left;
  }
  if (isEmptySet(left)) {
    return right;
  }
  let draft: Draft | null = null;
  let added = false;
  for (const element of Object.keys(right)) {
    const before = left[element];
    const other = right[element] ?? LEAF;
    const after = before === undefined ? other : unionNodes(before, other);
    if (after !== before) {
      draft ??= { ...left };
      draft[element] = after;
      added ||= before === undefined;
    }
  }
  if (draft === null) {
    return left;
  }
  return added ? inOrder(draft) : draft;
}

function unionNodes(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right) {
    return left;
  }
  const children = union(withoutMemberOrLeaf(left), withoutMemberOrLeaf(right));
  const member = isMember(left) || isMember(right);
  return sameNode(left, member, children) ? left : (nodeOf(member, children) ?? LEAF);
}

function withoutMemberOrLeaf(node: FieldSet): FieldSet {
  return MEMBER in node ? withoutMember(node) : node;
}

/** Whether a node already is what it would be rebuilt to, so that it can be kept. */
function sameNode(node: FieldSet, member: boolean, children: FieldSet): boolean {
  if (member !== isMember(node)) {
    return false;
  }
  const own = Object.keys(node);
  const childCount = own.length - (MEMBER in node ? 1 : 0);
  return (
    childCount === Object.keys(children).length &&
    own.every((element) => element === MEMBER || children[element] === node[element])
  );
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
  let draft: Draft | null = null;
  for (const element of Object.keys(right)) {
    const before = left[element];
    if (element === MEMBER || before === undefined) {
      continue;
    }
    const other = right[element] ?? LEAF;
    const after = recursive && isMember(other) ? undefined : subtractNode(before, other, recursive);
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
  const member = isMember(left) && !isMember(right);
  const children = subtract(withoutMemberOrLeaf(left), right, recursive);
  return sameNode(left, member, children) ? left : nodeOf(member, children);
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right) {
    return left;
  }
  const draft: Draft = {};
  for (const element of Object.keys(left)) {
    const other = right[element];
    if (element === MEMBER || other === undefined) {
      continue;
    }
    const node = intersectNode(left[element] ?? LEAF, other);
    if (node !== undefined) {
      draft[element] = node;
    }
  }
  return draft;
}

function intersectNode(left: FieldSet, right: FieldSet): FieldSet | undefined {
  if (left === right) {
    return left;
  }
  const children = intersection(withoutMemberOrLeaf(left), withoutMemberOrLeaf(right));
  return nodeOf(isMember(left) && isMember(right), children);
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
    forEachPath(childrenOf(set, element), visit, [...prefix, element]);
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
    if (element === null) {
      continue;
    }
    const children = readFieldSet(below);
    const member = isEmptySet(children) || (isJsonObject(below) && MEMBER in below);
    builder.add(element, nodeOf(member, children));
  }
  return builder.build();
}

function inOrder(draft: Draft): FieldSet {
  const elements = Object.keys(draft);
  const { [MEMBER]: member, ...rest } = draft;
  if (isSorted(elements)) {
    return draft;
  }
  const sorted = Object.entries(rest).sort(([left], [right]) => compareElements(left, right));
  return Object.fromEntries(member === undefined ? sorted : [[MEMBER, member], ...sorted]);
}

function isSorted(elements: readonly string[]): boolean {
  return elements.every(
    (element, index) =>
      index === 0 || compareElements(elements[index - 1] ?? element, element) <= 0,
  );
}
