import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import type { Logger } from "pino";
import { createHttpAdapter } from "./apiserver/index.js";
import { AppModule } from "./app.module.js";
import { ACCESS_TOKEN, NestLogger, type AccessToken, type Config } from "./config/index.js";
import { publishContracts } from "./contracts/index.js";
import { unauthorized } from "./core/api/index.js";
import { StreamAdapter } from "./streaming/index.js";

/**
 * The whole service, started but not yet listening. @throws DatabaseError when the database cannot be used.
 */
export const createApplication = async (
  config: Config,
  logger: Logger,
): Promise<NestFastifyApplication> => {
  const application = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config),
    createHttpAdapter(),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest's options are a class by accident
    { abortOnError: false, bodyParser: false, logger: new NestLogger(logger) },
  );
  const token = application.get<AccessToken>(ACCESS_TOKEN);
  refuseWithoutToken(application, token);
  application.useWebSocketAdapter(new StreamAdapter(application, token));
  publishContracts(application);
  return application;
};

/** Before anything else is looked at, for known and unknown paths alike. */
const refuseWithoutToken = (application: NestFastifyApplication, token: AccessToken): void => {
  if (!token.isRequired) return;
  application
    .getHttpAdapter()
    .getInstance()
    .addHook("onRequest", async (request, reply) => {
      if (token.admits({ authorization: request.headers.authorization })) return;
      await reply.code(401).send(unauthorized().status);
    });
};
