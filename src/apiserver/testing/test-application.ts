import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { ApiserverModule } from "../apiserver.module.js";
import type { ClusterPort } from "../cluster-port.js";
import { createHttpAdapter } from "../http/http-adapter.js";

/** The API server over any cluster, on a free port when it listens. */
export async function startTestApplication(cluster: ClusterPort): Promise<NestFastifyApplication> {
  const token = Symbol("TestCluster");
  const provider = { provide: token, useValue: cluster };
  @Module({ providers: [provider], exports: [token] })
  class TestClusterModule {}
  const application = await NestFactory.create<NestFastifyApplication>(
    ApiserverModule.on(token, [TestClusterModule]),
    createHttpAdapter(),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest's options are a class by accident
    { bodyParser: false, logger: ["error"] },
  );
  await application.init();
  await application.getHttpAdapter().getInstance().ready();
  return application;
}
