import { Inject, Injectable } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { badRequest, StatusError, unknownPath } from "../../core/api/index.js";
import { executeApi } from "../cluster-calls.js";
import { CLUSTER_PORT, type ClusterPort } from "../cluster-port.js";
import { pathOf, queryOf, writeObject } from "../http/response-writer.js";
import { warningHeaders } from "../http/warning-headers.js";
import { writeNotFound } from "../http/status-error.filter.js";
import { MetricsService } from "../health/metrics.service.js";
import { LogsService } from "../logs/logs.service.js";
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
    @Inject(LogsService) private readonly logs: LogsService,
    @Inject(MetricsService) private readonly metrics: MetricsService,
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
      case "route": {
        const { route } = routing;
        await this.#measure(route, reply, () => this.#serveRoute(route, query, request, reply));
      }
    }
  }

  async #serveRoute(
    route: Route,
    query: URLSearchParams,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { deprecation } = route.definition;
    const deprecations = deprecation === undefined ? [] : [deprecation];
    // A refusal and a watch carry it too.
    if (deprecations.length > 0) reply.header("warning", warningHeaders(deprecations));
    if (route.subresource?.name === "log") {
      await this.logs.serve(route, query, reply);
      return;
    }
    if (CONNECTS.has(route.subresource?.name ?? "")) throw badRequest("Upgrade request required");
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
    const { nowMs } = this.cluster;
    const body = convertBody(response.body, route.definition, mediaType, { includeObject, nowMs });
    const warnings = [...deprecations, ...response.warnings];
    await writeObject(request, reply, { code: response.code, body, mediaType, warnings });
  }

  async #measure(route: Route, reply: FastifyReply, work: () => Promise<void>): Promise<void> {
    const { group, version, plural: resource } = route.definition;
    const subresource = route.subresource?.name ?? "";
    const labels = { verb: route.verb.toUpperCase(), group, version, resource, subresource };
    const isLong = route.verb === "watch" || subresource === "log";
    const beganMs = performance.now();
    let code = 500;
    try {
      await (isLong ? this.metrics.whileRunning(labels, work) : work());
      code = reply.statusCode;
    } catch (error) {
      if (error instanceof StatusError) code = error.code;
      throw error;
    } finally {
      const seconds = (performance.now() - beganMs) / 1000;
      this.metrics.observe(labels, code, isLong ? undefined : seconds);
    }
  }
}

/** Subresources that a client connects to: exec, and what is like it. */
const CONNECTS: ReadonlySet<string> = new Set(["attach", "exec", "portforward"]);
