import { Module, type DynamicModule } from "@nestjs/common";
import { ACCESS_TOKEN, AccessToken } from "./access-token.js";
import { CONFIG, type Config } from "./config.js";

/** Offers the configuration everywhere. */
@Module({})
export class ConfigModule {
  static with(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: ACCESS_TOKEN, useValue: new AccessToken(config.token) },
      ],
      exports: [CONFIG, ACCESS_TOKEN],
    };
  }
}
