/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters -- a test names the type of what it asks for */
import {
  isStatusError,
  resourceByStorage,
  type KubeObject,
  type Pod,
  type ResourceDefinition,
  type StatusError,
} from "../../api/index.js";
import { Engine, type Call } from "../../engine/index.js";
import { ObjectStore } from "../../store/index.js";
import { bootstrap } from "../bootstrap.js";
import { LocalClient } from "../local-client.js";
import { Registry } from "../registry.js";
import type {
  ApiResponse,
  DeleteOptions,
  ListOptions,
  ObjectList,
  PatchType,
  StatusBody,
  WriteOptions,
} from "../api-request.js";

/** 2026-01-01T00:00:00Z */
export const START_MS = 1_767_225_600_000;

/** A registry on an engine of its own, with short ways to make requests. */
export class RegistryFixture {
  readonly engine = new Engine({ seed: 1, startMs: START_MS });
  readonly store: ObjectStore;
  readonly registry: Registry;
  readonly client: LocalClient;
  #uids = 0;

  /** @param options.bootstrapped false: nothing is there at all */
  constructor({ bootstrapped = true }: { readonly bootstrapped?: boolean } = {}) {
    this.store = new ObjectStore({
      nowMs: () => this.engine.nowMs,
      defer: (action) => {
        this.engine.soon(action);
      },
      indexes: { pods: (object) => (object as Pod).spec.nodeName ?? "" },
    });
    this.registry = new Registry({
      store: this.store,
      environment: {
        nowMs: () => this.engine.nowMs,
        uid: () => `uid-${(this.#uids += 1)}`,
        random: (name) => this.engine.random(name),
      },
    });
    this.client = new LocalClient(this.registry, "test-component");
    if (bootstrapped) bootstrap(this.registry);
  }

  resource(storage: string): ResourceDefinition {
    return resourceByStorage(storage);
  }

  create<T extends KubeObject = KubeObject>(
    storage: string,
    body: unknown,
    options: WriteOptions & { readonly namespace?: string } = {},
  ): T {
    return this.createResponse(storage, body, options).body as unknown as T;
  }

  createResponse(
    storage: string,
    body: unknown,
    { namespace = "default", ...options }: WriteOptions & { readonly namespace?: string } = {},
  ): ApiResponse {
    const resource = resourceByStorage(storage);
    return this.registry.execute({
      verb: "create",
      resource,
      namespace: resource.namespaced ? namespace : "",
      body,
      options,
    });
  }

  post(
    storage: string,
    name: string,
    subresource: string,
    body: unknown,
    options: WriteOptions = {},
  ): ApiResponse {
    return this.registry.execute({
      verb: "create",
      resource: resourceByStorage(storage),
      namespace: "default",
      name,
      subresource,
      body,
      options,
    });
  }

  get<T extends KubeObject = KubeObject>(storage: string, name: string, namespace = "default"): T {
    const resource = resourceByStorage(storage);
    const { body } = this.registry.execute({ verb: "get", resource, namespace, name });
    return body as unknown as T;
  }

  exists(storage: string, name: string, namespace = "default"): boolean {
    const { namespaced } = resourceByStorage(storage);
    return this.store.get(storage, namespaced ? namespace : "", name) !== undefined;
  }

  list(storage: string, options: ListOptions = {}, namespace = "default"): ObjectList {
    const resource = resourceByStorage(storage);
    const { body } = this.registry.execute({ verb: "list", resource, namespace, options });
    return body as ObjectList;
  }

  update<T extends KubeObject = KubeObject>(
    storage: string,
    name: string,
    body: unknown,
    subresource?: string,
    options: WriteOptions = {},
  ): T {
    const response = this.registry.execute({
      verb: "update",
      resource: resourceByStorage(storage),
      namespace: "default",
      name,
      body,
      options,
      ...(subresource === undefined ? {} : { subresource }),
    });
    return response.body as unknown as T;
  }

  patch<T extends KubeObject = KubeObject>(
    storage: string,
    name: string,
    patchType: PatchType,
    body: unknown,
    options: WriteOptions & { readonly force?: boolean; readonly subresource?: string } = {},
  ): T {
    const { subresource, ...writeOptions } = options;
    const response = this.registry.execute({
      verb: "patch",
      resource: resourceByStorage(storage),
      namespace: "default",
      name,
      patchType,
      body,
      options: writeOptions,
      ...(subresource === undefined ? {} : { subresource }),
    });
    return response.body as unknown as T;
  }

  delete(storage: string, name: string, options: DeleteOptions = {}): ApiResponse {
    return this.registry.execute({
      verb: "delete",
      resource: resourceByStorage(storage),
      namespace: "default",
      name,
      options,
    });
  }

  /** Puts a pod on a node, as the scheduler does. */
  bind(pod: string, node: string): void {
    this.post("pods", pod, "binding", {
      metadata: { name: pod },
      target: { kind: "Node", name: node },
    });
  }

  /** Runs a call of the client to its end, with all that is ready. */
  run<T>(call: Call<T>): T {
    let failure: unknown = null;
    const process = this.engine.spawn("test", call, (error) => {
      failure = error;
    });
    this.engine.settle();
    if (failure !== null) throw failure as Error;
    return process.result as T;
  }

  /** Seconds of virtual time go by. */
  pass(seconds: number): void {
    this.engine.runUntil(this.engine.nowMs + seconds * 1000);
  }
}

/** The Status of a refused request; an error when it was not refused. */
export const refusalOf = (request: () => unknown): StatusError => {
  try {
    request();
  } catch (error) {
    if (isStatusError(error)) return error;
    throw error;
  }
  throw new Error("the request was not refused");
};

export const aPod = (name: string, spec: Partial<Pod["spec"]> = {}): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { containers: [{ name: "app", image: "busybox" }], ...spec },
});

export const statusBodyOf = (response: ApiResponse): StatusBody => response.body as StatusBody;
