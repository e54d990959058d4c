export { ACCESS_TOKEN, AccessToken, type Credentials } from "./access-token.js";
export { CONFIG, type ClockSetting, type Config, type LogLevel } from "./config.js";
export { ConfigError, readConfig } from "./environment.js";
