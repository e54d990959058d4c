import { Controller, Get, Inject, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { CLUSTER_PORT, type ClusterPort } from "../cluster-port.js";
import { queryOf } from "../http/response-writer.js";
import { writeNotFound } from "../http/status-error.filter.js";

interface Check {
  readonly name: string;
  readonly isPassed: () => boolean;
}

type Endpoint = "readyz" | "livez" | "healthz";

/** Whether the service can be used. apiserver/pkg/server/healthz/healthz.go, 1.34. */
@Controller()
export class HealthController {
  readonly #checks: readonly Check[];

  constructor(@Inject(CLUSTER_PORT) cluster: ClusterPort) {
    this.#checks = [
      { name: "ping", isPassed: () => true },
      { name: "simulation", isPassed: () => cluster.isReady },
    ];
  }

  @Get("readyz")
  readyz(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#answer("readyz", request, reply);
  }

  @Get("livez")
  livez(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#answer("livez", request, reply);
  }

  @Get("healthz")
  healthz(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#answer("healthz", request, reply);
  }

  @Get(["readyz/:check", "livez/:check", "healthz/:check"])
  async single(
    @Req() request: FastifyRequest<{ Params: { check: string } }>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const check = this.#checks.find(({ name }) => name === request.params.check);
    if (check === undefined) await writeNotFound(reply);
    else if (check.isPassed()) await writePlain(reply, 200, "ok");
    else await writePlain(reply, 500, "internal server error: reason withheld\n");
  }

  async #answer(endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const query = queryOf(request);
    const excluded = new Set(query?.getAll("exclude") ?? []);
    let isPassed = true;
    let lines = "";
    for (const check of this.#checks) {
      const isExcluded = excluded.has(check.name);
      const isGood = isExcluded || check.isPassed();
      isPassed &&= isGood;
      const result = isExcluded ? "excluded: ok" : isGood ? "ok" : "failed: reason withheld";
      lines += `[${isGood ? "+" : "-"}]${check.name} ${result}\n`;
    }
    if (!isPassed) await writePlain(reply, 500, `${lines}${endpoint} check failed\n`);
    else if (query?.has("verbose") === true)
      await writePlain(reply, 200, `${lines}${endpoint} check passed\n`);
    else await writePlain(reply, 200, "ok");
  }
}

async function writePlain(reply: FastifyReply, code: number, text: string): Promise<void> {
  await reply
    .code(code)
    .header("content-type", "text/plain; charset=utf-8")
    .header("x-content-type-options", "nosniff")
    .header("cache-control", "no-cache, private")
    .send(text);
}
