import { Module, type DynamicModule } from "@nestjs/common";
import { ApiserverModule } from "./apiserver/index.js";
import { ConfigModule, type Config } from "./config/index.js";
import { ContractsModule } from "./contracts/index.js";
import { SimulationModule, SimulationService } from "./simulation/index.js";
import { StreamingModule } from "./streaming/index.js";

/** The composition root: the only file that knows every module. */
@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        SimulationModule,
        StreamingModule,
        ContractsModule,
        ApiserverModule.on(SimulationService, [SimulationModule]),
      ],
    };
  }
}
