import { isIPv6 } from "node:net";
import type { AddressInfo } from "node:net";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import type { Logger } from "pino";
import { createApplication } from "./application.js";
import { ConfigError, createLogger, readConfig, type Config } from "./config/index.js";
import { DatabaseError } from "./persistence/index.js";
import { SimulationService } from "./simulation/index.js";

const EXIT_STOPPED = 0;
const EXIT_FAILED = 1;
const EXIT_MISCONFIGURED = 2;

/** A stop that takes longer is cut off: everything committed is on disk by then, or never will be. */
const STOP_LIMIT_MS = 10_000;

/** How long those who wait have to read their 503 when the service fails. */
const FAREWELL_MS = 500;

const main = async (): Promise<void> => {
  const stopAsked = stopSignal();
  const config = configuration();
  const logger = createLogger(config.logLevel);
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ err: error }, event);
      end(EXIT_FAILED, `stopped by an unexpected error: ${messageOf(error)}`);
    });
  }
  const application = await started(config, logger);
  const simulation = application.get(SimulationService);
  await listen(application, config);
  stopAsked.isReady = true;
  const failure = await Promise.race([stopAsked.received, simulation.failure]);
  if (failure instanceof Error) {
    if (!(failure instanceof DatabaseError)) logger.fatal({ err: failure }, "stopping");
    process.stderr.write(`peapod: stopping: ${failure.message}\n`);
    await sleep(FAREWELL_MS);
  }
  await stop(application, logger);
  process.exit(failure instanceof Error ? EXIT_FAILED : EXIT_STOPPED);
};

interface StopSignal {
  readonly received: Promise<void>;
  /** Until the service is ready there is nothing to finish: a signal ends the process at once. */
  isReady: boolean;
}

const stopSignal = (): StopSignal => {
  let resolve = (): void => undefined;
  const received = new Promise<void>((settle) => {
    resolve = settle;
  });
  const signal = { received, isReady: false };
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.once(name, () => {
      if (!signal.isReady) process.exit(EXIT_STOPPED);
      resolve();
    });
  }
  return signal;
};

const configuration = (): Config => {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return end(EXIT_MISCONFIGURED, error.message);
    throw error;
  }
};

const started = async (config: Config, logger: Logger): Promise<NestFastifyApplication> => {
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
  const closed = application.close().catch((error: unknown) => {
    logger.error({ err: error }, "stopping was not clean");
  });
  const isClosed = await Promise.race([closed.then(() => true), sleep(STOP_LIMIT_MS)]);
  if (isClosed !== true) logger.warn("stopping took too long");
};

const sleep = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";

/** Says why in one line and ends the process. */
const end = (code: number, line: string): never => {
  process.stderr.write(`peapod: ${line}\n`);
  process.exit(code);
};

await main();
