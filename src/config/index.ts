export { ACCESS_TOKEN, AccessToken } from "./access-token.js";
export { CONFIG, type ClockSetting, type Config } from "./config.js";
export { ConfigModule } from "./config.module.js";
export { isForeignPage, refuseUpgrade } from "./upgrade.js";
export { ConfigError, readConfig } from "./environment.js";
export { createLogger, NestLogger } from "./logger.js";
export { MAX_CLOCK_SPEED, MIN_CLOCK_SPEED } from "./limits.js";
