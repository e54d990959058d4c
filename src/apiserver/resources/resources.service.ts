import { Inject, Injectable } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { unknownPath } from "../../core/api/index.js";
import { executeApi } from "../cluster-calls.js";
import { CLUSTER_PORT, type ClusterPort } from "../cluster-port.js";
import { pathOf, queryOf, writeObject } from "../http/response-writer.js";
import { writeNotFound } from "../http/status-error.filter.js";
import { isMetaConversion } from "../negotiation/conversion.js";
import { negotiateMediaType } from "../negotiation/media-type.js";
import { convertBody, readIncludeObject } from "../negotiation/transform.js";
import { methodNotAllowed, noAcceptableType } from "../refusals.js";
import { WatchService } from "../watch/watch.service.js";
import { booleanParameter } from "./query-values.js";
import { readApiRequest } from "./request-reader.js";
import { ResourceRoutes, type Route } from "./resource-routes.js";

const NO_QUERY = new URLSearchParams();

/** Serves every path of every resource: finds its row, reads the request, hands it to the cluster, writes the answer. */
@Injectable()
export class ResourcesService {
  constructor(
    @Inject(ResourceRoutes) private readonly routes: ResourceRoutes,
    @Inject(CLUSTER_PORT) private readonly cluster: ClusterPort,
    @Inject(WatchService) private readonly watches: WatchService,
  ) {}

  /** @throws StatusError */
  async serve(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const query = queryOf(request) ?? NO_QUERY;
    const isWatch = booleanParameter(query, "watch") ?? false;
    const routing = this.routes.resolve(request.method, pathOf(request), isWatch);
    switch (routing.found) {
      case "nothing":
        await writeNotFound(reply);
        return;
      case "group-only":
        throw unknownPath();
      case "other-methods":
        reply.header("allow", routing.methods.join(", "));
        throw methodNotAllowed();
      case "route":
        await this.#serveRoute(routing.route, query, request, reply);
    }
  }

  async #serveRoute(
    route: Route,
    query: URLSearchParams,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const mediaType = negotiateMediaType(request.headers.accept, isMetaConversion);
    if (mediaType === null) throw noAcceptableType();
    const includeObject = readIncludeObject(mediaType, query);
    if (route.verb === "watch") {
      await this.watches.serve(route, query, mediaType, includeObject, reply);
      return;
    }
    const { raw: message, headers } = request;
    const apiRequest = await readApiRequest(route, { message, headers, query });
    const response = await executeApi(this.cluster, apiRequest);
    const body = convertBody(response.body, route.definition, mediaType, includeObject);
    await writeObject(request, reply, {
      code: response.code,
      body,
      mediaType,
      warnings: response.warnings,
    });
  }
}
