import { parseAllDocuments } from "yaml";
import {
  findKind,
  resourceByStorage,
  splitApiVersion,
  type Event,
  type KubeObject,
} from "../../api/index.js";
import { Cluster } from "../cluster.js";
import type { SessionOutput } from "../exec-commands.js";

type Propagation = "Background" | "Foreground" | "Orphan";
type DeletionOptions = { readonly propagationPolicy?: Propagation };

/** 2026-01-01T00:00:00Z. */
const START_MS = 1_767_225_600_000;

/** A cluster that specs talk to as kubectl does: apply, get, exec. */
export class ShellCluster {
  readonly cluster: Cluster;
  #sessions = 0;

  constructor(nodes: readonly string[] = ["node-1", "node-2"]) {
    this.cluster = new Cluster({
      seed: 1,
      startMs: START_MS,
      nodes: nodes.map((name) => ({ name, capacity: {}, labels: {}, taints: [] })),
      pullTimeScale: 0,
    });
    this.advance(5);
  }

  advance(seconds: number): void {
    this.cluster.engine.runUntil(this.cluster.engine.nowMs + seconds * 1000);
  }

  /** Creates every document of a manifest; gives the message of the first refusal, or null. */
  create(manifest: string): string | null {
    for (const document of parseAllDocuments(manifest)) {
      const body = document.toJS() as Pick<KubeObject, "apiVersion" | "kind" | "metadata">;
      const { group, version } = splitApiVersion(body.apiVersion);
      const resource = findKind(group, version, body.kind);
      if (resource === undefined) throw new Error(`no kind ${body.kind}`);
      const outcome = this.cluster.execute({
        type: "api",
        request: {
          verb: "create",
          resource,
          namespace: resource.namespaced ? (body.metadata.namespace ?? "default") : "",
          body,
          options: {},
        },
      });
      if (!outcome.ok) return outcome.status.message ?? "";
    }
    return null;
  }

  list(storage: string, labelSelector = ""): readonly KubeObject[] {
    const outcome = this.cluster.execute({
      type: "api",
      request: {
        verb: "list",
        resource: resourceByStorage(storage),
        namespace: "default",
        options: { labelSelector },
      },
    });
    if (!outcome.ok || !("response" in outcome)) throw new Error("the list was refused");
    return (outcome.response.body as unknown as { readonly items: readonly KubeObject[] }).items;
  }

  get(storage: string, name: string): KubeObject {
    const found = this.list(storage).find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`there is no ${storage} ${name}`);
    return found;
  }

  patch(storage: string, name: string, body: unknown): void {
    this.#change({ verb: "patch", storage, name, body });
  }

  remove(storage: string, name: string, propagationPolicy?: Propagation): void {
    const body = propagationPolicy === undefined ? {} : { propagationPolicy };
    this.#change({ verb: "delete", storage, name, body });
  }

  /** What the events about an object say: `FailedMount: MountVolume.SetUp failed …`. */
  events(name: string): readonly string[] {
    return (this.list("events") as readonly Event[])
      .filter(({ involvedObject }) => involvedObject.name === name)
      .map(({ reason, message }) => `${reason ?? ""}: ${message ?? ""}`);
  }

  /** What a container wrote to its log. */
  log(pod: string, container: string): string {
    const query = { namespace: "default", pod, container };
    const outcome = this.cluster.execute({ type: "read-log", query });
    if (!outcome.ok || !("log" in outcome)) throw new Error("there is no such log");
    return outcome.log.text;
  }

  /**
   * What a command in a container's shell writes, and its exit code as the last line.
   * @param target the pod, or `pod/container`
   */
  sh(target: string, script: string, seconds = 20): string {
    this.#sessions += 1;
    const session = this.#sessions;
    const [pod = "", container] = target.split("/");
    const query = {
      namespace: "default",
      pod,
      ...(container === undefined ? {} : { container }),
      command: ["sh", "-c", script],
      stdin: false,
      stdout: true,
      stderr: true,
      tty: false,
    };
    const action = { kind: "start", session, query } as const;
    const outcome = this.cluster.execute({ type: "exec", action });
    if (!outcome.ok) throw new Error(outcome.status.message);
    if ("exec" in outcome && !outcome.exec.accepted) throw new Error(outcome.exec.message);
    this.advance(seconds);
    return textOf(this.cluster.takeSessionOutputs().filter((output) => output.session === session));
  }

  #change(change: {
    readonly verb: "patch" | "delete";
    readonly storage: string;
    readonly name: string;
    readonly body: unknown;
  }): void {
    const { verb, storage, name, body } = change;
    const target = { resource: resourceByStorage(storage), namespace: "default", name };
    const outcome = this.cluster.execute({
      type: "api",
      request:
        verb === "delete"
          ? { verb, ...target, options: body as DeletionOptions }
          : { verb, ...target, patchType: "merge", body, options: {} },
    });
    if (!outcome.ok) throw new Error(outcome.status.message);
  }
}

const textOf = (outputs: readonly SessionOutput[]): string =>
  outputs
    .map((output) => {
      if (output.kind === "output") return new TextDecoder().decode(output.bytes);
      return output.kind === "exit" ? `exit ${output.exitCode}` : "";
    })
    .join("");
