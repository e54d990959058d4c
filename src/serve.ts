import { isIPv6, type AddressInfo } from "node:net";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import type { Logger } from "pino";
import { createApplication } from "./application.js";
import { createLogger, type Config } from "./config/index.js";
import { DatabaseError } from "./persistence/index.js";
import { end, EXIT_FAILED, EXIT_STOPPED, messageOf } from "./process-end.js";
import { SimulationService } from "./simulation/index.js";
import type { StopSignal } from "./stop-signal.js";

/** A stop that takes longer is cut off: everything committed is on disk by then, or never will be. */
const STOP_LIMIT_MS = 10_000;

/** How long those who wait have to read their 503 when the service fails. */
const FAREWELL_MS = 500;

/** Runs the service until it is told to stop or fails, and ends the process. */
export const serve = async (config: Config, stopSignal: StopSignal): Promise<never> => {
  const logger = createLogger(config.logLevel);
  endOnUnexpectedErrors(logger);
  const application = await start(config, logger);
  const simulation = application.get(SimulationService);
  simulation.onFault((error) => {
    logger.error({ err: error }, "a request met a fault of ours");
  });
  await listen(application, config);
  stopSignal.isReady = true;
  const failure = await Promise.race([stopSignal.received, simulation.failure]);
  if (!(failure instanceof Error)) {
    await stop(application, logger);
    process.exit(EXIT_STOPPED);
  }
  if (!(failure instanceof DatabaseError)) logger.fatal({ err: failure }, "stopping");
  process.stderr.write(`peapod: stopping: ${messageOf(failure)}\n`);
  await sleep(FAREWELL_MS);
  await stop(application, logger);
  process.exit(EXIT_FAILED);
};

const endOnUnexpectedErrors = (logger: Logger): void => {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ err: error }, event);
      end(EXIT_FAILED, `stopped by an unexpected error: ${messageOf(error)}`);
    });
  }
};

const start = async (config: Config, logger: Logger): Promise<NestFastifyApplication> => {
  try {
    return await createApplication(config, logger);
  } catch (error) {
    if (!(error instanceof DatabaseError)) logger.fatal({ err: error }, "start failed");
    return end(EXIT_FAILED, `cannot start: ${messageOf(error)}`);
  }
};

const listen = async (application: NestFastifyApplication, config: Config): Promise<void> => {
  try {
    await application.listen(config.port, config.host);
  } catch (error) {
    await application.close().catch(() => undefined);
    end(EXIT_FAILED, `cannot listen on ${config.host}:${config.port}: ${listenProblem(error)}`);
  }
  const { port } = application.getHttpServer().address() as AddressInfo;
  const host = isIPv6(config.host) ? `[${config.host}]` : config.host;
  process.stdout.write(`Peapod is ready on http://${host}:${port}\n`);
};

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use; set PEAPOD_PORT to another one",
  EACCES: "this port needs more rights; set PEAPOD_PORT to one above 1023",
  EADDRNOTAVAIL: "this machine does not have that address",
  ENOTFOUND: "that host name is not known",
};

const listenProblem = (error: unknown): string =>
  LISTEN_PROBLEMS[(error as { code?: string }).code ?? ""] ?? messageOf(error);

const stop = async (application: NestFastifyApplication, logger: Logger): Promise<void> => {
  const closed = application.close().then(
    () => true,
    (error: unknown) => {
      logger.error({ err: error }, "stopping was not clean");
      return true;
    },
  );
  const isClosed = await Promise.race([closed, sleep(STOP_LIMIT_MS).then(() => false)]);
  if (!isClosed) logger.warn("stopping took too long");
};

const sleep = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });
