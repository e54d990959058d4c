export type * from "./api-request.js";
export { bootstrap } from "./bootstrap.js";
export type { RegistryEnvironment } from "./environment.js";
export { EventTtl } from "./event-ttl.js";
export { LocalClient } from "./local-client.js";
export { Registry, type RegistryOptions } from "./registry.js";
export { asServed } from "./versions.js";
