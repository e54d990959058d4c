import type { ResourceDefinition, SimRecord } from "../api/index.js";
import type { ObjectStore, StoreWatch, WatchHandlers } from "../store/index.js";
import type { ApiRequest, ApiResponse } from "./api-request.js";
import { create } from "./create.js";
import { removeCollection } from "./delete-collection.js";
import { remove } from "./delete.js";
import type { RegistryEnvironment } from "./environment.js";
import { get } from "./get.js";
import { list } from "./list.js";
import { patch } from "./patch.js";
import { RegistryCore } from "./registry-core.js";
import { selectionOf, type SelectionOptions } from "./selection.js";
import { update } from "./update.js";
import { asServed } from "./versions.js";

export interface RegistryOptions {
  readonly store: ObjectStore;
  readonly environment: RegistryEnvironment;
}

/** The only writer of the store: Kubernetes' rules for every request, whoever makes it. */
export class Registry {
  readonly #core: RegistryCore;

  constructor({ store, environment }: RegistryOptions) {
    this.#core = new RegistryCore(store, environment);
  }

  /** Does the request in this step. @throws StatusError when it is refused; then nothing was changed. */
  execute(request: ApiRequest): ApiResponse {
    switch (request.verb) {
      case "get":
        return get(this.#core, request);
      case "list":
        return list(this.#core, request);
      case "create":
        return create(this.#core, request);
      case "update":
        return update(this.#core, request);
      case "patch":
        return patch(this.#core, request);
      case "delete":
        return remove(this.#core, request);
      case "deletecollection":
        return removeCollection(this.#core, request);
    }
  }

  /** A watch of stored objects inside the core. @throws StatusError for a bad selector. */
  watch(
    resource: ResourceDefinition,
    namespace: string,
    options: SelectionOptions,
    handlers: WatchHandlers,
  ): StoreWatch {
    const selection = selectionOf(resource, namespace, options);
    const { onEvent } = handlers;
    const served: WatchHandlers = {
      ...handlers,
      onEvent: ({ type, object }) => {
        onEvent({ type, object: asServed(object, resource) });
      },
    };
    return this.#core.store.watch(
      resource.storage,
      {
        namespace: selection.namespace,
        ...(selection.indexValue === undefined ? {} : { indexValue: selection.indexValue }),
        ...(selection.matches === undefined ? {} : { matches: selection.matches }),
      },
      // Only events have another form than the stored one.
      resource.storage === "events" ? served : handlers,
    );
  }

  /** Puts a record of the simulation in its place in the one order. @returns its cursor. */
  record(record: SimRecord): number {
    return this.#core.store.appendRecord(record);
  }
}
