import type { Pod } from "../api/index.js";
import { copyOf, podInfoOf, type NodeInfo, type PodInfo } from "./node-info.js";

/** Pods that wait for their victims to leave a node: until they are bound, the room is theirs against pods of no higher priority. */
export class Nominations {
  readonly #byUid = new Map<string, { readonly info: PodInfo; readonly node: string }>();

  add(pod: Pod, node: string): void {
    this.#byUid.set(pod.metadata.uid, { info: podInfoOf(pod), node });
  }

  remove(uid: string): void {
    this.#byUid.delete(uid);
  }

  /** The nodes as `pod` may see them (schedule_one.go addNominatedPods, 1.34). */
  withReserved(pod: PodInfo, nodes: readonly NodeInfo[]): readonly NodeInfo[] {
    if (this.#byUid.size === 0) return nodes;
    return nodes.map((node) => {
      const reserved = [...this.#byUid.values()].filter(
        ({ info, node: name }) =>
          name === node.name &&
          info.pod.metadata.uid !== pod.pod.metadata.uid &&
          (info.pod.spec.priority ?? 0) >= (pod.pod.spec.priority ?? 0),
      );
      if (reserved.length === 0) return node;
      const copy = copyOf(node);
      for (const { info } of reserved) copy.addPod(info.pod);
      return copy;
    });
  }
}
