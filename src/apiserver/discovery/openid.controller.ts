import { Controller, Get, Inject, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { CLUSTER_PORT, type ClusterPort } from "../cluster-port.js";

/** What service account tokens are from. pkg/serviceaccount/openidmetadata.go, 1.34: also an hour in caches. */
const ISSUER = "https://kubernetes.default.svc.cluster.local";
const CACHING = "public, max-age=3600";

/** Lets others verify service account tokens: OpenID Connect discovery. pkg/routes/openidmetadata.go, 1.34. */
@Controller()
export class OpenIdController {
  constructor(@Inject(CLUSTER_PORT) private readonly cluster: ClusterPort) {}

  @Get(".well-known/openid-configuration")
  async configuration(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await send(reply, "application/json", {
      issuer: ISSUER,
      jwks_uri: `http://${request.headers.host ?? "127.0.0.1"}/openid/v1/jwks`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256"],
    });
  }

  @Get("openid/v1/jwks")
  async keys(@Res() reply: FastifyReply): Promise<void> {
    await send(reply, "application/jwk-set+json", this.cluster.tokenKeys ?? { keys: [] });
  }
}

/** As bytes, since Fastify adds a charset to the type of a text. */
async function send(reply: FastifyReply, type: string, body: object): Promise<void> {
  await reply
    .header("content-type", type)
    .header("cache-control", CACHING)
    .send(Buffer.from(JSON.stringify(body)));
}
