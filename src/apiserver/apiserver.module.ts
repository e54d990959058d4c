import {
  Module,
  type DynamicModule,
  type InjectionToken,
  type ModuleMetadata,
} from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import { RESOURCES } from "../core/api/index.js";
import { CLUSTER_PORT } from "./cluster-port.js";
import { API_GROUPS, apiGroups } from "./discovery/api-groups.js";
import { DiscoveryController } from "./discovery/discovery.controller.js";
import { OpenIdController } from "./discovery/openid.controller.js";
import { HealthController } from "./health/health.controller.js";
import { MetricsController } from "./health/metrics.controller.js";
import { MetricsService } from "./health/metrics.service.js";
import { LogsService } from "./logs/logs.service.js";
import { StatusErrorFilter } from "./http/status-error.filter.js";
import { OpenApiController } from "./openapi/openapi.controller.js";
import { OpenApiService } from "./openapi/openapi.service.js";
import { RemoteCommandService } from "./remotecommand/remote-command.service.js";
import { ResourceRoutes } from "./resources/resource-routes.js";
import { ResourcesController } from "./resources/resources.controller.js";
import { ResourcesService } from "./resources/resources.service.js";
import { WatchService } from "./watch/watch.service.js";

/** The Kubernetes API over HTTP. The application is to be made with `createHttpAdapter` and `{ bodyParser: false }`. */
@Module({})
export class ApiserverModule {
  /** @param cluster the token of what fulfils ClusterPort. @param imports the module that exports it. */
  static on(
    cluster: InjectionToken,
    imports: NonNullable<ModuleMetadata["imports"]>,
  ): DynamicModule {
    return {
      module: ApiserverModule,
      imports,
      controllers: [
        HealthController,
        MetricsController,
        DiscoveryController,
        OpenIdController,
        OpenApiController,
        ResourcesController,
      ],
      providers: [
        { provide: CLUSTER_PORT, useExisting: cluster },
        { provide: ResourceRoutes, useFactory: () => new ResourceRoutes(RESOURCES) },
        { provide: API_GROUPS, useFactory: apiGroups },
        { provide: APP_FILTER, useClass: StatusErrorFilter },
        OpenApiService,
        LogsService,
        RemoteCommandService,
        MetricsService,
        ResourcesService,
        WatchService,
      ],
      exports: [OpenApiService],
    };
  }
}
