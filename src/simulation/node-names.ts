import type { NodeTemplate } from "../core/cluster/index.js";

/** Machines of a new cluster: `node-1`, `node-2`, … as the default capacity makes them. */
export const firstNodes = (count: number): NodeTemplate[] =>
  Array.from({ length: count }, (_, index) => plainNode(`node-${index + 1}`));

export const plainNode = (name: string): NodeTemplate => ({
  name,
  capacity: {},
  labels: {},
  taints: [],
});

/** Names for `count` more nodes: the given one alone, or numbered ones that are free. */
export const nextNodeNames = (
  taken: ReadonlySet<string>,
  name: string | undefined,
  count: number | undefined,
): string[] => {
  if (name !== undefined && count === undefined) return [name];
  const names: string[] = [];
  for (let number = 1; names.length < (count ?? 1); number += 1) {
    const next = `${name ?? "node"}-${number}`;
    if (!taken.has(next)) names.push(next);
  }
  return names;
};
