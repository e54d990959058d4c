export type * from "./api-request.js";
export type { RegistryEnvironment } from "./environment.js";
export { LocalClient } from "./local-client.js";
export { Registry, type RegistryOptions } from "./registry.js";
