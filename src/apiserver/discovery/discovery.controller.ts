import { createHash } from "node:crypto";
import { Controller, Get, Inject, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { unknownPath } from "../../core/api/index.js";
import { writeObject } from "../http/response-writer.js";
import { writeNotFound } from "../http/status-error.filter.js";
import { negotiateMediaType, type MediaType } from "../negotiation/media-type.js";
import { noAcceptableType } from "../refusals.js";
import { aggregatedDiscovery, isAggregatedDiscovery } from "./aggregated-discovery.js";
import { API_GROUPS, type ApiGroup } from "./api-groups.js";
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from "./resource-lists.js";
import { SERVER_VERSION } from "./server-version.js";

/** Tells clients what is served: the kinds, their names and their verbs. */
@Controller()
export class DiscoveryController {
  readonly #etags = new Map<unknown, string>();

  constructor(@Inject(API_GROUPS) private readonly groups: readonly ApiGroup[]) {}

  @Get("version")
  version(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return writeObject(request, reply, { code: 200, body: SERVER_VERSION, mediaType: INDENTED });
  }

  @Get("api")
  async coreVersions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#serve(request, reply, apiVersions(request.headers.host ?? ""), "core");
  }

  @Get("apis")
  async groupList(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#serve(request, reply, apiGroupList(this.groups), "named");
  }

  @Get("apis/:group")
  async group(
    @Req() request: FastifyRequest<{ Params: { group: string } }>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const group = this.#find(request.params.group);
    if (group === undefined || group.name === "") await writeNotFound(reply);
    else await this.#serve(request, reply, apiGroup(group));
  }

  @Get("api/:version")
  coreResources(
    @Req() request: FastifyRequest<{ Params: { version: string } }>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#serveResources(request, reply, "", request.params.version);
  }

  @Get("apis/:group/:version")
  groupResources(
    @Req() request: FastifyRequest<{ Params: { group: string; version: string } }>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#serveResources(request, reply, request.params.group, request.params.version);
  }

  async #serveResources(
    request: FastifyRequest,
    reply: FastifyReply,
    name: string,
    version: string,
  ): Promise<void> {
    const group = this.#find(name);
    const served = group?.versions.find((entry) => entry.version === version);
    if (group === undefined) await writeNotFound(reply);
    else if (served === undefined) throw unknownPath();
    else await this.#serve(request, reply, apiResourceList(group, served));
  }

  /** @param aggregate the groups whose aggregated document this path has, when the client asks for that form. */
  async #serve(
    request: FastifyRequest,
    reply: FastifyReply,
    body: unknown,
    aggregate?: "core" | "named",
  ): Promise<void> {
    const mediaType = negotiateMediaType(
      request.headers.accept,
      (conversion) => aggregate !== undefined && isAggregatedDiscovery(conversion),
    );
    if (mediaType === null) throw noAcceptableType();
    if (aggregate === undefined || mediaType.conversion === null)
      await writeObject(request, reply, { code: 200, body, mediaType });
    else await this.#serveAggregated(request, reply, mediaType, aggregate);
  }

  /** endpoints/discovery/aggregated/etag.go `ServeHTTPWithETag`, 1.34. */
  async #serveAggregated(
    request: FastifyRequest,
    reply: FastifyReply,
    mediaType: MediaType,
    aggregate: "core" | "named",
  ): Promise<void> {
    const version = mediaType.conversion?.version ?? "v2";
    const groups = this.groups.filter(({ name }) => (name === "") === (aggregate === "core"));
    const body = aggregatedDiscovery(groups, version);
    const etag = this.#etagOf(`${aggregate}/${version}`, body);
    reply.header("etag", etag).header("vary", "Accept");
    if (request.headers["if-none-match"] === etag) {
      await reply.code(304).send();
      return;
    }
    const parameters = `;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
    await writeObject(request, reply, { code: 200, body, mediaType, parameters });
  }

  #etagOf(key: string, body: unknown): string {
    const known = this.#etags.get(key);
    if (known !== undefined) return known;
    const hash = createHash("sha512").update(JSON.stringify(body)).digest("hex").toUpperCase();
    const etag = `"${hash}"`;
    this.#etags.set(key, etag);
    return etag;
  }

  #find(name: string): ApiGroup | undefined {
    return this.groups.find((group) => group.name === name);
  }
}

const INDENTED: MediaType = { encoding: "json", pretty: true, conversion: null };
