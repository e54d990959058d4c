import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { pino } from "pino";
import { createApplication } from "../../../src/application.js";
import { readConfig } from "../../../src/config/index.js";

/** The whole service in this process, in memory, with its clock standing still: every answer is the same each time. */
export async function startContractApplication(
  environment: Readonly<Record<string, string>> = {},
): Promise<NestFastifyApplication> {
  const config = readConfig({
    PEAPOD_DATABASE: ":memory:",
    PEAPOD_CLOCK: "paused",
    PEAPOD_EPOCH: "2026-01-01T00:00:00Z",
    PEAPOD_NODES: "1",
    ...environment,
  });
  const application = await createApplication(config, pino({ level: "silent" }));
  await application.init();
  await application.getHttpAdapter().getInstance().ready();
  return application;
}
