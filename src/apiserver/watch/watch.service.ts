import { Inject, Injectable } from "@nestjs/common";
import type { FastifyReply } from "fastify";
import { badRequest } from "../../core/api/index.js";
import { executeApi } from "../cluster-calls.js";
import { CLUSTER_PORT, type ClusterPort, type ObjectList } from "../cluster-port.js";
import { ResponseStream } from "../http/response-stream.js";
import { MIN_WATCH_TIMEOUT_SECONDS } from "../limits.js";
import type { MediaType } from "../negotiation/media-type.js";
import type { IncludeObject } from "../negotiation/table.js";
import { noStreamType, resourceVersionExpired, resourceVersionTooLarge } from "../refusals.js";
import { parseListParameters, type ListParameters } from "../resources/list-parameters.js";
import type { Route } from "../resources/resource-routes.js";
import { WatchEncoder } from "./watch-encoder.js";
import { watchSelection } from "./watch-selection.js";
import { WatchSession } from "./watch-session.js";

/** Serves watches: what there is, then what changes, from the one feed of the cluster. */
@Injectable()
export class WatchService {
  constructor(@Inject(CLUSTER_PORT) private readonly cluster: ClusterPort) {}

  /**
   * Returns when the watch has ended. @throws StatusError before anything was sent: bad parameters, or a version that is not there yet.
   */
  async serve(
    route: Route,
    query: URLSearchParams,
    mediaType: MediaType,
    includeObject: IncludeObject,
    reply: FastifyReply,
  ): Promise<void> {
    if (mediaType.encoding !== "json") throw noStreamType();
    const parameters = withName(parseListParameters(query, true), route.name);
    const { definition, namespace } = route;
    const selection = watchSelection(definition, namespace, parameters.list);
    const version = versionOf(parameters);
    const current = this.cluster.feed.durableSequence;
    if (version !== null && version > current) throw resourceVersionTooLarge(version, current);
    const initial =
      parameters.sendInitialEvents === true ? await this.#list(route, parameters) : null;
    const encoder = new WatchEncoder(
      definition,
      mediaType.conversion,
      includeObject,
      () => this.cluster.nowMs,
    );
    const stream = new ResponseStream(reply, "application/json");
    const after =
      initial === null ? (version ?? current) : Number(initial.metadata.resourceVersion);
    const { oldestSequence } = this.cluster.feed;
    const session = new WatchSession(stream, encoder, {
      selection,
      initial,
      timeoutMs: timeoutMsOf(parameters),
      sendsBookmarks: parameters.allowWatchBookmarks,
    });
    if (after < oldestSequence - 1)
      await session.refuse(resourceVersionExpired(after, oldestSequence));
    else await session.run(this.cluster.feed.open(after, selection.filter));
  }

  async #list(route: Route, { list }: ListParameters): Promise<ObjectList> {
    const { labelSelector, fieldSelector } = list;
    const response = await executeApi(this.cluster, {
      verb: "list",
      resource: route.definition,
      namespace: route.namespace,
      options: {
        ...(labelSelector === undefined ? {} : { labelSelector }),
        ...(fieldSelector === undefined ? {} : { fieldSelector }),
      },
    });
    return response.body as ObjectList;
  }
}

/** A watch of one object is a watch with a field selector. handlers/get.go `ListResource`, 1.34. */
function withName(parameters: ListParameters, name: string): ListParameters {
  if (name === "") return parameters;
  const fieldSelector = `metadata.name=${name}`;
  const asked = parameters.list.fieldSelector ?? fieldSelector;
  if (asked !== fieldSelector)
    throw badRequest("fieldSelector metadata.name doesn't match requested name");
  return { ...parameters, list: { ...parameters.list, fieldSelector } };
}

/** null for none, or "0", which is any. @throws StatusError 400. */
function versionOf({ list }: ListParameters): number | null {
  const { resourceVersion: text = "0" } = list;
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  return Number(text) === 0 ? null : Number(text);
}

function timeoutMsOf({ timeoutSeconds = 0 }: ListParameters): number {
  const seconds =
    timeoutSeconds > 0 ? timeoutSeconds : MIN_WATCH_TIMEOUT_SECONDS * (1 + Math.random());
  return Math.min(seconds * 1000, MAX_TIMER_MS);
}

/** The longest a Node timer can be set for. */
const MAX_TIMER_MS = 2 ** 31 - 1;
