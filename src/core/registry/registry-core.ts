import type { ResourceDefinition } from "../api/index.js";
import type { ObjectStore } from "../store/index.js";
import type { ApiRequest } from "./api-request.js";
import type { RegistryEnvironment } from "./environment.js";
import { strategyOf } from "./strategies/index.js";
import type { Strategy, WriteContext } from "./strategy.js";

/** What the verbs share. */
export class RegistryCore {
  constructor(
    readonly store: ObjectStore,
    readonly environment: RegistryEnvironment,
  ) {}

  strategyOf(resource: ResourceDefinition): Strategy {
    return strategyOf(resource);
  }

  contextOf(request: ApiRequest): WriteContext {
    const options = "options" in request ? request.options : {};
    return {
      resource: request.resource,
      namespace: request.resource.namespaced ? request.namespace : "",
      subresource: "subresource" in request ? request.subresource : undefined,
      dryRun: "dryRun" in options && options.dryRun,
      nowMs: this.environment.nowMs(),
      environment: this.environment,
      store: this.store,
      warnings: [],
    };
  }
}
