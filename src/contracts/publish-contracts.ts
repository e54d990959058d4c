import type { INestApplication } from "@nestjs/common";
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from "@nestjs/swagger";
import { OpenApiService } from "../apiserver/index.js";
import { SIM_API_VERSION } from "./sim-api-version.js";

const SIM_PREFIX = "/sim/v1/";

/** Puts the simulator's own API beside Kubernetes' in `/openapi/v3`. The document is made when it is first asked for. */
export function publishContracts(application: INestApplication): void {
  application.get(OpenApiService).register("sim/v1", () => ({ ...simDocument(application) }));
}

/** All that Nest routes below /sim/v1; the rest is described by the resource table. */
export function simDocument(application: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle("Peapod simulator")
    .setDescription("Virtual time, the timeline and the machines of the simulated cluster.")
    .setVersion(SIM_API_VERSION)
    .addBearerAuth({ type: "http", scheme: "bearer" }, "BearerToken")
    .build();
  const document = SwaggerModule.createDocument(application, config);
  const paths = Object.entries(document.paths).filter(([path]) => path.startsWith(SIM_PREFIX));
  return { ...document, paths: Object.fromEntries(paths) };
}
