import {
  groupResourceOf,
  RESOURCES,
  type KubeObject,
  type ResourceDefinition,
  type SimRecord,
} from "../api/index.js";
import type {
  Client,
  ClientDeleteOptions,
  GroupResource,
  Patch,
  Watch,
  WatchEvent,
  WatchOptions,
} from "../client/index.js";
import type { Call } from "../engine/index.js";
import type { DeleteOptions } from "./api-request.js";
import type { Registry } from "./registry.js";

/**
 * The client of a component that runs in this process: every call is answered in the same step. Objects that components make are of
 * the right shape already, so they are not decoded again.
 */
export class LocalClient implements Client {
  /** @param identity who writes, as managedFields name it: `kubelet`, `kube-scheduler`. */
  constructor(
    private readonly registry: Registry,
    readonly identity: string,
  ) {}

  *get<T extends KubeObject>(resource: GroupResource, namespace: string, name: string): Call<T> {
    const { body } = this.registry.execute({
      verb: "get",
      resource: resourceNamed(resource),
      namespace,
      name,
    });
    return body as unknown as T;
  }

  *list<T extends KubeObject>(
    resource: GroupResource,
    options: WatchOptions = {},
  ): Call<readonly T[]> {
    const { namespace = "", ...selectors } = options;
    const { body } = this.registry.execute({
      verb: "list",
      resource: resourceNamed(resource),
      namespace,
      options: selectors,
    });
    if (!("items" in body)) throw new Error("a list has items");
    return body.items as readonly T[];
  }

  *create<T extends KubeObject>(
    resource: GroupResource,
    namespace: string,
    object: unknown,
  ): Call<T> {
    const { body } = this.registry.execute({
      verb: "create",
      resource: resourceNamed(resource),
      namespace,
      body: object,
      options: this.#writeOptions(),
    });
    return body as unknown as T;
  }

  *update<T extends KubeObject>(resource: GroupResource, object: T): Call<T> {
    return yield* this.#update(resource, object);
  }

  *updateStatus<T extends KubeObject>(resource: GroupResource, object: T): Call<T> {
    return yield* this.#update(resource, object, "status");
  }

  *updateSubresource<T extends KubeObject>(
    resource: GroupResource,
    subresource: string,
    object: T,
  ): Call<T> {
    return yield* this.#update(resource, object, subresource);
  }

  *patch<T extends KubeObject>(
    resource: GroupResource,
    namespace: string,
    name: string,
    patch: Patch,
  ): Call<T> {
    const { body } = this.registry.execute({
      verb: "patch",
      resource: resourceNamed(resource),
      namespace,
      name,
      patchType: patch.type,
      body: patch.body,
      options: this.#writeOptions(),
      ...(patch.subresource === undefined ? {} : { subresource: patch.subresource }),
    });
    return body as unknown as T;
  }

  *delete(
    resource: GroupResource,
    namespace: string,
    name: string,
    options: ClientDeleteOptions = {},
  ): Call<void> {
    this.registry.execute({
      verb: "delete",
      resource: resourceNamed(resource),
      namespace,
      name,
      options: deleteOptions(options),
    });
  }

  *createSubresource(
    resource: GroupResource,
    namespace: string,
    name: string,
    subresource: string,
    body: unknown,
  ): Call<unknown> {
    const response = this.registry.execute({
      verb: "create",
      resource: resourceNamed(resource),
      namespace,
      name,
      subresource,
      body,
      options: this.#writeOptions(),
    });
    return response.body;
  }

  watch<T extends KubeObject>(
    resource: GroupResource,
    options: WatchOptions,
    onEvent: (event: WatchEvent<T>) => void,
    onSynced?: () => void,
  ): Watch {
    const { namespace = "", ...selectors } = options;
    return this.registry.watch(resourceNamed(resource), namespace, selectors, {
      onEvent: (event) => {
        onEvent(event as WatchEvent<T>);
      },
      ...(onSynced === undefined ? {} : { onSynced }),
    });
  }

  record(record: SimRecord): number {
    return this.registry.record(record);
  }

  *#update<T extends KubeObject>(
    resource: GroupResource,
    object: T,
    subresource?: string,
  ): Call<T> {
    const { body } = this.registry.execute({
      verb: "update",
      resource: resourceNamed(resource),
      namespace: object.metadata.namespace ?? "",
      name: object.metadata.name,
      body: object,
      options: this.#writeOptions(),
      ...(subresource === undefined ? {} : { subresource }),
    });
    return body as unknown as T;
  }

  #writeOptions(): { readonly fieldManager: string } {
    return { fieldManager: this.identity };
  }
}

const BY_NAME = new Map(RESOURCES.map((resource) => [groupResourceOf(resource), resource]));

const resourceNamed = (name: GroupResource): ResourceDefinition => {
  const resource = BY_NAME.get(name);
  if (resource === undefined) throw new Error(`no resource is called ${name}`);
  return resource;
};

const deleteOptions = (options: ClientDeleteOptions): DeleteOptions => {
  const { uid, resourceVersion, ...rest } = options;
  if (uid === undefined && resourceVersion === undefined) return rest;
  return {
    ...rest,
    preconditions: {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
  };
};
